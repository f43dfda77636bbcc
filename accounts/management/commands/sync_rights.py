"""Makes the groups of staff rights what the code says."""

from typing import Any

from accounts.actors import operations
from accounts.staff.rights import sync_groups
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py sync_rights`."""

    help = (
        "Make the groups of CMS staff and their rights what this version of the site says. Run it "
        "after each update; when nothing differs, nothing is written."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Set the rights, and say what was different."""
        changes = sync_groups(actor=operations())
        self.stdout.write("\n".join(changes) or "All groups have the rights that they should have.")
