"""Records that a mail came back."""

import sys
from typing import Any

from django.core.management.base import CommandError

from accounts.messages.bounces import NoBounce, record_bounce
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand

# Exit codes that mail servers know (sysexits.h): don't try again, and try again later.
DATA_ERROR = 65
TRY_AGAIN = 75
MOST = 20_000_000  # bytes: a report may hold the mail that came back


class Command(OperationsCommand):
    """`manage.py record_bounce`, with the mail on standard input, as mail servers pipe it."""

    help = "Mark the message that a delivery status report (RFC 3464, standard input) says failed."

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run, with the exit codes that mail servers know."""
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            error.returncode = DATA_ERROR if isinstance(error.__cause__, NoBounce) else TRY_AGAIN
            raise

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Read the report, mark the message, and say which one."""
        report = sys.stdin.buffer.read(MOST + 1)
        if len(report) > MOST:
            raise NoBounce("The mail is too long for a report.")
        message = record_bounce(report, at=clock.now())
        if message:
            self.stdout.write(f"Message {message.pk} bounced. {message.last_error}")
        else:
            self.stdout.write("Nothing to record: the mail may still arrive, or this is known.")
