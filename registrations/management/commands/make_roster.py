"""Makes the final roster of an offering."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from accounts.actors import operations
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.errors import Refused
from registrations.enums import Product, RosterTable
from registrations.models import FinalRoster
from registrations.rosters.final import make_final_roster, take_file
from registrations.rosters.rows import acos_without_registration
from registrations.years.changes import offering_of


class Command(OperationsCommand):
    """`manage.py make_roster YEAR OFFERING [--output FILE.csv] [--reason …]`."""

    help = (
        "Make the final roster of an offering, from one minute after its last close on. While "
        "nothing on it changes, making it again gives the same number. --output writes two files: "
        "one row a registration, and beside it, with -contacts in its name, one row a contact."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the offering, and where the files go."""
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("offering", choices=Product.values)
        parser.add_argument("--output", type=Path, metavar="FILE.csv")
        parser.add_argument("--reason", default="Final roster", help="for the audit")

    def handle(
        self,
        *_args: Any,
        year: int,
        offering: str,
        output: Path | None,
        reason: str,
        **_options: Any,
    ) -> None:
        """Make it, write its files, and sum up."""
        chosen, actor = offering_of(year, Product(offering)), operations(reason)
        forgotten = acos_without_registration(chosen)
        if forgotten:
            self.stderr.write(
                f"{forgotten:,} Shared Savings Program ACOs have no registration and are not on "
                "the roster: auto_register would have registered them."
            )
        roster = make_final_roster(offering_id=chosen.pk, actor=actor, received_at=clock.now())
        self.stdout.write(f"{roster}, made {clock.show_to_the_second(roster.made_at)}")
        for file in roster.files.order_by("-table"):
            self.stdout.write(f"  {file.table}: {file.rows:,} rows, SHA-256 {file.sha256}")
        if roster.number > 1:
            self.stdout.write(
                f"  registration IDs against number {roster.number - 1}: {roster.added:,} added, "
                f"{roster.removed:,} removed, {roster.changed:,} changed"
            )
        if output:
            contacts = output.with_name(f"{output.stem}-contacts{output.suffix}")
            for table, path in (
                (RosterTable.REGISTRATIONS, output),
                (RosterTable.CONTACTS, contacts),
            ):
                self._write(roster, table, path, reason)

    def _write(self, roster: FinalRoster, table: RosterTable, path: Path, reason: str) -> None:
        try:
            with path.open("xb") as file:
                export = take_file(roster=roster, table=table, actor=operations(reason))
                for piece in export.content:
                    file.write(piece if isinstance(piece, bytes) else piece.encode())
        except FileExistsError:
            raise Refused(f"{path} exists already.") from None
        except OSError as error:
            raise Refused(f"{path} can't be written: {error.strerror}.") from None
        self.stdout.write(f"  {path}")
