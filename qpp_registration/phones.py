"""Phone numbers in the North American shape: ten digits, stored as such."""

import phonenumbers

EXAMPLE = "(202) 555-0123"


def parse_phone(text: str) -> str:
    """The ten digits of a phone number typed in any usual way.

    Raises ValueError with text fit for the user when it isn't a number of the North American plan.
    """
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        number = None
    if (
        number is None
        or number.country_code != 1
        or number.extension
        or not phonenumbers.is_valid_number(number)
    ):
        raise ValueError(f"Enter a 10-digit phone number, like {EXAMPLE}.")
    return str(number.national_number)


def show_phone(digits: str) -> str:
    """Ten digits as people read them: `(202) 555-0123`. Anything else is left as it is."""
    if len(digits) != 10:
        return digits
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
