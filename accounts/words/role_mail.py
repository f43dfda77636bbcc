"""What mails say about roles. No identifier of an organization stands in one.

A request is named by its date and kind until it is approved: its mail must not tell the person
whether the organization exists here.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.policy.roles import DECIDE_WITHIN, expires_at
from accounts.words.letter import Letter
from qpp_registration.clock import show_day_and_time

QUESTIONS = (
    "Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and "
    "8 p.m. ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov."
)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A role request as mails tell of it. `what`: the kind of organization; `link`: its page."""

    role: str
    what: str
    asked_at: datetime
    link: str

    @property
    def named(self) -> str:
        """The request in words that say nothing about the directory."""
        return (
            f"your request of {show_day_and_time(self.asked_at)} for the role {self.role} "
            f"({self.what})"
        )


def received(request: Request) -> Letter:
    """To who asks: the request is there."""
    return _letter(
        "Your role request was received",
        f"We have {request.named}.",
        "The organization’s Security Officials decide. If it has none, or nobody decides within "
        f"{DECIDE_WITHIN} business days, CMS staff decide. What nobody decides ends on "
        f"{show_day_and_time(expires_at(request.asked_at))}.",
        f"See where it stands, or withdraw it: {request.link}",
    )


def to_decide(*, person: str, request: Request, organization: str, reminds: bool) -> Letter:
    """To those who decide. `reminds`: they were told before."""
    since = f"has been waiting since {show_day_and_time(request.asked_at)}"
    asks = f"{person} asks for the role {request.role} of {organization}"
    return _letter(
        f"{'Still to decide' if reminds else 'To decide'}: a role request for {organization}",
        f"{asks}, and {since}." if reminds else f"{asks}.",
        "Do you know this person, and do they need the role for their work? Approve or deny the "
        f"request: {request.link}",
        f"After {DECIDE_WITHIN} business days CMS staff may decide as well.",
        "You get this mail because you are a Security Official of this organization.",
    )


def waits_longer(request: Request) -> Letter:
    """To who asks: nobody decided in time."""
    return _letter(
        "Your role request is still waiting",
        f"Nobody decided {request.named} within {DECIDE_WITHIN} business days.",
        f"CMS staff may decide it now as well. It ends on "
        f"{show_day_and_time(expires_at(request.asked_at))} if nobody does.",
        f"See where it stands: {request.link}",
    )


def approved(*, request: Request, organization: str, by: str, site: str) -> Letter:
    """To who asked: they have the role."""
    return _letter(
        f"You are {request.role} of {organization}",
        f"{by} approved {request.named}. You are now {request.role} of {organization}.",
        f"Sign in: {site}",
    )


def denied(*, request: Request, by: str, reason: str) -> Letter:
    """To who asked: not granted, and why."""
    return _letter(
        "Your role request was denied",
        f"{by} denied {request.named}.",
        f"Reason: {reason}",
        f"You can ask again: {request.link}",
    )


def withdrawn(request: Request) -> Letter:
    """To who asked, and took it back."""
    return _letter(
        "Your role request is withdrawn",
        f"You withdrew {request.named}. Nobody will decide it.",
        f"You can ask again: {request.link}",
    )


def expired(request: Request) -> Letter:
    """To who asked: nobody decided."""
    return _letter(
        "Your role request has expired",
        f"Nobody decided {request.named} within 30 days, so it has ended.",
        f"You can ask again: {request.link}",
    )


def no_longer_to_decide(*, person: str, request: Request, organization: str, why: str) -> Letter:
    """To those who could have decided. `why`: *was approved by Jane Doe*."""
    return _letter(
        f"Nothing to decide any more: a role request for {organization}",
        f"The request of {person} for the role {request.role} of {organization} {why}.",
        f"Who is connected to the organization: {request.link}",
        "You get this mail because you are a Security Official of this organization.",
    )


def role_changed(*, organization: str, before: str, after: str, by: str, link: str) -> Letter:
    """To the person whose role is another one, or ended (`after` is empty)."""
    if after:
        return _letter(
            f"Your role for {organization} has changed",
            f"{by} changed your role for {organization} from {before} to {after}.",
            f"Your organizations: {link}",
        )
    return _letter(
        f"Your role for {organization} has ended",
        f"{by} ended your role {before} of {organization}.",
        f"If you still need it, ask for it again: {link}",
    )


def role_changed_of(
    *, person: str, organization: str, before: str, after: str, by: str, link: str
) -> Letter:
    """To the other Security Officials."""
    what = f"is {after} now; before: {before}" if after else f"is no longer {before}"
    return _letter(
        f"Changed: who is connected to {organization}",
        f"{person} {what}. This was done by {by}.",
        f"Wasn’t this right? See who is connected to the organization: {link}",
        "You get this mail because you are a Security Official of this organization.",
    )


def question(*, person: str, email: str, organization: str, text: str) -> Letter:
    """To the Security Officials: somebody who doesn't know them asks them."""
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    return _letter(
        f"A question to the Security Officials of {organization}",
        f"{person} asks:",
        quoted,
        f"To answer, write to {email}. We haven’t told {person} who you are, nor checked "
        "what they have to do with your organization: give nobody a password or a code.",
        "You get this mail because you are a Security Official of this organization.",
    )


def _letter(subject: str, *paragraphs: str) -> Letter:
    return Letter(subject=subject[:200], body="\n\n".join([*paragraphs, QUESTIONS]) + "\n")
