"""What the mail says that tells of an automatic registration (2022 guide, I and V)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qpp_registration.clock import show_day_and_time
from registrations.enums import Missing, Product
from registrations.words.letters import QUESTIONS, Letter

SHARED_SAVINGS = (
    "It is a Shared Savings Program ACO, and those are registered automatically because they are "
    "required to report the APM Performance Pathway (APP)."
)
SUBMITTED_BEFORE = (
    "It submitted quality data through the CMS Web Interface for the {year} performance period."
)
LINES = {
    Product.WEB_INTERFACE: (
        "CMS Web Interface: it doesn’t have to report quality data through it. If it won’t, "
        "please cancel the registration by {close}."
    ),
    Product.CAHPS: (
        "CAHPS for MIPS Survey: it is a required measure of the APP, so this registration can’t "
        "be cancelled. A CMS-approved vendor has to be hired to administer the survey."
    ),
}
CARRIED = (
    "Size, name, address and contacts were taken over from the {year} registration. Please check "
    "that they are still right."
)


@dataclass(frozen=True, kw_only=True)
class AutomaticRegistration:
    """What was registered automatically. The organization's TIN stays out of mail.

    `closes`: when the window of each product closes for the organization. `carried_from`: the year
    whose details were taken over; None for none. `missing`: what its officials are still to give.
    """

    organization: str
    number: int
    year: int
    closes: Mapping[Product, datetime]
    shared_savings: bool
    carried_from: int | None
    missing: Sequence[Missing]
    link: str

    @property
    def close(self) -> str:
        """Until when something can be changed."""
        return show_day_and_time(max(self.closes.values()))


def automatically_registered(told: AutomaticRegistration, *, to_official: bool) -> Letter:
    """The letter to a Security Official of the organization, or to one of its contacts."""
    what = "confirm or cancel it" if Product.WEB_INTERFACE in told.closes else "confirm it"
    products = " and the ".join(product.label for product in told.closes)
    before = SUBMITTED_BEFORE.format(year=told.year - 1)
    who = (
        "Sign in to confirm or change it"
        if to_official
        else "A Security Official of the organization can sign in to confirm or change it"
    )
    role = f"a Security Official of {told.organization}" if to_official else "one of its contacts"
    return Letter(
        subject=(
            f"{told.year} registration {told.number} was made automatically: please {what} by "
            f"{told.close}"
        ),
        lead=f"{told.organization} is registered automatically for the {told.year} {products}.",
        facts=[("Registration ID", str(told.number))],
        changes=[
            LINES[product].format(close=show_day_and_time(closes_at))
            for product, closes_at in told.closes.items()
        ],
        advice=[
            SHARED_SAVINGS if told.shared_savings else before,
            _check(told),
            f"{who} until {told.close}: {told.link}",
        ],
        small=[QUESTIONS, f"You get this once, because you are {role}."],
    )


def _check(told: AutomaticRegistration) -> str:
    parts = [CARRIED.format(year=told.carried_from)] if told.carried_from else []
    if told.missing:
        names = [item.label for item in told.missing]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        parts.append(f"Still missing: {listed}.")
    return " ".join(parts) or "Please check its details."
