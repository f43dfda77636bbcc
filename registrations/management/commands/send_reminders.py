"""Reminds Security Officials of incomplete registrations."""

from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from accounts.actors import operations
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from registrations.mails.reminders import Reminded, people_to_look_at, queue_reminders
from registrations.policy.registration import REMINDERS


class Command(OperationsCommand):
    """`manage.py send_reminders [--dry-run]`."""

    help = (
        f"Queue mail to the Security Officials of incomplete registrations, "
        f"{', '.join(map(str, REMINDERS))} days before the close; send_messages sends it. Run it "
        "every hour: nobody gets a reminder twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write anything."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Say who would be reminded, write nothing."
        )

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """Queue what is due, and sum up each offering."""
        now = clock.now()
        shows_progress = self.stderr.isatty()
        with tqdm(
            total=people_to_look_at(now) if shows_progress else None,
            desc="people",
            leave=False,
            disable=not shows_progress,
        ) as bar:
            results = queue_reminders(
                actor=operations(), received_at=now, dry_run=dry_run, on_people=bar.update
            )
        if dry_run:
            self.stdout.write("Dry run, nothing is written. Would be:")
        for result in results:
            self.stdout.write(f"{result.offering}: {_summary(result)}")
        if not results:
            self.stdout.write("Nothing is open that reminds.")


def _summary(result: Reminded) -> str:
    steps = [
        f"{days} day{'' if days == 1 else 's'} before the close: {result.queued[days]:,}"
        for days in REMINDERS
        if result.queued[days]
    ]
    queued = result.queued.total()
    parts = [f"{queued:,} reminder{'' if queued == 1 else 's'} queued"]
    if steps:
        parts[0] += f" ({', '.join(steps)})"
    if result.before:
        parts.append(f"{result.before:,} reminded by an earlier run")
    if result.busy:
        parts.append(f"{result.busy:,} at work within the last hour, reminded later")
    return f"{'; '.join(parts)}."
