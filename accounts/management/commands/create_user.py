"""Creates a person's account."""

from argparse import ArgumentParser
from typing import Any

from accounts.actors import operations
from accounts.people.profiles import create_person
from accounts.policy.rights import StaffGroup
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py create_user USER_ID EMAIL --first-name … --last-name … [--staff-group GROUP]`."""

    help = "Create an account. The person gets a mail with a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who the person is."""
        parser.add_argument("user_id", metavar="USER_ID")
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument(
            "--staff-group",
            type=StaffGroup,
            choices=list(StaffGroup),
            metavar="GROUP",
            help=f"For CMS staff, what they may do: {', '.join(StaffGroup.values)}.",
        )

    def handle(
        self,
        *_args: Any,
        user_id: str,
        email: str,
        first_name: str,
        last_name: str,
        staff_group: StaffGroup | None,
        **_options: Any,
    ) -> None:
        """Create the account and queue the mail."""
        user = create_person(
            user_id=user_id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            staff_group=staff_group,
            actor=operations(),
            received_at=clock.now(),
        )
        self.stdout.write(
            f"Created {user.user_id} for {user.full_name}. "
            f"A link to set a password is on its way to {user.email}."
        )
