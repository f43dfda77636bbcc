"""What blocks a person, in words: for CMS staff, and to be read out to a caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.policy.blocks import PersonBlock, PersonFacts
from accounts.policy.roles import expires_at, staff_may_decide_at
from qpp_registration.clock import show_day_and_time

WITH_RECOVER = "At the sign-in page choose “Recover ID or reset password” and set a new password."


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing: `what` it is, and what staff `say`s to the caller.

    `blocks`: it keeps the caller from something; else it is only good to know.
    """

    what: str
    say: str
    blocks: bool = True

    @property
    def status(self) -> str:
        """Icon and colour, as `components/status.html` has them."""
        return "incomplete" if self.blocks else "complete"

    @property
    def word(self) -> str:
        """The status in a word."""
        return "Blocks" if self.blocks else "In order"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A pending request: for which role where, and how many Security Officials can decide it.

    `organization` is empty where nobody has the identifier that was given.
    """

    role: str
    organization: str
    asked_at: datetime
    waits_since: datetime
    deciders: int


def tell_person(
    found: Iterable[PersonBlock], facts: PersonFacts, waiting: Iterable[Waiting]
) -> list[Told]:
    """What blocks the person; that nothing does where nothing is found."""
    told: list[Told] = []
    for block in found:
        if block is PersonBlock.REQUEST_PENDING:
            told.extend(tell_waiting(one) for one in waiting)
        else:
            told.append(_tell(block, facts))
    return told or [
        Told(
            what="Nothing blocks this account.",
            say=(
                "Your account is in order. Sign in with your user ID, your password and a "
                "one-time code."
            ),
            blocks=False,
        )
    ]


def tell_waiting(waiting: Waiting) -> Told:
    """A pending request: who decides it, and until when."""
    where = waiting.organization or "an organization that nobody knows by that identifier"
    ends = show_day_and_time(expires_at(waiting.asked_at))
    if not waiting.organization:
        who = "CMS staff find the organization first, or deny the request."
        say = "We look for the organization that you meant, and then decide."
    elif waiting.deciders:
        from_then = show_day_and_time(staff_may_decide_at(waiting.waits_since))
        number = waiting.deciders
        people = (
            "1 Security Official decides" if number == 1 else f"{number} Security Officials decide"
        )
        who = f"{people}; CMS staff may decide from {from_then} on."
        say = (
            "Ask a Security Official of your organization to decide it under Manage Access. If "
            f"nobody does, we can decide from {from_then} on."
        )
    else:
        who = "The organization has no other Security Official, so CMS staff decide."
        say = "Your organization has no Security Official yet, so we decide. You get an e-mail."
    asked = show_day_and_time(waiting.asked_at)
    return Told(
        what=(
            f"Asked for the role {waiting.role} of {where} on {asked}; not decided. {who} The "
            f"request ends by itself on {ends}."
        ),
        say=f"Your request for the role {waiting.role} waits for a decision. {say}",
    )


def _tell(block: PersonBlock, facts: PersonFacts) -> Told:
    match block:
        case PersonBlock.DISABLED:
            return Told(
                what="CMS disabled the account. An Administrator can enable it.",
                say="Your account is disabled. I pass it on to an Administrator, who decides.",
            )
        case PersonBlock.NO_PASSWORD:
            return Told(
                what="The account has no password yet: the mailed link wasn’t used.",
                say=f"You haven’t set a password yet. {WITH_RECOVER} A mail brings the link.",
            )
        case PersonBlock.PAUSED:
            used = show_day_and_time(facts.last_used_at)
            return Told(
                what=f"Paused after 60 days without use; last used on {used}.",
                say=(
                    "Your password is paused because you didn’t sign in for 60 days. "
                    f"{WITH_RECOVER} Your roles are as they were."
                ),
            )
        case PersonBlock.LOCKED:
            return _tell_lock(facts)
        case PersonBlock.NO_DEVICE:
            return Told(
                what="No verification device yet.",
                say=(
                    "You have no verification device yet. Sign in with user ID and password; the "
                    "next page sets one up."
                ),
            )
        case PersonBlock.DEVICES_DISABLED:
            return Told(
                what="All verification devices are disabled after too many wrong codes.",
                say=(
                    "Your devices are disabled because wrong codes were entered. Use a recovery "
                    "code if you have one; if not, we reset your devices once we know who you are."
                ),
            )
        case PersonBlock.CODES_LOCKED:
            until = show_day_and_time(facts.codes_locked_until or facts.last_used_at)
            return Told(
                what=f"One-time codes aren’t looked at until {until}, after 10 wrong ones.",
                say=f"Too many wrong codes were entered. Wait until {until}, then try again.",
            )
        case PersonBlock.STAFF_USER:
            return Told(
                what="Staff User only: sees registrations and changes nothing.",
                say=(
                    "You are a Staff User: you can look, but not change. Ask for the Security "
                    "Official role under Manage Access, or ask your Security Official to register."
                ),
            )
        case _:
            return Told(
                what="No role on any organization.",
                say=(
                    "You aren’t connected to an organization yet. Sign in, choose Manage Access, "
                    "then Connect to Organization, and ask for the role that you need."
                ),
            )


def _tell_lock(facts: PersonFacts) -> Told:
    if facts.lock is None or facts.lock.until is None:
        return Told(
            what="The password is locked after 100 wrong ones; only a new one helps.",
            say=f"Your password is locked. {WITH_RECOVER}",
        )
    until = show_day_and_time(facts.lock.until)
    return Told(
        what=f"Sign-in is locked until {until}, after wrong passwords.",
        say=(
            f"Sign-in is locked until {until} because of wrong passwords. You can wait, or set a "
            "new password, which ends the lock: choose “Recover ID or reset password” at the "
            "sign-in page."
        ),
    )
