"""Who may decide on roles, and when, as functions of plain values. Times are aware.

The organization's other Security Officials decide. CMS staff decide where there is none, and what
nobody touched for three business days. Nobody decides on their own (NIST SP 800-53, AC-5 and AC-6).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.enums import ActorKind, RoleName, RoleRequestStatus
from qpp_registration.clock import EASTERN

REQUEST_LIFE = timedelta(days=30)
DECIDE_WITHIN = 3  # business days; then CMS staff may decide as well
SHOWN_AFTERWARDS = timedelta(days=30)  # how long a request that came to nothing is listed

# So many in so long a time. Without a limit, asking would be a way to try out identifiers.
Limit = tuple[int, timedelta]
REQUESTS_ALLOWED: Limit = (10, timedelta(hours=1))
QUESTIONS_ALLOWED: Limit = (10, timedelta(days=1))

SATURDAY = 5  # of `datetime.weekday`


class Undecidable(StrEnum):
    """Why somebody can't decide a request now."""

    OWN = "own"
    DECIDED = "decided"
    EXPIRED = "expired"
    NOT_THEIRS = "not_theirs"
    UNMATCHED = "unmatched"
    WITH_OFFICIALS = "with_officials"
    HAS_MORE = "has_more"
    DISABLED = "disabled"


def why_not_decided(
    *,
    kind: ActorKind,
    is_official: bool,
    is_own: bool,
    status: RoleRequestStatus,
    is_matched: bool,
    officials: int,
    asked_at: datetime,
    waits_since: datetime,
    received_at: datetime,
) -> Undecidable | None:
    """Why this person can't decide the request now; None when they can.

    `kind`: in which capacity they act; `is_official`: of the organization. `officials`: how many
    active Security Officials it has beside who asks. `waits_since`: when the officials could decide
    first. What isn't matched to an organization can be denied, by CMS staff only.
    """
    if is_own:
        return Undecidable.OWN
    if status != RoleRequestStatus.PENDING:
        return Undecidable.DECIDED
    if received_at >= expires_at(asked_at):
        return Undecidable.EXPIRED
    if kind == ActorKind.OFFICIAL:
        return None if is_matched and is_official else Undecidable.NOT_THEIRS
    if is_matched and officials and received_at < staff_may_decide_at(waits_since):
        return Undecidable.WITH_OFFICIALS
    return None


def why_not_approved(
    *, is_active: bool, is_matched: bool, held: RoleName | None, asked: RoleName
) -> Undecidable | None:
    """Why a request that can be decided can't be approved. `held`: the role the person has now."""
    if not is_active:
        return Undecidable.DISABLED
    if not is_matched:
        return Undecidable.UNMATCHED
    if held == RoleName.SECURITY_OFFICIAL and asked != held:
        return Undecidable.HAS_MORE
    return None


def expires_at(asked_at: datetime) -> datetime:
    """When an undecided request ends by itself."""
    return asked_at + REQUEST_LIFE


def staff_may_decide_at(waits_since: datetime) -> datetime:
    """When CMS staff may decide although there are Security Officials."""
    return business_days_later(waits_since, DECIDE_WITHIN)


def business_days_later(moment: datetime, days: int) -> datetime:
    """The same Eastern time of the day so many days later, Saturdays and Sundays not counted.

    What comes on a weekend counts as coming when Monday begins. Federal holidays count as days.
    """
    later = moment.astimezone(EASTERN)
    while later.weekday() >= SATURDAY:
        later = (later + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(days):
        later += timedelta(days=1)
        while later.weekday() >= SATURDAY:
            later += timedelta(days=1)
    return later.astimezone(moment.tzinfo)


def possible_at(earlier: Sequence[datetime], limit: Limit, *, received_at: datetime) -> datetime:
    """From when on another try is possible; `received_at` when that is now.

    `earlier` holds the times of the tries that count, in any order.
    """
    most, window = limit
    newest_first = sorted(earlier, reverse=True)
    if len(newest_first) < most:
        return received_at
    return max(received_at, newest_first[most - 1] + window)


def leaves_no_official(*, held: RoleName, officials: int, after: RoleName | None = None) -> bool:
    """Whether the change takes an organization its last active Security Official.

    `held`: the role of an active person now; `after`: the role then, None for none. `officials`:
    how many active Security Officials there are, this one included.
    """
    official = RoleName.SECURITY_OFFICIAL
    return held == official and after != official and officials <= 1


def may_change_roles(*, role: RoleName | None, is_own: bool, after: RoleName | None) -> bool:
    """Whether somebody with that role on the organization may give another one there.

    `after`: the role then, None to end it. Everybody may leave; only a Security Official may do
    anything else, and nobody can give themselves more.
    """
    if role == RoleName.SECURITY_OFFICIAL:
        return True
    return role is not None and is_own and after is None
