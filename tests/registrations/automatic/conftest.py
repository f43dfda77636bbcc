"""2022 in its window, and files of those who submitted the year before."""

from pathlib import Path
from typing import Any

import pytest

from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import explicit_year


@pytest.fixture
def year(june_2022: Any) -> dict[Product, Offering]:
    """2022, in its window."""
    return explicit_year()


@pytest.fixture
def submitters(tmp_path: Path):
    """A file with these lines below the header, as the option of the command."""

    def write(*lines: object, header: str = "kind,identifier") -> str:
        rows = [
            f"{line.kind},{line.identifier}" if isinstance(line, Organization) else line
            for line in lines
        ]
        file = tmp_path / "submitters.csv"
        file.write_text("\n".join([header, *map(str, rows), ""]))
        return f"--prior-submitters={file}"

    return write
