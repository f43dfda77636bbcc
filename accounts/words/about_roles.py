"""The words of roles on pages: what each may do, who decides, and why something isn't possible."""

from datetime import datetime

from accounts.enums import RoleName
from accounts.policy.roles import DECIDE_WITHIN, Undecidable, staff_may_decide_at
from qpp_registration.clock import show_day_and_time

EXPLAINED = {
    RoleName.SECURITY_OFFICIAL: (
        "Registers the organization, changes and ends its registration, sees its contacts in full, "
        "and decides who else is connected to it."
    ),
    RoleName.STAFF_USER: (
        "Sees the organization and its registration, but changes nothing. Doesn’t see the e-mail "
        "addresses and phone numbers of contacts."
    ),
}
WHO_DECIDES = (
    "The organization’s Security Officials decide. If it has none yet, or nobody decides within "
    f"{DECIDE_WITHIN} business days, CMS staff decide. A request that nobody decides ends after 30 "
    "days. You get an e-mail at each step."
)
LAST_OFFICIAL = (
    "An organization needs somebody who can act for it, and there is no other active Security "
    "Official. Hand over to somebody first."
)
TOO_MANY_REQUESTS = "You can ask for 10 roles an hour. The next is possible on {}."
TOO_MANY_QUESTIONS = "You can ask 10 questions a day. The next is possible on {}."
ALREADY_CONNECTED = "You are {} of this organization already."
ALREADY_MORE = (
    "You are Security Official of this organization, which includes what a Staff User may."
)
PENDING_ALREADY = (
    "Your request for the role {} at this organization is pending. Withdraw it to ask for another "
    "role."
)
NOT_PENDING = "This request was {} on {}; nothing was changed."


def explain(why: Undecidable, *, waits_since: datetime) -> str:
    """Why somebody can't decide a request."""
    match why:
        case Undecidable.OWN:
            return "Nobody decides their own request."
        case Undecidable.EXPIRED:
            return "This request has expired. The person can ask again."
        case Undecidable.UNMATCHED:
            return "Find the organization first, or deny the request."
        case Undecidable.WITH_OFFICIALS:
            return (
                "The organization’s Security Officials decide. CMS staff may decide from "
                f"{show_day_and_time(staff_may_decide_at(waits_since))} on."
            )
        case Undecidable.DISABLED:
            return "This account is disabled. The request can be denied."
        case Undecidable.HAS_MORE:
            return (
                "The person is Security Official already, which is more than what they ask for. "
                "Deny the request, or change the role on the page Connected users."
            )
        case _:
            return "This request can’t be decided any more."


def outcome(*, status: str, by: str, at: datetime, person: str, role: str, where: str) -> str:
    """How a request ended, for those who decide."""
    return f"{status} by {by} on {show_day_and_time(at)}: {person}, {role} of {where}."
