"""Runs of `load_organizations`, and rows of a directory file."""

import io
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from organizations.models import Organization, Participation

HEADER = (
    "kind,identifier,name,address1,address2,city,state,zip,size,shared_savings_program,approved"
)
GROUP = "group,00-0765630,Better Business Health,123 Better Health Way,,Baltimore,MD,21239,25-99,,"
VIRTUAL_GROUP = "virtual_group,vg-001,Tidewater Virtual Group,,,,,,,no,yes"
ACO = "apm_entity,A9901,Chesapeake ACO,1 Bay Street,Floor 2,Baltimore,MD,21202-1234,,YES,0"


class Run:
    """A run of the command with what it printed."""

    error: Any

    def __init__(self, file: Path, *options: str, year: int = 2023):
        self.out, self.err, self.error = io.StringIO(), io.StringIO(), None
        try:
            call_command(
                "load_organizations",
                str(file),
                f"--year={year}",
                *options,
                stdout=self.out,
                stderr=self.err,
            )
        except CommandError as error:
            self.error = error

    @property
    def summary(self) -> str:
        return self.out.getvalue().strip()

    @property
    def refusals(self) -> list[str]:
        return self.err.getvalue().splitlines()


def rows() -> list[tuple]:
    """Everything of the directory that a load may write."""
    return [
        *Organization.objects.order_by("kind", "identifier").values_list(),
        *Participation.objects.order_by("id").values_list(),
    ]
