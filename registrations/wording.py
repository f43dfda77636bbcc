"""Why something isn't possible and what would unblock it, in the words of the pages."""

from datetime import datetime

from qpp_registration.clock import show_day_and_time
from registrations.enums import Missing, Product
from registrations.policy import Refusal

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds

GET_ROLE = (
    "You need the Security Official role for the organization. Review Connect to an Organization "
    "in the Quality Payment Program Access User Guide to obtain it."
)


def explain(
    refusal: Refusal, *, product: Product, year: int, opens_at: datetime, closes_at: datetime
) -> str:
    """The sentence for a refusal of an offering with that window (closes_at: the effective one)."""
    match refusal:
        case Refusal.NO_ROLE:
            return GET_ROLE
        case Refusal.STAFF_USER:
            return (
                "Your role is Staff User: you can look, but not change. Ask your organization's "
                "Security Official, or obtain the Security Official role yourself."
            )
        case Refusal.NOT_OPEN:
            return f"Registration opens on {show_day_and_time(opens_at)}."
        case Refusal.CLOSED:
            return f"Registration closed on {show_day_and_time(closes_at)}."
        case Refusal.REGISTERED_AUTOMATICALLY:
            return (
                f"As a Shared Savings Program ACO, this organization is registered automatically "
                f"for the {product.label}. There is nothing to do here, but you still need to hire "
                f"a CMS-approved vendor to administer the survey."
            )
        case Refusal.NOT_APPROVED:
            return (
                f"Only virtual groups that CMS approved for the {year} performance year can "
                f"register. This one isn't approved. If that is wrong, contact the Quality "
                f"Payment Program."
            )
        case Refusal.NOT_STARTED:
            return "This registration was deleted. Register the organization again from the list."


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
