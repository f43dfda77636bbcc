"""Deleting sessions, and telling the audit of the views that end with them."""

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.actors import Actor, staff
from accounts.enums import AuditAction
from accounts.models import Session, SessionView

WITH_ITS_SESSION = "The session ended."


def delete_sessions(found: QuerySet[Session], *, actor: Actor | None = None) -> list[Session]:
    """Delete the sessions with the views that they are in; gives those that were still there.

    They are locked first: a view that begins meanwhile is either found, or finds no session any
    more. A request that is under way can't write a deleted row again. `actor`: who ends the views;
    else those who view do.
    """
    with transaction.atomic():
        rows = list(found.order_by("pk").select_for_update(of=("self",)))
        for view in SessionView.objects.filter(session__in=rows).select_related("session__user"):
            if viewer := view.session.user:
                end_view(view, actor=actor or staff(viewer, view.reason), why=WITH_ITS_SESSION)
        Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def end_view(view: SessionView, *, actor: Actor, why: str) -> None:
    """End a view. Of two requests that do, one leaves the event."""
    with transaction.atomic():
        ended, _ = SessionView.objects.filter(pk=view.pk).delete()
        if ended:
            audit.record(AuditAction.VIEW_ENDED, actor=actor, object_id=view.key, why=why)
