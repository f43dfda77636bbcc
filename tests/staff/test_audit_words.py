"""In which capacity somebody acted, as the audit's pages say it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from tests.registrations.enrolled import words
from tests.staff.files import ask, content_of, rows_of
from tests.staff.pages import list_of, opened, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june_2022")]
LIST = list_of(AuditEvent)


def left_by(action: AuditAction, user: User) -> AuditEvent:
    return AuditEvent.objects.get(action=action, actor_id=str(user.pk))


def test_who_of_staff_signs_out_is_no_security_official(
    manager: Client, sign_in: Callable[[User], Client], casey: User
) -> None:
    sign_in(casey).post(reverse("sign_out"))
    event = left_by(AuditAction.SIGNED_OUT, casey)
    told = words(opened(manager, page_of(event)))
    assert "Who Casey Moreau As Person" in told
    query = {"action": "sign_out.done", "actor_kind__exact": "official"}
    listed = words(opened(manager, LIST, **query))
    assert "Signed out Casey Moreau Person Done" in listed
    (row,) = rows_of(content_of(ask(manager, f"{LIST}export/?action=sign_out.done", file="csv")))
    assert (row["as"], row["schema_version"]) == ("Person", "2")


def test_what_staff_does_about_others_is_told_as_theirs(
    manager: Client, sign_in: Callable[[User], Client], casey: User, jane: User
) -> None:
    address = page_of(jane).replace("change/", "end-sessions/")
    sign_in(casey).post(address, {"reason": "Lost laptop"})
    event = left_by(AuditAction.USER_SIGNED_OUT, casey)
    assert "Who Casey Moreau As CMS staff" in words(opened(manager, page_of(event)))
