"""Moves a registration window."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from accounts.actors import operations
from qpp_registration import clock
from qpp_registration.clock import from_eastern_wall_time, show_day_and_time
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.errors import Refused
from registrations.enums import Product
from registrations.years.changes import change_window


class Command(OperationsCommand):
    """`manage.py change_window YEAR OFFERING [--opens …] [--closes …] --reason …`."""

    help = (
        "Move the opening, the close, or both, of what can be registered in a year. Times are "
        'Eastern wall time, like "2023-06-30 20:00".'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the offering, the new times, and why."""
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("offering", choices=Product.values)
        parser.add_argument("--opens")
        parser.add_argument("--closes")
        parser.add_argument("--reason", required=True)

    def handle(
        self,
        *_args: Any,
        year: int,
        offering: str,
        opens: str | None,
        closes: str | None,
        reason: str,
        **_options: Any,
    ) -> None:
        """Move the window and show it before and after."""
        if opens is None and closes is None:
            raise Refused("Give --opens, --closes, or both.")
        product = Product(offering)
        change = change_window(
            year=year,
            product=product,
            opens_at=_time("--opens", opens),
            closes_at=_time("--closes", closes),
            actor=operations(reason),
            received_at=clock.now(),
        )
        self.stdout.write(f"{product.label} {year}")
        self.stdout.write(f"  before: {_shown(change.opened_at, change.closed_at)}")
        after = _shown(change.opens_at, change.closes_at) if change.changed else "the same"
        self.stdout.write(f"  after:  {after}")


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return from_eastern_wall_time(text)
    except ValueError as error:
        raise Refused(f"{option}: {error}") from None


def _shown(opens_at: datetime, closes_at: datetime) -> str:
    return f"opens {show_day_and_time(opens_at)}, closes {show_day_and_time(closes_at)}"
