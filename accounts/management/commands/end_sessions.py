"""Signs people out."""

from argparse import ArgumentParser
from typing import Any

from accounts.actors import operations
from accounts.people.profiles import find_user
from accounts.sessions.live import end_sessions_of
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py end_sessions --user USER_ID | --all [--reason TEXT]`."""

    help = "End all sessions of a person, or everybody's, with their browsers' next request."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose sessions."""
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--user", metavar="USER_ID")
        whose.add_argument("--all", action="store_true", help="Everybody's sessions.")
        parser.add_argument("--reason", default="", help="Kept in the audit.")

    def handle(self, *_args: Any, user: str | None, reason: str, **_options: Any) -> None:
        """End them and say how many."""
        person = find_user(user) if user else None
        number = end_sessions_of(
            users=[person] if person else None, actor=operations(reason), received_at=clock.now()
        )
        whose = f" of {person.user_id}" if person else ""
        self.stdout.write(f"{number:,} session{'' if number == 1 else 's'}{whose} ended.")
