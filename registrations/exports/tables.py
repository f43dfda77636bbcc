"""The tables of registrations and of organizations that staff takes away.

Who has the right to export sees e-mails and phones, so that no column needs a right of its own.
"""

from accounts.exports.files import Table
from registrations.enums import RosterTable
from registrations.exports import contents
from registrations.exports.directory import ORGANIZATION_COLUMNS, organization_rows

REGISTRATIONS = Table(
    name=RosterTable.REGISTRATIONS,
    schema_version=contents.SCHEMA_VERSION,
    columns=contents.REGISTRATION_COLUMNS,
    rows=lambda found: contents.registration_rows(contents.read(found)),
)
CONTACTS = Table(
    name=RosterTable.CONTACTS,
    schema_version=contents.SCHEMA_VERSION,
    columns=contents.CONTACT_COLUMNS,
    rows=lambda found: contents.contact_rows(contents.read(found)),
)
ORGANIZATIONS = Table(
    name="organizations",
    schema_version=contents.SCHEMA_VERSION,
    columns=ORGANIZATION_COLUMNS,
    rows=organization_rows,
)
