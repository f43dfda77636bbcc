"""The demonstration's organizations, loaded through the same door as real ones."""

import hashlib
from datetime import datetime
from pathlib import Path

from organizations.load import load_directory
from organizations.models import DirectoryImport
from qpp_registration.errors import Refused
from registrations.demonstration.years import CLOSED_YEAR, YEARS

FILE = Path(__file__).with_name("organizations.csv")


def load_organizations(now: datetime) -> None:
    """Load the file for each year, once: what somebody changed afterwards stays."""
    sha256 = hashlib.sha256(FILE.read_bytes()).hexdigest()
    loaded = set(
        DirectoryImport.objects.filter(sha256=sha256).values_list("performance_year", flat=True)
    )
    for year in (CLOSED_YEAR, *YEARS):
        if year in loaded:
            continue
        result = load_directory(FILE, year=year, loaded_by="Demonstration", loaded_at=now)
        if not result.written:
            raise Refused(str(result.refusals))
