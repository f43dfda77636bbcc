"""What services refuse, in words fit for the person who asked."""

from collections.abc import Sequence

from qpp_registration.errors import Refused
from registrations.enums import Missing, Product
from registrations.policy.registration import Refusal


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


class Incomplete(RegistrationError):
    """Something is missing that registering needs; `missing` names it in the page's order."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(f"Missing: {', '.join(item.label for item in missing)}.")
        self.missing = list(missing)


class ChangedMeanwhile(RegistrationError):
    """Somebody else changed what the person decided on."""


class CancelsRegistrations(RegistrationError):
    """The new size ends registrations of which the person wasn't told (2022 guide, V)."""

    def __init__(self, products: Sequence[Product]) -> None:
        names = " and ".join(product.label for product in products)
        super().__init__(f"This size cancels the registration for the {names}.")
        self.products = list(products)
