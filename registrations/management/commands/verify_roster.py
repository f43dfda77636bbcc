"""Checks a final roster."""

import itertools
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from qpp_registration.clock import show_to_the_second
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.commands import Error
from registrations.enums import Product
from registrations.models import FinalRoster
from registrations.rosters.check import (
    changes_since,
    damaged_files,
    first_difference,
    roster_to_check,
    same_file,
)
from registrations.years.changes import offering_of

NAMED = 20


class Command(OperationsCommand):
    """`manage.py verify_roster YEAR OFFERING [--number N] [FILE.csv]`."""

    help = (
        "Check that the kept files of a final roster are what was made, that FILE is one of them, "
        "and that the database still holds the same. The exit status is 1 where anything differs; "
        "what differs is named by registration ID or line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the roster, and a file to compare with it."""
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("offering", choices=Product.values)
        parser.add_argument("file", type=Path, metavar="FILE.csv", nargs="?")
        parser.add_argument("--number", type=int, help="the last one, unless given")

    def handle(
        self,
        *_args: Any,
        year: int,
        offering: str,
        file: Path | None,
        number: int | None,
        **_options: Any,
    ) -> None:
        """Check everything, and name what differs."""
        roster = roster_to_check(offering_of(year, Product(offering)), number)
        self.stdout.write(f"{roster}, made {show_to_the_second(roster.made_at)}")
        checks = [self._is_whole(roster)]
        if file:
            checks.append(self._is_the_file(roster, file))
        if checks[0]:
            checks.append(self._still_holds(roster))
        if not all(checks):
            raise Error("The roster, the file and the database are not the same.")

    def _is_whole(self, roster: FinalRoster) -> bool:
        damaged = damaged_files(roster)
        for kept in damaged:
            self.stderr.write(f"The kept file {kept.table} was changed: not {kept.sha256}.")
        if not damaged:
            self.stdout.write("  kept as it was made")
        return not damaged

    def _is_the_file(self, roster: FinalRoster, path: Path) -> bool:
        same = same_file(roster, path)
        if same:
            self.stdout.write(f"  {path} is its file {same.table}")
            return True
        self.stderr.write(f"{path} differs from line {first_difference(roster, path):,} on.")
        return False

    def _still_holds(self, roster: FinalRoster) -> bool:
        found = changes_since(roster)
        named = list(itertools.islice(found, NAMED))
        for change, number in named:
            self.stderr.write(f"Registration ID {number}: {change.value} since.")
        more = sum(1 for _ in found)
        if more:
            self.stderr.write(f"… and {more:,} more.")
        if not named:
            self.stdout.write("  the database holds the same")
        return not named
