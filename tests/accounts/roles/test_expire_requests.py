"""`manage.py expire_role_requests`: nothing waits for ever, and those who decide are reminded."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, Role, RoleRequest, User
from organizations.models import Organization
from tests.accounts.role_steps import DAY, asked, mails_to, send
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sweep() -> str:
    out = io.StringIO()
    call_command("expire_role_requests", stdout=out)
    return out.getvalue()


def test_undecided_request_expires_after_thirty_days_and_all_are_told(
    june: Any, nell: User, jane: User, practice: Organization
) -> None:
    request = asked(nell, practice)
    send()
    june.shift(30 * DAY.total_seconds() - 1)
    assert sweep().startswith("0 expired, 1 reminded. 1 pending, 0 of them")
    june.shift(1)
    assert sweep().startswith("1 expired, 0 reminded. 0 pending")
    assert sweep().startswith("0 expired, 0 reminded.")
    request.refresh_from_db()
    assert (request.status, request.decided_by, request.decided_by_name) == (
        *("expired", None, "Operations"),
    )
    assert "Your role request has expired" in mails_to(nell)
    assert f"Nothing to decide any more: a role request for {practice.name}" in mails_to(jane)
    assert AuditEvent.objects.filter(action="role_request.expired").count() == 1
    assert not Role.objects.filter(user=nell).exists()
    assert asked(nell, practice).pk != request.pk


def test_those_who_decide_are_reminded_once_after_three_business_days(
    june: Any, nell: User, jane: User, practice: Organization
) -> None:
    asked(nell, practice)  # on a Friday
    send()
    june.shift(5 * DAY.total_seconds() - 1)
    assert "0 reminded" in sweep()
    june.shift(1)
    assert "1 reminded" in sweep()
    assert "0 reminded" in sweep()
    still = f"Still to decide: a role request for {practice.name}"
    assert mails_to(jane) == [still, f"To decide: a role request for {practice.name}"]
    assert mails_to(nell) == [
        *("Your role request is still waiting", "Your role request was received"),
    ]


def test_who_asked_for_an_unknown_identifier_hears_the_same(
    june: Any, nell: User, practice: Organization
) -> None:
    other = UserFactory()
    asked(nell, practice)
    asked(other, None)
    june.shift(5 * DAY)
    assert "1 of them for an identifier that nobody has" in sweep()
    june.shift(26 * DAY)
    assert "2 expired" in sweep()
    assert mails_to(nell) == mails_to(other)
    assert len(mails_to(other)) == 3


# --- What the database itself refuses -----------------------------------------------------------


def test_database_refuses_what_contradicts_itself(
    june: object, nell: User, jane: User, practice: Organization
) -> None:
    request = asked(nell, practice)
    by_jane = {"decided_by": jane, "decided_by_name": "Jane Doe", "decided_at": request.asked_at}
    for change in (
        {"status": "approved"},
        {"status": "approved", **by_jane, "decided_at": None},
        {"status": "approved", **by_jane, "decided_by": None},
        {"status": "approved", **by_jane, "decided_by": nell},
        {"status": "approved", **by_jane, "decided_by_name": ""},
        {"status": "approved", **by_jane, "organization": None},
        {"status": "denied", **by_jane},
        {"decided_at": request.asked_at},
        {"status": "maybe", **by_jane},
        {"role": "owner"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleRequest.objects.filter(pk=request.pk).update(**change)
    RoleRequest.objects.filter(pk=request.pk).update(status="approved", **by_jane)


def test_database_refuses_two_pending_requests_for_one_organization(
    june: object, nell: User, practice: Organization
) -> None:
    for organization in (practice, None):
        request = asked(nell, organization)
        copy = RoleRequest.objects.get(pk=request.pk)
        copy.pk, copy.role = None, "security_official"
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)
    found = RoleRequest.objects.get(organization=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleRequest.objects.filter(pk=found.pk).update(organization=practice)
