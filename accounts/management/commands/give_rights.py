"""Gives or takes a person's staff rights."""

from argparse import ArgumentParser
from typing import Any

from accounts.actors import operations
from accounts.people.profiles import find_user
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import give_rights
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand

NONE = "none"


class Command(OperationsCommand):
    """`manage.py give_rights USER_ID GROUP --reason …`."""

    help = (
        "Give a person the rights of a group of CMS staff, or take all staff rights away. The "
        "person is signed out. This is how the first Administrator comes to be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who, what, and why."""
        parser.add_argument("user_id", metavar="USER_ID")
        parser.add_argument("group", choices=[*StaffGroup.values, NONE])
        parser.add_argument("--reason", required=True)

    def handle(self, *_args: Any, user_id: str, group: str, reason: str, **_options: Any) -> None:
        """Change the rights."""
        user = find_user(user_id)
        chosen = None if group == NONE else StaffGroup(group)
        give_rights(user=user, group=chosen, actor=operations(reason), received_at=clock.now())
        self.stdout.write(
            f"{user.full_name} ({user.user_id}): {chosen.label if chosen else 'no staff rights'}."
        )
