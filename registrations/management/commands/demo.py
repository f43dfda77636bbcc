"""Loads the demonstration and prints whom to sign in as."""

from argparse import ArgumentParser
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings

from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.errors import Refused
from registrations.demonstration import passwords
from registrations.demonstration.directory import load_organizations
from registrations.demonstration.explicit_registrations import load_explicit_registrations
from registrations.demonstration.people import PEOPLE, load_people, require_good_password
from registrations.demonstration.registrations import load_registrations
from registrations.demonstration.role_requests import load_role_requests
from registrations.demonstration.years import load_years


class Command(OperationsCommand):
    """`manage.py demo [--password PASSWORD]`."""

    help = (
        "Load invented organizations, people and registrations, open the windows for 30 days, and "
        "print whom to sign in as. What is there already stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a password for everybody."""
        parser.add_argument("--password", help="Set everybody's password to this one.")

    def handle(self, *_args: Any, password: str | None, **_options: Any) -> None:
        """Load what isn't there, and print the table."""
        if not settings.DEMONSTRATION:
            raise Refused("This is no demonstration: the setting DEMONSTRATION is off.")
        user_ids = [person.user_id for person in PEOPLE]
        kept = passwords.read(settings.VAR_DIR)
        if password is not None:
            require_good_password(password)
            chosen, given = dict.fromkeys(user_ids, password), set(user_ids)
        else:
            chosen, given = passwords.complete(kept, user_ids), set(user_ids) - set(kept)
        now = clock.now()
        load_years(now)
        load_organizations(now)
        other_passwords = load_people(chosen, given=given, now=now)
        if chosen != kept:
            passwords.keep(settings.VAR_DIR, chosen)
        load_registrations(now)
        load_explicit_registrations(now)
        load_role_requests(now)
        self._print_people(chosen, other_passwords)

    def _print_people(self, chosen: Mapping[str, str], other_passwords: Collection[str]) -> None:
        rows = [("Person", "User ID", "Password", "What for")]
        for person in PEOPLE:
            password = chosen[person.user_id]
            if person.user_id in other_passwords:
                password = "(their own)"  # noqa: S105 - what is printed instead
            rows.append((person.full_name, person.user_id, password, person.what_for))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        self.stdout.write(f"\nThe demonstration: {settings.SITE_URL}/\n\n")
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {'  '.join(cells).rstrip()}")
        if other_passwords:
            self.stdout.write("\n(their own): set by the person; demo --password … sets it anew.")
        self.stdout.write(
            "\nOne-time codes and mail appear in this terminal and in "
            f"{settings.VAR_DIR / 'messages.jsonl'}.\n"
        )
