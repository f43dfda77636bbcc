"""Why something isn't possible and what would unblock it, in the words of the pages."""

from collections.abc import Mapping
from datetime import datetime

from organizations.enums import OrganizationSize
from qpp_registration.clock import show_day_and_time
from registrations.enums import Missing, Product
from registrations.policy.registration import Refusal, allows

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds

GET_ROLE = (
    "You need the Security Official role for the organization. Review Connect to an Organization "
    "in the Quality Payment Program Access User Guide to obtain it."
)

REFUSALS = {
    Refusal.NO_ROLE: GET_ROLE,
    Refusal.STAFF_USER: (
        "Your role is Staff User: you can look, but not change. Ask your organization's "
        "Security Official, or obtain the Security Official role yourself."
    ),
    Refusal.NOT_OPEN: "Registration opens on {opens}.",
    Refusal.CLOSED: "Registration closed on {closes}.",
    Refusal.REGISTERED_AUTOMATICALLY: (
        "As a Shared Savings Program ACO, this organization is registered automatically for the "
        "{product}. {after}"
    ),
    Refusal.NOT_APPROVED: (
        "Only virtual groups that CMS approved for the {year} performance year can register. This "
        "one isn't approved. If that is wrong, contact the Quality Payment Program."
    ),
    Refusal.NOT_STARTED: (
        "This registration was deleted. Register the organization again from the list."
    ),
    Refusal.NO_SIZE: "Select the Organization Size first: it decides what can be registered.",
    Refusal.TOO_SMALL: (
        "This organization’s size doesn’t qualify for the {product}, which is open to "
        "organizations with {lowest} or more clinicians."
    ),
    Refusal.NOT_REGISTERED: "This organization isn’t registered for the {product}.",
    Refusal.REQUIRED: (
        "A Shared Savings Program ACO can’t end its registration for the {product}: it is required "
        "to report the APM Performance Pathway (APP), and the survey is a required measure of it. "
        "If the organization has left the Shared Savings Program, contact the Quality Payment "
        "Program."
    ),
    Refusal.IS_REGISTERED: "This organization is registered for the {product} already.",
    Refusal.WAS_ENDED: (
        "This organization’s registration for the {product} was ended. It isn’t registered again "
        "automatically; a Security Official can."
    ),
    Refusal.STAFF_ONLY: "Only CMS staff can restore what was ended.",
}
AFTER_AUTOMATIC = {
    Product.CAHPS: (
        "There is nothing to do here, but you still need to hire a CMS-approved vendor to "
        "administer the survey."
    ),
    Product.WEB_INTERFACE: (
        "It doesn’t have to report quality data through it; if it won’t, cancel the registration."
    ),
}


def explain(
    refusal: Refusal,
    *,
    product: Product,
    year: int,
    opens_at: datetime,
    closes_at: datetime,
    minimum_size: str = OrganizationSize.SMALL,
) -> str:
    """The sentence for a refusal of an offering with that window (closes_at: the effective one)."""
    return REFUSALS[refusal].format(
        product=product.label,
        year=year,
        opens=show_day_and_time(opens_at),
        closes=show_day_and_time(closes_at),
        after=AFTER_AUTOMATIC[product],
        lowest=OrganizationSize(minimum_size).lowest,
    )


def what_sizes_allow(minimum_sizes: Mapping[Product, str]) -> list[tuple[str, str]]:
    """What each size can register for, by the offerings' minimum sizes (2022 guide, IV.1).

    Sizes that allow the same stand together: *25-99 or 100 or greater*.
    """
    allowed: dict[tuple[Product, ...], list[str]] = {}
    for size in OrganizationSize:
        products = tuple(
            product for product, minimum in minimum_sizes.items() if allows(size, minimum)
        )
        allowed.setdefault(products, []).append(size.label)
    return [
        (" or ".join(sizes), " and/or the ".join(product.label for product in products))
        for products, sizes in allowed.items()
    ]


def cancelling_size_sentence(product: Product) -> str:
    """The warning before a size that ends a registration (2022 guide, V)."""
    return (
        f"You have chosen a new group size that doesn't qualify you to participate in "
        f"{product.label}. By accepting the new group size, your {product.label} registration "
        f"will be deleted. Are you sure you want to change your group size?"
    )


def automatic_sentence(*, shared_savings: bool, missing: str) -> str:
    """What is said of a registration that was made automatically, and still to be done there.

    `missing`: from `what_is_missing`; empty for nothing.
    """
    why = ", as a Shared Savings Program ACO" if shared_savings else ""
    todo = f" Please add: {missing}." if missing else ""
    return f"Registered automatically{why}.{todo}"


def what_is_missing(*, size: str, has_contact: bool) -> str:
    """What an incomplete registration needs: *Organization Size and one complete contact*."""
    missing = [] if size else [Missing.SIZE.label]
    if not has_contact:
        missing.append(Missing.CONTACT.label)
    return " and ".join(missing)


def missing_contact_sentence(name: str) -> str:
    """What it means that a contact isn't finished."""
    return f"Until then, {name or 'this contact'} gets no updates."


def needs_contact_sentence(label: str, stored: str) -> str:
    """Why a blank in the only complete contact of a complete registration isn't stored."""
    return (
        f"{label} not saved: a complete registration needs one complete contact. "
        f"We still have {stored}."
    )


def changed_sentence(by: str, value: str, *, is_own: bool) -> str:
    """Who changed a field meanwhile, and to what. `is_own`: the same person on another page."""
    value = value or "nothing"
    if is_own:
        return f"You changed this to {value} in another window."
    return f"{by} changed this to {value}."


def take_label(*, is_own: bool) -> str:
    """What the button says that takes the value which stands. `is_own`: as `changed_sentence`."""
    return "Use the other" if is_own else "Use theirs"


def not_saved_sentence(label: str, stored: str, why: str) -> str:
    """A field that couldn't be stored as it was typed: what is stored instead, or why not."""
    return f"{label} not saved; we still have {stored}." if stored else f"{label} not saved: {why}"


def time_left(at: datetime, closes_at: datetime) -> str:
    """How long it is until the close: days, then hours and minutes; empty after it.

    `static/js/countdown.js` says the same, and counts seconds in the last hour.
    """
    seconds = int((closes_at - at).total_seconds())
    if closes_at <= at:
        return ""
    if seconds >= DAY:
        return f"{_count(seconds // DAY, 'day')} left"
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if not hours:
        return f"{_count(max(minutes, 1), 'minute')} left"
    parts = [_count(hours, "hour"), *([_count(minutes, "minute")] if minutes else [])]
    return f"{' '.join(parts)} left"


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
