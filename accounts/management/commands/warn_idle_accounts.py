"""Warns people before an account that they don't use is paused."""

from argparse import ArgumentParser
from typing import Any

from accounts.actors import operations
from accounts.people.idle import warn_idle_accounts
from accounts.policy.account import IDLE_AFTER, IDLE_WARNINGS
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py warn_idle_accounts [--dry-run]`."""

    help = (
        f"Queue mail to people who didn't sign in for {', '.join(map(str, IDLE_WARNINGS))} days; "
        f"after {IDLE_AFTER.days} their password is paused until they set a new one by mail. Run "
        "it every day: nobody gets a warning twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write anything."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Say how many would be warned, write nothing."
        )

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """Queue what is due, and sum up."""
        now = clock.now()
        queued = warn_idle_accounts(actor=operations(), received_at=now, dry_run=dry_run)
        if dry_run:
            self.stdout.write("Dry run, nothing is written. Would be:")
        self.stdout.write(f"{queued:,} warning{'' if queued == 1 else 's'} queued.")
