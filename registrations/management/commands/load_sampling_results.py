"""Loads what CMS found when it drew the samples."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accounts.actors import cms
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.commands import add_file_arguments
from registrations.enums import Product, SamplingOutcome
from registrations.sampling.file import COLUMNS, SamplingLoaded, load_sampling_results


class Command(OperationsCommand):
    """`manage.py load_sampling_results YEAR FILE.csv [--dry-run] [--skip-refused]`."""

    help = (
        f"Store the sampling results of a UTF-8 CSV file after the close, and tell the contacts. "
        f"Columns: {', '.join(COLUMNS)}; results: {', '.join(SamplingOutcome.values)}. The whole "
        "file is checked before anything is written; loading it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year, the file, and what to do with rows that can't be loaded."""
        parser.add_argument("year", type=int, metavar="YEAR")
        add_file_arguments(parser)

    def handle(
        self, *_args: Any, year: int, file: Path, dry_run: bool, skip_refused: bool, **_options: Any
    ) -> None:
        """Load the file, list what is refused on stderr, and sum up."""
        with self.reading(file) as on_read:
            loaded = load_sampling_results(
                file,
                year=year,
                actor=cms(),
                received_at=clock.now(),
                dry_run=dry_run,
                skip_refused=skip_refused,
                on_read=on_read,
            )
        self.report_refusals(loaded.refusals, skip=skip_refused)
        if dry_run:
            self.stdout.write("Dry run, nothing is written. Would be:")
        for line in _summary(loaded):
            self.stdout.write(line)


def _summary(loaded: SamplingLoaded) -> Iterator[str]:
    for product in Product:
        for what, counts in (("new", loaded.new), ("changed", loaded.changed)):
            found = [
                f"{counts[product, outcome]:,} {outcome}"
                for outcome in SamplingOutcome
                if counts[product, outcome]
            ]
            if found:
                yield f"{product.label}, {what}: {', '.join(found)}."
    yield f"{loaded.unchanged:,} unchanged, {loaded.refusals.rows:,} refused."
    yield f"{loaded.mails:,} mail{'' if loaded.mails == 1 else 's'} queued."
