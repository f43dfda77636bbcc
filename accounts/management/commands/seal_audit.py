"""Seals the audit."""

from typing import Any

from tqdm import tqdm

from accounts.seals import sealing
from qpp_registration import clock
from qpp_registration.commands import Command as OperationsCommand


class Command(OperationsCommand):
    """`manage.py seal_audit`."""

    help = "Seal the audit events that aren't sealed yet. Run it often; keep the head it prints."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Seal, and print the head of the chain."""
        with tqdm(
            total=sealing.unsealed_events(),
            desc="sealing",
            unit=" events",
            leave=False,
            disable=not self.stderr.isatty(),
        ) as bar:
            sealed = sealing.seal(at=clock.now(), progress=bar.update)
        if not sealed.head:
            self.stdout.write("There are no audit events yet.")
            return
        self.stdout.write(
            f"Sealed {sealed.events:,} audit event{'' if sealed.events == 1 else 's'}."
        )
        self.stdout.write(f"Head: {sealed.head}")
