"""Loads organizations from a directory file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from organizations.directory_rows import COLUMNS
from organizations.load import load_directory
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.commands import add_file_arguments


class Command(OperationsCommand):
    """`manage.py load_organizations FILE.csv --year YEAR [--dry-run] [--skip-refused]`."""

    help = (
        f"Create and change organizations as a UTF-8 CSV file says. Columns: {', '.join(COLUMNS)}. "
        "The last three hold for the year. The whole file is checked before anything is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the year, and what to do with rows that can't be loaded."""
        add_file_arguments(parser)
        parser.add_argument("--year", type=int, required=True, help="The performance year.")

    def handle(
        self, *_args: Any, file: Path, year: int, dry_run: bool, skip_refused: bool, **_options: Any
    ) -> None:
        """Load the file, list what is refused on stderr, and sum up."""
        with self.reading(file) as on_read:
            loaded = load_directory(
                file,
                year=year,
                loaded_by="Operations",
                loaded_at=clock.now(),
                dry_run=dry_run,
                skip_refused=skip_refused,
                on_read=on_read,
            )
        self.report_refusals(loaded.refusals, skip=skip_refused)
        counts = loaded.counts
        self.stdout.write(
            f"{'Dry run, nothing is written. Would be: ' if dry_run else ''}"
            f"{counts.created:,} created, {counts.changed:,} changed, "
            f"{counts.unchanged:,} unchanged, {loaded.refusals.rows:,} refused."
        )
