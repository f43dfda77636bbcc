"""The access table: a row for each URL of the site."""

from tests.access.rows_accounts import ACCOUNTS
from tests.access.rows_registrations import REGISTRATIONS

TABLE = {**REGISTRATIONS, **ACCOUNTS}
