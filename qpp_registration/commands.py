"""What all commands of the project share."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from tqdm import tqdm

from qpp_registration import tracing
from qpp_registration.csv_file import Refusals
from qpp_registration.errors import Refused

STOPPED_BY_KEYBOARD = 130  # the exit code that shells give for Ctrl-C


class Error(CommandError):
    """Why a command didn't do what it was asked; printed as `Error: …`, exit code 1."""


class Command(BaseCommand):
    """A command for operations. What services refuse goes to stderr, one reason a line, exit 1."""

    # `migrate` and the server check the project; a load needs no pages.
    requires_system_checks = ()

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run `handle`, so that audit events say where the change came from."""
        before = tracing.source_address.set("command line")
        try:
            return super().execute(*args, **options)
        except Refused as error:
            raise Error(str(error)) from error
        except ValidationError as error:
            raise Error("\n".join(_lines(error))) from error
        except (OperationalError, ProgrammingError) as error:
            reason = str(error).strip()
            raise Error(
                f"The database refused: {reason}\n"
                "Nothing was written. Is it reachable, not busy, and migrated (manage.py migrate)?"
            ) from error
        except KeyboardInterrupt:
            raise Error("Stopped.", returncode=STOPPED_BY_KEYBOARD) from None
        finally:
            tracing.source_address.reset(before)

    @contextmanager
    def reading(self, file: Path) -> Iterator[Callable[[int], object]]:
        """A progress bar over the bytes of a file; none where stderr is not a terminal."""
        size = file.stat().st_size if file.is_file() else None
        with tqdm(
            total=size,
            desc=file.name,
            unit="B",
            unit_scale=True,
            leave=False,
            disable=not self.stderr.isatty(),
        ) as bar:
            yield bar.update

    def report_refusals(self, refusals: Refusals, *, skip: bool) -> None:
        """List refused rows on stderr. Raises Error when there are any, unless they are skipped."""
        if refusals.rows:
            self.stderr.write(str(refusals))
        if refusals.rows and not skip:
            raise Error(
                f"Nothing was written, because of {refusals.rows:,} refused "
                f"row{'' if refusals.rows == 1 else 's'}. "
                "Mend the file, or load the other rows with --skip-refused."
            )


def add_file_arguments(parser: ArgumentParser) -> None:
    """The arguments of commands that load a file."""
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument(
        "--dry-run", action="store_true", help="Check everything and say what would change."
    )
    parser.add_argument(
        "--skip-refused", action="store_true", help="Load the good rows, list the refused ones."
    )


def _lines(error: ValidationError) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for field, messages in error.message_dict.items():
        for message in messages:
            yield message if field == "__all__" else f"{field}: {message}"
