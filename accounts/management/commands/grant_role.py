"""Grants one role on one organization."""

from argparse import ArgumentParser
from typing import Any

from accounts.actors import operations
from accounts.enums import RoleName
from accounts.people.profiles import find_user
from accounts.roles.granting import find_organization, grant_role
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py grant_role USER_ID KIND:IDENTIFIER security_official|staff_user`."""

    help = "Give a person a role on an organization, instead of another one they have there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person, the organization, the role."""
        parser.add_argument("user_id", metavar="USER_ID")
        parser.add_argument(
            "organization", metavar="KIND:IDENTIFIER", help="For example group:00-0765630."
        )
        parser.add_argument("role", choices=RoleName.values)

    def handle(
        self, *_args: Any, user_id: str, organization: str, role: str, **_options: Any
    ) -> None:
        """Grant the role and say what changed."""
        user, found = find_user(user_id), find_organization(organization)
        grant = grant_role(
            user=user,
            organization=found,
            name=RoleName(role),
            actor=operations(),
            received_at=clock.now(),
        )
        where = f"{found.name} ({found.shown_identifier})"
        if not grant.changed:
            self.stdout.write(f"{user.user_id} already is {grant.after.label} of {where}.")
            return
        instead = f", instead of {grant.before.label}" if grant.before else ""
        self.stdout.write(f"{user.user_id} is now {grant.after.label} of {where}{instead}.")
        if grant.leaves_no_official:
            self.stderr.write(f"Take care: {where} has no Security Official any more.")
