"""What a person sees of their own sign-ins, and of what they agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from accounts.enums import AuditAction
from accounts.models import AuditEvent, StatementAcceptance, User
from qpp_registration.clock import Moment, moment

PAGE_SIZE = 25
WARNINGS = {
    AuditAction.SIGN_IN_REFUSED,
    AuditAction.SIGN_IN_LOCKED,
    AuditAction.CODE_REFUSED,
    AuditAction.CODES_LOCKED,
}
SHOWN = {
    AuditAction.SIGNED_IN,
    AuditAction.SIGNED_OUT,
    AuditAction.SESSION_ENDED,
    AuditAction.IDENTITY_PROVED,
    AuditAction.RECOVERY_ASKED,
    AuditAction.PASSWORD_SET,
    AuditAction.PASSWORD_CHANGED,
    AuditAction.EMAIL_ASKED,
    AuditAction.EMAIL_CHANGED,
    AuditAction.DEVICE_ADDED,
    AuditAction.DEVICE_REMOVED,
    AuditAction.DEVICE_DISABLED,
    AuditAction.RECOVERY_CODES_MADE,
    AuditAction.RECOVERY_CODE_USED,
    *WARNINGS,
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: what happened, when, from which address and browser (empty: not known)."""

    what: str
    when: Moment
    where: str
    browser: str
    is_warning: bool


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """One *Yes, I agree*."""

    when: Moment
    version: str


def sign_ins_of(user: User, *, page: str) -> tuple[Page[Any], list[Entry]]:
    """A page of what the person, or somebody with their user ID, did to sign in; newest first."""
    events = AuditEvent.objects.filter(actor_id=str(user.pk), action__in=SHOWN)
    found = Paginator(events.order_by("-at", "-pk"), PAGE_SIZE).get_page(page)
    return found, [_entry(event) for event in _rows(found)]


def statements_of(user: User, *, page: str) -> tuple[Page[Any], list[Acceptance]]:
    """A page of when the person agreed to the Statement of Truth, newest first."""
    acceptances = StatementAcceptance.objects.filter(user=user).order_by("-accepted_at", "-pk")
    found = Paginator(acceptances, PAGE_SIZE).get_page(page)
    return found, [
        Acceptance(when=moment(row.accepted_at), version=row.text_version) for row in _rows(found)
    ]


def _rows(page: Page[Any]) -> Iterable[Any]:
    return page.object_list


def _entry(event: AuditEvent) -> Entry:
    action = AuditAction(event.action)
    return Entry(
        what=action.label,
        when=moment(event.at),
        where=event.source_address,
        browser=str(event.details.get("browser", "")),
        is_warning=action in WARNINGS,
    )
