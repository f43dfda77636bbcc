"""States and ZIP codes as the postal service writes them."""

import re

from localflavor.us.us_states import ARMED_FORCES_STATES, US_STATES, US_TERRITORIES

STATE_GROUPS = [
    ("States", list(US_STATES)),
    ("Territories", list(US_TERRITORIES)),
    ("Military addresses", list(ARMED_FORCES_STATES)),
]
STATES = frozenset(code for _, states in STATE_GROUPS for code, _ in states)
ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")


def parse_state(text: str) -> str:
    """The two letters of a state, DC, a territory or a military address; empty for nothing.

    Raises ValueError with text fit for the user.
    """
    code = text.strip().upper()
    if code and code not in STATES:
        raise ValueError("Give the state as its two letters, like MD.")
    return code


def parse_zip(text: str) -> str:
    """A ZIP code of five or nine digits; empty for nothing.

    Raises ValueError with text fit for the user.
    """
    code = text.strip()
    if code and not ZIP.fullmatch(code):
        raise ValueError("Give the ZIP code as 12345 or 12345-6789, with its leading zeros.")
    return code
