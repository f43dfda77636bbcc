"""What a Reader doesn't see: e-mails, phones, user IDs, and what was written about people."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, DeviceReset, Message, RoleRequest, User
from accounts.policy.rights import Right, StaffGroup, rights_of
from registrations.enums import Product
from registrations.models import Contact, Offering
from tests.factories import UserFactory
from tests.registrations.enrolled import words
from tests.staff.rows import SHOWN, fill

pytestmark = pytest.mark.django_db
PHONE = "2025550199"
PLANTED = {
    *("user-id-of-pat", "mail-of-pat", "(202) 555-0199", "why-reset", "how-proved", "why-decided"),
    *("a-note", "why-denied", "mail-of-message", "text-of-message", "error-of-message"),
    "mail-of-contact",
}


@pytest.fixture
def planted(offerings: dict[Product, Offering]) -> None:
    """Rows of everything, with words in them that only some may read."""
    fill(1, offerings)
    of_pages = [SHOWN[User](), RoleRequest.objects.get().user]
    for number, user in enumerate(of_pages):
        User.objects.filter(pk=user.pk).update(
            user_id=f"user-id-of-pat{number}", email=f"mail-of-pat{number}@x.org", phone=PHONE
        )
    boss = UserFactory(staff_group=StaffGroup.ADMINISTRATOR)
    reset = DeviceReset.objects.get()
    reset.status, reset.reason, reset.identity_proof = "denied", "why-reset", "how-proved"
    reset.decided_by, reset.decided_at, reset.decision_reason = boss, reset.begun_at, "why-decided"
    reset.phone = PHONE
    reset.save()
    RoleRequest.objects.update(
        note="a-note",
        work_phone=PHONE,
        status="denied",
        reason="why-denied",
        decided_by=boss,
        decided_by_name="Boss",
        decided_at=reset.begun_at,
    )
    Message.objects.update(
        to="mail-of-message@x.org",
        body="text-of-message",
        status="failed",
        last_error="550 error-of-message",
    )
    Message.objects.create(
        to="mail-of-pat0@x.org",
        subject="To Pat",
        status="failed",
        last_error="550 error-of-message",
        dedupe_key="pat",
        due_at=reset.begun_at,
    )
    Contact.objects.update(email="mail-of-contact@x.org", phone=PHONE)


def pages() -> list[str]:
    """Each list, and the page of each of its rows."""
    found = []
    for model in SHOWN:
        if model is not AuditEvent:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            found.append(reverse(f"{name}_changelist"))
            found += [reverse(f"{name}_change", args=[row.pk]) for row in model.objects.all()]
    return found


def seen(client: Client) -> set[str]:
    html = "".join(client.get(page).content.decode() for page in pages())
    return {text for text in PLANTED if text in html}


def test_reader_sees_none_of_it_and_the_service_center_all(
    reader: Client, service_center: Client, planted: None
) -> None:
    assert seen(reader) == set()
    assert seen(service_center) == PLANTED


def test_reader_does_not_find_people_by_user_id(
    reader: Client, service_center: Client, planted: None
) -> None:
    for client, told in ((reader, "No people."), (service_center, "2 people.")):
        answer = client.get("/staff/accounts/user/", {"q": "user-id-of"})
        assert told in words(answer.content.decode())
    for client in (reader, service_center):
        answer = client.get("/staff/accounts/user/", {"q": "Invented"})
        assert "people." in words(answer.content.decode())


def test_who_reads_the_audit_may_read_all_that_it_tells() -> None:
    for group in StaffGroup:
        rights = rights_of(group)
        assert Right.READ_AUDIT not in rights or Right.SEE_CONTACTS in rights
