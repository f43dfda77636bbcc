"""The root of what services refuse."""


class Refused(Exception):
    """A change that wasn't made. `str(error)` is for the person who asked; one reason a line."""
