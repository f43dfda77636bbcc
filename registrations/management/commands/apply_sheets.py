"""Applies confirmed registration sheets."""

import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from qpp_registration import clock
from registrations.enums import RowState
from registrations.sheets import apply, check

BETWEEN_PURGES = 3_600  # seconds
PAUSE = 1  # seconds between two looks when there is nothing to apply


class Command(BaseCommand):
    """Once, for a scheduler, or in a loop that ends after the current row on SIGTERM."""

    help = "Apply the registration sheets that people confirmed; forget old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of two ways to run."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--once", action="store_true", help="apply what is confirmed, then end (default)"
        )
        group.add_argument("--loop", action="store_true", help="go on until told to stop")

    def handle(self, *, loop: bool, **options: Any) -> None:
        """Apply until no confirmed row is left; in the loop, wait and look again."""
        self.stopping = threading.Event()
        check.purge(at=clock.now())
        forgotten_at = time.monotonic()
        if not loop:
            self._apply_what_is_confirmed()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.stdout.write("Applying registration sheets as they are confirmed.")
        self.stdout.flush()
        while not self.stopping.is_set():
            try:
                self._apply_what_is_confirmed()
                if time.monotonic() - forgotten_at > BETWEEN_PURGES:
                    check.purge(at=clock.now())
                    forgotten_at = time.monotonic()
            except OperationalError as error:
                # The database is away for a moment: the next look makes a new connection.
                self.stderr.write(f"{type(error).__name__}: the database doesn't answer.")
            close_old_connections()
            self.stopping.wait(PAUSE)

    def _apply_what_is_confirmed(self) -> None:
        results: list[RowState | None] = []
        while not self.stopping.is_set() and (upload := apply.claim(at=clock.now())):
            for row in apply.next_rows(upload):
                if self.stopping.is_set():
                    break
                results.append(apply.apply_row(upload, row))
            apply.release(upload, at=clock.now())
        if results:
            applied = results.count(RowState.APPLIED)
            self.stdout.write(f"Rows: {applied} applied, {len(results) - applied} not applied.")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()
