"""The staff site's pages about registrations, organizations and years."""

from registrations.admin.organizations import OrganizationAdmin
from registrations.admin.registrations import EnrollmentAdmin
from registrations.admin.years import OfferingAdmin, PerformanceYearAdmin

__all__ = ["EnrollmentAdmin", "OfferingAdmin", "OrganizationAdmin", "PerformanceYearAdmin"]
