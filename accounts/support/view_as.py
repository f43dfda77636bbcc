"""*View as*: CMS staff looks at the officials' pages as one of them sees them.

Nothing is changed in a view: no form is taken (`registrations.middleware.ViewAs`), and whatever a
page would write while it is made is undone. The session stays the viewer's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName
from accounts.models import Role, Session, SessionView, User
from accounts.policy.account import view_is_over, why_not_viewed
from accounts.policy.rights import Right
from accounts.sessions.ending import end_view
from accounts.sessions.store import SessionStore
from accounts.staff.rights import has_right
from organizations.models import Organization
from qpp_registration.errors import Refused


def view_person(session: SessionBase, *, person: User, actor: Actor, received_at: datetime) -> None:
    """From now on the session's pages are those of the person. Raises Refused."""
    if why := why_not_viewed(is_staff=person.is_staff, is_active=person.is_active):
        raise Refused(why)
    view = SessionView(
        is_organization=False,
        key=person.pk,
        name=person.full_name,
        began_at=received_at,
        reason=actor.reason,
    )
    _begin(session, view, actor)


def view_organization(
    session: SessionBase, *, organization: Organization, actor: Actor, received_at: datetime
) -> None:
    """From now on the session's pages are those of the organization's Security Official.

    Also where it has none. Raises Refused.
    """
    view = SessionView(
        is_organization=True,
        key=organization.pk,
        name=organization.name,
        began_at=received_at,
        reason=actor.reason,
    )
    _begin(session, view, actor)


def view_of(session: SessionBase) -> SessionView | None:
    """The view that the session is in. No query beside the session's own."""
    return cast(SessionStore, session).view


def why_over(view: SessionView, *, viewer: User, received_at: datetime) -> str:
    """Why the view can't go on; an empty text when it can."""
    if view_is_over(began_at=view.began_at, received_at=received_at):
        return "The view ended by itself after 30 minutes."
    return "" if has_right(viewer, Right.VIEW_AS) else "The view ended: you have no right to it."


def end(session: SessionBase, *, actor: Actor, why: str = "") -> SessionView | None:
    """Leave the view that the session is in; gives it. None when there is none."""
    if view := view_of(session):
        end_view(view, actor=actor, why=why)
    return view


@contextmanager
def seen_as(view: SessionView, *, received_at: datetime) -> Iterator[User | None]:
    """Who is looked at, for as long as a page is made; what is written meanwhile is undone.

    None: the person is disabled or staff by now, or there is no such organization. For an
    organization there is a Security Official who has no other one, and whom nobody else ever sees.
    """
    with transaction.atomic():
        yield _stand_in(view, received_at) if view.is_organization else _person(view)
        transaction.set_rollback(True)


def record_page(
    view: SessionView, *, actor: Actor, page: str, method: str, asked: UUID | None, refused: bool
) -> None:
    """Tell the audit which page was looked at, or refused. `asked`: the object in its address."""
    audit.record(
        AuditAction.VIEW_REFUSED if refused else AuditAction.PAGE_VIEWED,
        actor=actor,
        object_id=view.key,
        about=asked,
        page=page,
        method=method,
    )


def _begin(session: SessionBase, view: SessionView, actor: Actor) -> None:
    """Beginning what has begun already writes nothing."""
    if not actor.reason.strip():
        raise Refused("Give a reason.")
    with transaction.atomic():
        locked = Session.objects.select_for_update(of=("self",), no_key=True)
        row = locked.filter(pk=session.session_key).first()
        if row is None:
            raise Refused("Your session has ended. Sign in again.")
        before = SessionView.objects.filter(session=row).first()
        if before and before.key == view.key:
            return
        if before:
            raise Refused(f"This browser views the site as {before.name}. Exit that view first.")
        view.session = row
        view.save(force_insert=True)
        audit.record(
            AuditAction.VIEW_BEGUN,
            actor=actor,
            object_id=view.key,
            organization=view.is_organization,
        )


def _person(view: SessionView) -> User | None:
    person = User.objects.filter(pk=view.key).first()
    if person is None or why_not_viewed(is_staff=person.is_staff, is_active=person.is_active):
        return None
    return person


def _stand_in(view: SessionView, received_at: datetime) -> User | None:
    """Not active, so that it isn't counted among those who can act for the organization."""
    organization = Organization.objects.filter(pk=view.key).first()
    if organization is None:
        return None
    key = uuid4()
    official = User.objects.create(
        pk=key,
        user_id=f"view-{key}",
        email=f"view-{key}@example.invalid",
        first_name="Security",
        last_name="Official",
        is_active=False,
        created_at=received_at,
    )
    Role.objects.create(
        user=official,
        organization=organization,
        name=RoleName.SECURITY_OFFICIAL,
        granted_at=received_at,
        granted_by="View only",
    )
    return official
