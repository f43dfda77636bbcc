"""Removes what has expired."""

from argparse import ArgumentParser
from typing import Any

from accounts import purge
from accounts.actors import operations
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py purge_expired [--dry-run]`."""

    help = "Remove expired codes and sessions, and texts of mails with a link. Run it every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the rehearsal."""
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """Remove, or count."""
        at = clock.now()
        counts = purge.expired(at=at) if dry_run else purge.purge(actor=operations(), at=at)
        for label, number in counts.items():
            self.stdout.write(f"{'Would remove' if dry_run else 'Removed'} {number:,} {label}.")
