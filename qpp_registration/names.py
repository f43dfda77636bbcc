"""Names of people, as every form takes them."""

import unicodedata


def check_name(line: str, label: str) -> str:
    """The name, if it has only what names have: letters of any alphabet and what joins them.

    `label`: what the field is called. Raises ValueError with text fit for the user.
    """
    for character in line:
        if unicodedata.category(character)[0] not in "LM" and character not in " -'’.,":
            raise ValueError(
                f"A {label.lower()} may only contain letters, spaces, hyphens, apostrophes, "
                "periods and commas."
            )
    return line
