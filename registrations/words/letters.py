"""What mails say of a registration: registered, changed, cancelled or deleted (2022 guide, II).

A letter is made once and drawn as text and as HTML, so that both say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qpp_registration.clock import show_day_and_time, show_to_the_second
from registrations.enums import Product
from registrations.policy.registration import is_complete_contact
from registrations.words.differences import Difference, differences

QUESTIONS = (
    "Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and "
    "8 p.m. ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov. Please give the registration ID."
)
WHY = (
    "You get this mail because you are a contact or a Security Official of this registration, or "
    "were a contact until this change."
)
ENCOURAGED = (
    "The organization doesn’t have to submit quality data through the CMS Web Interface. If it "
    "doesn’t plan to, it is strongly encouraged to cancel the registration by {close}."
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a mail tells of. `by`: who did it; `closes_at`: the effective close.

    The organization's TIN stays out of mail. `asks_size`: registering again asks for the size.
    """

    organization: str
    year: int
    products: Sequence[Product]
    number: int
    by: Sequence[str]
    received_at: datetime
    closes_at: datetime
    site: str
    asks_size: bool = False

    @property
    def what(self) -> str:
        """What it was registered for: *2022 CMS Web Interface and CAHPS for MIPS Survey*."""
        return f"{self.year} {' and '.join(product.label for product in self.products)}"

    @property
    def who(self) -> str:
        """Those who did it."""
        *others, last = self.by
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def close(self) -> str:
        """The close as people read it."""
        return show_day_and_time(self.closes_at)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail: what happened, the facts, what changed, and what to do."""

    subject: str
    lead: str
    facts: Sequence[tuple[str, str]]
    changes: Sequence[str] = ()
    advice: Sequence[str]
    small: Sequence[str] = field(default=(QUESTIONS, WHY))

    def as_text(self) -> str:
        """The plain text of the mail."""
        parts = [self.lead, "\n".join(f"{label}: {value}" for label, value in self.facts)]
        if self.changes:
            parts.append("\n".join(f"- {change}" for change in self.changes))
        return "\n\n".join([*parts, *self.advice, *self.small]) + "\n"


def registered(told: Told) -> Letter:
    """The organization is registered (2022 guide, IV.8)."""
    mistake = _mistake(told, "cancel the registration")
    is_web_interface = Product.WEB_INTERFACE in told.products
    return Letter(
        subject=_subject("Registered", told),
        lead=f"{told.who} registered {told.organization} for the {told.what}.",
        facts=_facts(told),
        advice=[ENCOURAGED.format(close=told.close), mistake] if is_web_interface else [mistake],
    )


def restored(told: Told) -> Letter:
    """What was ended is registered again, as it was. CMS staff only."""
    return Letter(
        subject=_subject("Restored", told),
        lead=f"{told.who} restored the {told.what} registration of {told.organization}.",
        facts=_facts(told),
        advice=[_mistake(told, "end it again")],
    )


def changed(told: Told, changes: Sequence[str]) -> Letter:
    """Details of a registration were changed (2022 guide, V)."""
    return Letter(
        subject=_subject("Changed", told),
        lead=f"{told.who} changed the {told.what} registration of {told.organization}:",
        facts=_facts(told),
        changes=changes,
        advice=[_mistake(told, "correct it")],
    )


def cancelled(told: Told, size: Sequence[str] = ()) -> Letter:
    """A registration was cancelled (2022 guide, VII). `size`: before and after, if that did it."""
    because = "The Organization Size was changed from {} to {}, which doesn’t qualify for the {}."
    names = " and ".join(product.label for product in told.products)
    return Letter(
        subject=_subject("Cancelled", told),
        lead=f"{told.who} cancelled the {told.what} registration of {told.organization}.",
        facts=_facts(told),
        changes=[because.format(*size, names)] if size else [],
        advice=[_again(told)],
    )


def deleted(told: Told) -> Letter:
    """A registration was deleted (2023 guide, VII)."""
    return Letter(
        subject=_subject("Deleted", told),
        lead=f"{told.who} deleted the {told.what} registration of {told.organization}.",
        facts=_facts(told),
        advice=[_again(told)],
    )


def changes_between(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What changed between two snapshots, in sentences that all contacts may read.

    Of contacts only names. One counts once it is complete; until then it is nobody's business.
    """
    return sentences(_without_unfinished(before), _without_unfinished(now))


def sentences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The same with contacts that aren't finished, for Security Officials."""
    return [_sentence(difference) for difference in differences(before, now)]


def _without_unfinished(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    contacts = snapshot["contacts"].items()
    complete = {key: contact for key, contact in contacts if is_complete_contact(contact)}
    return {**snapshot, "contacts": complete}


def _sentence(difference: Difference) -> str:
    label, before, after = difference.label, difference.before, difference.after
    if difference.personal:
        return f"{label}: changed"
    if label == "Contact":
        return f"Contact added: {after}" if after else f"Contact removed: {before}"
    return f"{label}: {before or 'none'}, now {after or 'none'}"


def _subject(action: str, told: Told) -> str:
    return f"{action}: {told.what}, registration ID {told.number}"


def _facts(told: Told) -> list[tuple[str, str]]:
    return [
        ("Organization", told.organization),
        ("Registration ID", str(told.number)),
        ("Received", show_to_the_second(told.received_at)),
    ]


def _again(told: Told) -> str:
    keeps = (
        "its registration ID and its contacts; choose the organization size again"
        if told.asks_size
        else "its registration ID and its details"
    )
    return f"{_mistake(told, 'register it again')} It keeps {keeps}."


def _mistake(told: Told, remedy: str) -> str:
    return (
        f"If this is a mistake, a Security Official of the organization can sign in at {told.site} "
        f"and {remedy} until {told.close}."
    )
