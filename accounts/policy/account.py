"""What is decided about accounts and their links. Times are aware, durations timedeltas."""

from datetime import datetime, timedelta

LINK_LIFE = timedelta(minutes=30)
FIRST_LINK_LIFE = timedelta(days=3)  # of an account that somebody else made
TAKEN_USER_IDS = 20  # tries with one link to register; then it ends

REMEMBERED_PASSWORDS = 6

REQUESTS_COUNTED = timedelta(hours=1)
REQUESTS_OF_ACCOUNT = 5  # mails for one account or address
REQUESTS_OF_ADDRESS = 100  # from one address of the network, which a hospital may share

IDLE_AFTER = timedelta(days=60)  # CMS ARS AC-2(3)
IDLE_WARNINGS = (30, 45, 55)  # days without use

VIEW_LIFE = timedelta(minutes=30)  # of *View as*


def link_is_alive(
    *, expires_at: datetime, used_at: datetime | None, failures: int, received_at: datetime
) -> bool:
    """Whether a mailed link can still be used."""
    return used_at is None and received_at < expires_at and failures < TAKEN_USER_IDS


def may_be_mailed(requests: int) -> bool:
    """Whether an account that was asked for so often in the last hour gets another mail."""
    return requests < REQUESTS_OF_ACCOUNT


def address_may_ask(requests: int) -> bool:
    """Whether an address of the network that asked so often in the last hour may ask again."""
    return requests < REQUESTS_OF_ADDRESS


def is_idle(*, last_used_at: datetime, received_at: datetime) -> bool:
    """Whether the account is paused: its password signs nobody in until it is set anew."""
    return received_at - last_used_at >= IDLE_AFTER


def pauses_at(last_used_at: datetime) -> datetime:
    """The moment from which an account is paused that isn't used any more."""
    return last_used_at + IDLE_AFTER


def idle_warning(*, last_used_at: datetime, at: datetime) -> int | None:
    """The warning that is due, in days without use; None before the first and once paused.

    One that was missed isn't made up for once the next is due.
    """
    if is_idle(last_used_at=last_used_at, received_at=at):
        return None
    days = (at - last_used_at) // timedelta(days=1)
    return max((step for step in IDLE_WARNINGS if step <= days), default=None)


def why_not_viewed(*, is_staff: bool, is_active: bool) -> str:
    """Why CMS staff can't look at the site as this person; an empty text when they can."""
    if is_staff:
        return "Nobody views the site as CMS staff."
    return "" if is_active else "This account is disabled: the person can open no page."


def view_is_over(*, began_at: datetime, received_at: datetime) -> bool:
    """Whether a view as somebody else has ended by itself."""
    return received_at - began_at >= VIEW_LIFE
