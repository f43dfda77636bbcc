"""The figures of a run: printed, and kept for the table of `make faults`."""

import json
import os
from pathlib import Path

from django.db import connection


def tell(part: str, **figures: int | float | str) -> None:
    """One line of the table: what was done how often, and what came of it."""
    line = {"database": connection.vendor, "part": part, **figures}
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
    print(f"\n{connection.vendor}: {part}: {said}")
    if file := os.environ.get("FAULTS_FIGURES"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps(line) + "\n")
