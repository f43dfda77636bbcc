"""How often each part does what it does: little in the suite, as promised with `make faults`."""

import os

FULL = os.environ.get("FAULTS") == "full"


def often(little: int, full: int) -> int:
    """How often: `full` with `make faults`, `little` otherwise."""
    return full if FULL else little
