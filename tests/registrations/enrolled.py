"""Organizations of an explicit year as they stand after somebody registered them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import DURING_2022, RoleFactory
from tests.registrations.conftest import CONTACT

Offerings = Mapping[Product, Offering]
BOTH = (Product.WEB_INTERFACE, Product.CAHPS)


def begun(
    organization: Organization,
    offerings: Offerings,
    *,
    size: str = "25-99",
    contacts: Iterable[str] = ("Daniel",),
    **more: Any,
) -> Registration:
    """A registration with that size and those contacts, registered for nothing yet."""
    registration = Registration.objects.create(
        organization=organization,
        year=next(iter(offerings.values())).year,
        size=size,
        started_at=DURING_2022,
        changed_at=DURING_2022,
        changed_by="Jane Doe",
        **{"name": organization.name} | more,
    )
    for position, first_name in enumerate(contacts, start=1):
        values = {**CONTACT, "phone": "2025550123", "first_name": first_name}
        values["email"] = f"{first_name.lower()}.okafor@example.org"
        Contact.objects.create(registration=registration, position=position, **values)
    return registration


def enroll(
    organization: Organization,
    offerings: Offerings,
    products: Iterable[Product] = BOTH,
    *,
    status: str = "complete",
    origin: str = "official",
    **more: Any,
) -> Registration:
    """The same, registered for those products, or cancelled."""
    registration = begun(organization, offerings, **more)
    for product in products:
        Enrollment.objects.create(
            registration=registration,
            offering=offerings[product],
            status=status,
            origin=origin,
            completed_at=DURING_2022,
            cancelled_at=DURING_2022 if status == "cancelled" else None,
        )
    RegistrationNumber.objects.get_or_create(
        organization=organization,
        defaults={"number": 219_043 + RegistrationNumber.objects.count()},
    )
    return registration


def give(user: User, *organizations: Organization, name: str = "security_official") -> None:
    """The person gets the role on each."""
    for organization in organizations:
        RoleFactory(user=user, organization=organization, name=name)


def names(html: str) -> list[str]:
    """The organizations of a list, in its order."""
    return re.findall(r"<h3>([^<]+)</h3>", html)


def words(html: str) -> str:
    """What a person reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def item(html: str, name: str) -> str:
    """The organization's item of a list, on one line."""
    content = html.split("</main>", maxsplit=1)[0].split('<nav class="pages"', maxsplit=1)[0]
    found = next(part for part in content.split('<li class="offers"') if f"<h3>{name}</h3>" in part)
    return " ".join(found.split())


def offer(html: str, name: str, product: str) -> str:
    """One offering in the organization's item."""
    parts = item(html, name).split('<div class="offered">')[1:]
    return next(part for part in parts if f">{product}<" in part)
