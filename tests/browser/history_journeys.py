"""The history of a registration and of an organization, as in `journeys`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from accounts import audit
from accounts.actors import Actor, operations
from accounts.enums import ActorKind, AuditAction, RoleName
from accounts.roles.granting import grant_role
from qpp_registration import clock
from registrations.models import Contact
from tests.browser.visitor import Visitor
from tests.browser.world import change, contact, open_offering, person, practice, registered

Stops = Iterator[tuple[str, str]]
LONG_NAME = "Associated Gastroenterology and Hepatology Consultants of Greater Baltimore, P.A."


def history(visitor: Visitor) -> Stops:
    """Nothing yet; a registration with a burst of saves and a staff action; many pages of it."""
    jane, ann = person(), person("Ann", "Wolfeschlegelsteinhausenbergerdorff", device=False)
    visitor.signed_in(jane)
    here, now = practice(jane, LONG_NAME), clock.now()
    place = f"/manage-access/organizations/{here.pk}/history/"
    visitor.go(place)
    yield "organization_history", "nothing yet"
    registration = registered(
        jane, here, open_offering(), contact("Daniel", "Okafor"), at=now - timedelta(days=2)
    )
    only = Contact.objects.get().pk
    for minutes, phone in ((5, "0144"), (3, "0155"), (1, "0166")):
        change(
            jane,
            registration,
            contact_id=only,
            phone=(Contact.objects.get().phone, f"202555{phone}"),
            at=now - timedelta(minutes=minutes),
        )
    role = RoleName.STAFF_USER
    grant_role(user=ann, organization=here, name=role, actor=operations(), received_at=now)
    staff = Actor(kind=ActorKind.STAFF, name="Sam Staff", reason="Asked by phone on Friday.")
    confirmed = {"organization_id": here.pk, "object_id": registration.pk}
    audit.record(AuditAction.REGISTRATION_CONFIRMED, actor=staff, **confirmed)
    visitor.go(place)
    yield "organization_history", "some"
    visitor.go(f"/registrations/{registration.pk}/history/")
    yield "registration_history", "some"
    visitor.page.locator("summary").first.click()
    yield "registration_history", "unfolded"
    audit.record_all(
        audit.event(AuditAction.REGISTRATION_CONFIRMED, actor=staff, **confirmed)
        for _ in range(350)
    )
    visitor.go(f"/registrations/{registration.pk}/history/?page=2")
    yield "registration_history", "many"


HISTORY_JOURNEYS: list[Any] = [history]
