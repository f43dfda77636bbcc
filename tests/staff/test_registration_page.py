"""A registration's page on the staff site: who acts for it, and where it leads."""

import pytest
from django.test import Client

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import enroll, words
from tests.staff.pages import page_of

pytestmark = pytest.mark.django_db


def test_registration_has_its_officials_and_leads_to_callers_and_audit(
    reader: Client, manager: Client, offerings: dict[Product, Offering]
) -> None:
    registration = enroll(OrganizationFactory(), offerings, [Product.CAHPS])
    row = registration.enrollments.get()
    jane = RoleFactory(
        user=UserFactory(first_name="Jane", last_name="Doe"), organization=registration.organization
    ).user
    callers = f"/staff/callers/organizations/{registration.organization_id}/"
    audited = f"/staff/accounts/auditevent/?q={registration.pk}"
    html = manager.get(page_of(row)).content.decode()
    assert f"Jane Doe {jane.user_id} Security Official" in words(html)
    assert f'href="{page_of(jane)}"' in html
    assert manager.get(callers).status_code == 200
    audit.record(
        AuditAction.REGISTRATION_SAVED,
        actor=official(jane),
        object_id=registration.pk,
        size=["", "25-99"],
    )
    assert "1 audit events." in words(manager.get(audited).content.decode())
    assert all(f'href="{link}"' in html for link in (callers, audited))
    html = reader.get(page_of(row)).content.decode()
    assert "Jane Doe Security Official" in words(html)
    assert not any(f'href="{link}"' in html for link in (callers, audited))
