"""What services refuse, in words fit for the person who asked."""

from qpp_registration.errors import Refused
from registrations.policy import Refusal


class RegistrationError(Refused):
    """A change that wasn't made. `str(error)` is for the user."""


class NotAllowed(RegistrationError):
    """The action isn't possible; `refusal` says why in one word."""

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class WindowClosed(NotAllowed):
    """The window isn't open at the time that the request was received."""


class LastContact(RegistrationError):
    """The only complete contact can't be deleted."""


class TooManyContacts(RegistrationError):
    """A registration has no room for another contact."""
