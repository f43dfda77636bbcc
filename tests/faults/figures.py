"""The figures of a run, for `make faults`, which prints them."""

import json
import os
from pathlib import Path

from django.db import connection


def tell(part: str, **figures: int | float | str) -> None:
    """One line of the table: what was done how often, and what came of it."""
    line = {"database": connection.vendor, "part": part, **figures}
    if file := os.environ.get("FAULTS_FIGURES"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps(line) + "\n")
