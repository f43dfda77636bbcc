"""Sends the messages that are due."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from accounts.enums import MessageStatus
from accounts.messages import delivery
from accounts.roles.notices import tell_what_waits
from qpp_registration import clock
from registrations.mails.notices import compose_due
from registrations.years.window_moves import compose_moves

PAUSE = 2  # seconds between two looks into an empty outbox
COMPOSE_EVERY = 20  # messages, so that a full outbox doesn't hold up what is to be composed


class Command(BaseCommand):
    """Once, for a scheduler, or in a loop that ends after the current message on SIGTERM.

    First the notices of changes whose ten minutes are over become messages (2022 guide, V), moved
    windows, and what was asked about roles; that is why the command is here and not beside the
    outbox.
    """

    help = "Send the messages of the outbox that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of two ways to run."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--once", action="store_true", help="send what is due, then end (default)"
        )
        group.add_argument("--loop", action="store_true", help="go on until told to stop")

    def handle(self, *, loop: bool, **options: Any) -> None:
        """Send until the outbox has nothing due; in the loop, wait and look again."""
        self.stopping = threading.Event()
        if not loop:
            self._send_what_is_due()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.stdout.write("Sending messages as they come due.")
        self.stdout.flush()
        while not self.stopping.is_set():
            try:
                sent_any = self._send_what_is_due()
            except OperationalError as error:
                # The database is away for a moment: the next look makes a new connection.
                self.stderr.write(f"{type(error).__name__}: the database doesn't answer.")
                sent_any = False
            close_old_connections()
            if not sent_any:
                self.stopping.wait(PAUSE)

    def _send_what_is_due(self) -> bool:
        results: list[MessageStatus] = []
        while not self.stopping.is_set():
            if len(results) % COMPOSE_EVERY == 0:
                self._compose()
            message = delivery.claim(at=clock.now())
            if message is None:
                if not self._compose():
                    break
                continue
            results.append(delivery.deliver(message, at=clock.now()))
        if results:
            sent = results.count(MessageStatus.SENT)
            self.stdout.write(f"{sent} sent, {len(results) - sent} not sent.")
        return bool(results)

    def _compose(self) -> int:
        """Make the mails of what happened; gives of how much."""
        at = clock.now()
        return compose_due(at=at) + compose_moves(at=at) + tell_what_waits(at=at)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()
