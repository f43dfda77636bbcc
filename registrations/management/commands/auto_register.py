"""Registers organizations automatically."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from tqdm import tqdm

from accounts.actors import cms
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from registrations.automatic.prior_submitters import COLUMNS, read_prior_submitters
from registrations.automatic.register import (
    AutomaticResult,
    acos_to_look_at,
    register_automatically,
)
from registrations.enums import Product
from registrations.policy.registration import Refusal

# In the order of the summary.
PASSED = {
    Refusal.IS_REGISTERED: "registered before",
    Refusal.WAS_ENDED: "ended by an official",
    Refusal.TOO_SMALL: "too small",
    Refusal.NOT_APPROVED: "not approved",
    Refusal.CLOSED: "closed",
}


class Command(OperationsCommand):
    """`manage.py auto_register YEAR [--prior-submitters FILE.csv] [--dry-run]`."""

    help = (
        "Register the Shared Savings Program ACOs of a year for what the year says and, with a "
        "file, groups and virtual groups that submitted through the CMS Web Interface the year "
        f"before (columns: {', '.join(COLUMNS)}). Run it before or while registration is open, as "
        "often as you like: what exists, and what an official ended, is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year, the file, and whether to write."""
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--prior-submitters", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be registered, write nothing."
        )
        parser.add_argument(
            "--skip-refused",
            action="store_true",
            help="Register those of the good rows, list the refused ones.",
        )

    def handle(
        self,
        *_args: Any,
        year: int,
        prior_submitters: Path | None,
        dry_run: bool,
        skip_refused: bool,
        **_options: Any,
    ) -> None:
        """Check the whole file, register, and sum up each offering."""
        submitters = self._read(prior_submitters, skip=skip_refused)
        shows_progress = self.stderr.isatty()
        with tqdm(
            total=acos_to_look_at(year) + len(submitters) if shows_progress else None,
            desc="organizations",
            leave=False,
            disable=not shows_progress,
        ) as bar:
            result = register_automatically(
                year=year,
                prior_submitters=submitters,
                actor=cms(),
                received_at=clock.now(),
                dry_run=dry_run,
                on_organizations=bar.update,
            )
        self._report(result, dry_run=dry_run)

    def _read(self, file: Path | None, *, skip: bool) -> Sequence[UUID]:
        if file is None:
            return []
        with self.reading(file) as on_read:
            found = read_prior_submitters(file, on_read=on_read)
        self.report_refusals(found.refusals, skip=skip)
        return found.organizations

    def _report(self, result: AutomaticResult, *, dry_run: bool) -> None:
        for product, why, organization in result.named:
            self.stderr.write(f"{organization}: {PASSED[why]}, {product.label}.")
        if dry_run:
            self.stdout.write("Dry run, nothing is written. Would be:")
        for offering in result.offerings:
            product = Product(offering.product)
            parts = [f"{result.registered[product]:,} registered automatically"]
            for why, words in PASSED.items():
                if result.passed[product, why]:
                    parts.append(f"{result.passed[product, why]:,} {words}")
            self.stdout.write(f"{offering}: {', '.join(parts)}.")
        self.stdout.write(f"{result.mails:,} mail{'' if result.mails == 1 else 's'} queued.")
