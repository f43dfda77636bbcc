"""What the mail says that tells of an automatic registration (2022 guide, I and V)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qpp_registration.clock import show_day_and_time, show_with_weekday
from registrations.enums import Missing, Product

TEXT = """\
{organization} is registered automatically for the {year} {products}. Its registration ID is \
{number}.

{why}

{lines}

{check} {who} until {close}:

{link}

Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and 8 p.m. \
ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov. Please give the registration ID.

You get this once, because you are {role}.
"""
SHARED_SAVINGS = (
    "It is a Shared Savings Program ACO, and those are registered automatically because they are "
    "required to report the APM Performance Pathway (APP)."
)
SUBMITTED_BEFORE = (
    "It submitted quality data through the CMS Web Interface for the {year} performance period."
)
LINES = {
    Product.WEB_INTERFACE: (
        "- CMS Web Interface: it doesn’t have to report quality data through it. If it won’t, "
        "please cancel the registration by {close}."
    ),
    Product.CAHPS: (
        "- CAHPS for MIPS Survey: it is a required measure of the APP, so this registration can’t "
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
    def last_close(self) -> datetime:
        """Until when something can be changed."""
        return max(self.closes.values())


def subject_of(told: AutomaticRegistration) -> str:
    """The subject: what happened, to which registration, and until when to answer it."""
    what = "confirm or cancel it" if Product.WEB_INTERFACE in told.closes else "confirm it"
    return (
        f"{told.year} registration {told.number} was made automatically: please {what} by "
        f"{show_day_and_time(told.last_close)}"
    )


def body_of(told: AutomaticRegistration, *, to_official: bool) -> str:
    """The text, for a Security Official of the organization or for one of its contacts."""
    before = SUBMITTED_BEFORE.format(year=told.year - 1)
    return TEXT.format(
        organization=told.organization,
        year=told.year,
        products=" and the ".join(product.label for product in told.closes),
        number=told.number,
        why=SHARED_SAVINGS if told.shared_savings else before,
        lines="\n".join(
            LINES[product].format(close=show_with_weekday(closes_at))
            for product, closes_at in told.closes.items()
        ),
        check=_check(told),
        who=(
            "Sign in to confirm or change it"
            if to_official
            else "A Security Official of the organization can sign in to confirm or change it"
        ),
        close=show_with_weekday(told.last_close),
        link=told.link,
        role=(
            f"a Security Official of {told.organization}"
            if to_official
            else "a contact of this registration"
        ),
    )


def _check(told: AutomaticRegistration) -> str:
    parts = [CARRIED.format(year=told.carried_from)] if told.carried_from else []
    if told.missing:
        names = [item.label for item in told.missing]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        parts.append(f"Still missing: {listed}.")
    return " ".join(parts) or "Please check its details."
