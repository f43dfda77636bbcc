"""Checks the audit against its seals."""

from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from accounts.models import AuditEvent
from accounts.seals.checking import Checked, check
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.commands import Error

NAMED = 100  # problems that are told one by one


class Command(OperationsCommand):
    """`manage.py verify_audit [--head HASH]`. Exit code 1 when something isn't as it was sealed."""

    help = "Find audit events and seals that were changed, removed or inserted after sealing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the head of an earlier seal."""
        parser.add_argument(
            "--head",
            default="",
            metavar="HASH",
            help="The head that seal_audit printed earlier: shows that no seal was removed since.",
        )

    def handle(self, *_args: Any, head: str, **_options: Any) -> None:
        """Check, name what is wrong, and say what isn't sealed yet."""
        told: list[str] = []

        def report(text: str) -> None:
            told.append(text) if len(told) < NAMED else None

        with tqdm(
            total=AuditEvent.objects.count(),
            desc="verifying",
            unit=" events",
            leave=False,
            disable=not self.stderr.isatty(),
        ) as bar:
            checked = check(report=report, head=head.strip().lower(), progress=bar.update)
        for text in told:
            self.stderr.write(text)
        if checked.problems > NAMED:
            self.stderr.write(f"… and {checked.problems - NAMED:,} more.")
        self._say(checked)
        if checked.problems:
            raise Error(
                f"The audit isn't as it was sealed: {checked.problems:,} "
                f"problem{'' if checked.problems == 1 else 's'}."
            )

    def _say(self, checked: Checked) -> None:
        self.stdout.write(f"{checked.events:,} sealed events in {checked.seals:,} seals checked.")
        if checked.since:
            self.stdout.write(
                f"Not sealed yet: {checked.unsealed:,}, the oldest of "
                f"{checked.since:%Y-%m-%d %H:%M:%S} UTC. Nothing shows a change of these."
            )
        if checked.head:
            self.stdout.write(f"Head: {checked.head}")
