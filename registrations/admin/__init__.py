"""The staff site's pages about registrations, organizations and years, messages and the audit."""

from registrations.admin import board, callers
from registrations.admin.audit import AuditEventAdmin
from registrations.admin.begun import RegistrationAdmin
from registrations.admin.files import DirectoryImportAdmin, SheetUploadAdmin
from registrations.admin.messages import MessageAdmin
from registrations.admin.organizations import OrganizationAdmin
from registrations.admin.registrations import EnrollmentAdmin
from registrations.admin.rosters import FinalRosterAdmin
from registrations.admin.windows import SamplingResultAdmin, WindowExtensionAdmin
from registrations.admin.years import OfferingAdmin, PerformanceYearAdmin

__all__ = [
    "AuditEventAdmin",
    "DirectoryImportAdmin",
    "EnrollmentAdmin",
    "FinalRosterAdmin",
    "MessageAdmin",
    "OfferingAdmin",
    "OrganizationAdmin",
    "PerformanceYearAdmin",
    "RegistrationAdmin",
    "SamplingResultAdmin",
    "SheetUploadAdmin",
    "WindowExtensionAdmin",
    "board",
    "callers",
]
