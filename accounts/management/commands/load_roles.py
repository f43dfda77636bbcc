"""Grants roles from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from accounts.actors import operations
from accounts.roles.file import COLUMNS, load_roles
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.commands import add_file_arguments


class Command(OperationsCommand):
    """`manage.py load_roles FILE.csv [--dry-run] [--skip-refused]`."""

    help = (
        f"Grant roles as a UTF-8 CSV file says. Columns: {', '.join(COLUMNS)}. Roles that it "
        "doesn't mention stay. The whole file is checked before anything is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what to do with rows that can't be loaded."""
        add_file_arguments(parser)

    def handle(
        self, *_args: Any, file: Path, dry_run: bool, skip_refused: bool, **_options: Any
    ) -> None:
        """Load the file, list what is refused on stderr, and sum up."""
        with self.reading(file) as on_read:
            loaded = load_roles(
                file,
                actor=operations(),
                received_at=clock.now(),
                dry_run=dry_run,
                skip_refused=skip_refused,
                on_read=on_read,
            )
        self.report_refusals(loaded.refusals, skip=skip_refused)
        for name in loaded.without_official:
            self.stderr.write(f"Take care: {name} has no Security Official any more.")
        self.stdout.write(
            f"{'Dry run, nothing is written. Would be: ' if dry_run else ''}"
            f"{loaded.granted:,} granted, {loaded.changed:,} changed, "
            f"{loaded.unchanged:,} unchanged, {loaded.refusals.rows:,} refused."
        )
