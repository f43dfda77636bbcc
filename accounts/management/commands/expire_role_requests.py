"""Ends role requests that nobody decided, and reminds those who decide."""

from typing import Any

from tqdm import tqdm

from accounts.actors import operations
from accounts.roles.decisions import expire_and_chase
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py expire_role_requests`, once a day. As often as you like: nothing is done twice."""

    help = (
        "End role requests that nobody decided in 30 days, and remind of those that have waited "
        "for three business days."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Sweep and sum up."""
        with tqdm(desc="Requests", unit="", leave=False, disable=not self.stderr.isatty()) as bar:
            swept = expire_and_chase(
                actor=operations(), received_at=clock.now(), on_request=bar.update
            )
        self.stdout.write(
            f"{swept.expired:,} expired, {swept.chased:,} reminded. {swept.pending:,} pending, "
            f"{swept.unmatched:,} of them for an identifier that nobody has."
        )
