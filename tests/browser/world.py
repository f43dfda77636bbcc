"""What the walks begin with: a year whose window is open now, people and their organizations.

The browser's clock can't be moved, so the window is laid around the real time.
"""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from accounts.actors import official
from accounts.enums import RoleName
from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.models import Offering, Registration
from registrations.registering.start import start_registration
from tests.factories import (
    ApmEntityFactory,
    DeviceFactory,
    OfferingFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)

BETTER, TIN = "Better Business Health", "000765630"
PRACTICES = "/registration/2023/cahps/practices/"
HOURS = timedelta(hours=5)  # on the last day of a window


def open_offering(*, closes_in: timedelta = timedelta(days=30), **more: Any) -> Offering:
    """CAHPS in 2023, open since ten days; `closes_in` may be negative."""
    now = clock.now()
    dates = {"opens_at": now - timedelta(days=10), "closes_at": now + closes_in}
    return OfferingFactory(**(dates | more))


def unopened_offering() -> Offering:
    """CAHPS in 2023, not open before three days."""
    return open_offering(opens_at=clock.now() + timedelta(days=3))


def close(offering: Offering) -> None:
    """The window closes just now."""
    offering.closes_at = clock.now()
    offering.save(update_fields=["closes_at"])


def move(offering: Offering, **dates: timedelta) -> None:
    """Lay the window anew: opens_at and closes_at, from now on."""
    for name, distance in dates.items():
        setattr(offering, name, clock.now() + distance)
    offering.save()


def person(first_name: str = "Jane", last_name: str = "Doe", *, device: bool = True) -> User:
    """Somebody with a phone, as far as `device`."""
    user = UserFactory(
        user_id=f"{first_name}.{last_name}".lower(), first_name=first_name, last_name=last_name
    )
    if device:
        DeviceFactory(user=user, address="2025550123")
    return user


def practice(
    user: User,
    name: str = BETTER,
    identifier: str = TIN,
    role: RoleName = RoleName.SECURITY_OFFICIAL,
) -> Organization:
    """A group on which the person has the role."""
    organization = OrganizationFactory(name=name, identifier=identifier)
    RoleFactory(user=user, organization=organization, name=role)
    return organization


def practices(user: User, number: int) -> list[Organization]:
    """Many groups, named in the order of the list."""
    return [
        practice(user, f"Practice {place:03}", f"001{place:06}") for place in range(1, number + 1)
    ]


def all_kinds(user: User, year: int = 2023) -> None:
    """A practice, an approved and an unapproved virtual group, two APM Entities, one an ACO."""
    practice(user)
    approved = VirtualGroupFactory(name="Harbor Virtual Group")
    refused = VirtualGroupFactory(name="Valley Virtual Group")
    entity = ApmEntityFactory(name="Orchard APM Entity")
    aco = ApmEntityFactory(name="Riverside ACO")
    ParticipationFactory(organization=approved, performance_year=year, approved=True)
    ParticipationFactory(organization=aco, performance_year=year, shared_savings_program=True)
    for organization in (approved, refused, entity, aco):
        RoleFactory(user=user, organization=organization)


def contact(first_name: str = "Pat", last_name: str = "Example", **more: str) -> dict[str, str]:
    """The values of a complete contact."""
    mail = f"{first_name}.{last_name}@example.org".lower()
    values = {"first_name": first_name, "last_name": last_name, "email": mail}
    return values | {"phone": "2025550144", "extension": ""} | more


def registered(
    user: User,
    organization: Organization,
    offering: Offering,
    *contacts: dict[str, str],
    size: str = "2-24",
    at: datetime | None = None,
) -> Registration:
    """A registration made by the person; complete with a size and a complete contact."""
    at = at or clock.now()
    registration = start_registration(
        organization_id=organization.pk, offering=offering, actor=official(user), received_at=at
    )
    change(user, registration, *contacts, size=size, at=at)
    return registration


def change(
    user: User,
    registration: Registration,
    *contacts: dict[str, str],
    size: str = "",
    at: datetime | None = None,
    contact_id: UUID | None = None,
    **fields: tuple[str, str],
) -> None:
    """Save as the person: new contacts, a size, and fields of a contact as (before, after)."""
    edits = {
        uuid4(): ContactEdit(
            is_new=True, fields={name: FieldEdit(was="", now=now) for name, now in values.items()}
        )
        for values in contacts
    }
    if contact_id:
        edits[contact_id] = ContactEdit(
            is_new=False,
            fields={name: FieldEdit(was=was, now=now) for name, (was, now) in fields.items()},
        )
    registration.refresh_from_db()
    save(
        registration_id=registration.pk,
        product="cahps",
        size=FieldEdit(was=registration.size, now=size) if size else None,
        contacts=edits,
        actor=official(user),
        received_at=at or clock.now(),
    )


def address(registration: Registration, page: str = "") -> str:
    """The address of a page of the registration."""
    return f"/registrations/{registration.pk}/cahps/{page}"


def newest_code() -> str:
    """The one-time code that was sent last."""
    lines = (Path(settings.VAR_DIR) / "messages.jsonl").read_text().splitlines()
    found = re.search(r"\b\d{6}\b", json.loads(lines[-1])["body"])
    assert found
    return found[0]
