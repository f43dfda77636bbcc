"""An official with many practices, and the pages for many at once as a browser sends them."""

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from accounts.actors import official
from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from registrations.registering.start import start_registration
from tests.factories import DURING, OrganizationFactory, RoleFactory

LIST = "/registration/2023/cahps/practices/"
MANY = f"{LIST}many/"
PEOPLE = "/registration/2023/cahps/people/"
PAT = {
    "first_name": "Pat",
    "last_name": "Example",
    "email": "pat.example@example.org",
    "phone": "2025550144",
    "extension": "",
}
ALEX = {**PAT, "first_name": "Alex", "email": "alex@example.org", "phone": "2025550155"}


def practices(user: User, number: int, role: str = "security_official") -> list[Organization]:
    """So many practices of the person, named in their order."""
    made: list[Organization] = []
    for place in range(number):
        organization = OrganizationFactory(name=f"Practice {place:03}")
        RoleFactory(user=user, organization=organization, name=role)
        made.append(organization)
    return made


def registered(
    user: User,
    organization: Organization,
    offering: Offering,
    *contacts: dict[str, str],
    size: str = "2-24",
) -> Registration:
    """A registration of the person, with that size and these contacts."""
    registration = start_registration(
        organization_id=organization.pk,
        offering=offering,
        actor=official(user),
        received_at=DURING,
    )
    save(
        registration_id=registration.pk,
        product=Product.CAHPS,
        size=FieldEdit(was="", now=size) if size else None,
        contacts={
            uuid4(): ContactEdit(
                is_new=True,
                fields={name: FieldEdit(was="", now=value) for name, value in values.items()},
            )
            for values in contacts
        },
        actor=official(user),
        received_at=DURING,
    )
    return registration


def text(answer: Any) -> str:
    """The page's text without tags, spaces as one."""
    html = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def sent(answer: Any, form: str) -> dict[str, Any]:
    """What a browser would send from the form whose tag holds that text."""
    html = answer.content.decode()
    start = next(found for found in re.finditer(r"<form[^>]*>", html) if form in found[0])
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html[start.end() :].split("</form>")[0]):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        ticked = re.search(r"\schecked\b", tag)
        if attributes.get("type") in {"checkbox", "radio"} and not ticked:
            continue
        values.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
    return values


def chosen_on_list(client: Client, organizations: list[Organization], **more: str) -> Any:
    """Tick them on the list and press Register selected for CAHPS."""
    keys = [str(organization.pk) for organization in organizations]
    return client.post(MANY, {"organization": keys, **more})


def sizes_filled(answer: Any, size: str = "2-24", **contact: str) -> dict[str, Any]:
    """The sizes page with the same size for all and the first contact filled in."""
    values = sent(answer, 'class="steps"')
    values["same_size"] = [size]
    for name, value in (PAT | contact).items():
        values[f"contact-0-{name}"] = [value]
    return values


def reviewed(client: Client, organizations: list[Organization], **contact: str) -> Any:
    """The review of registering these, with the same size for all."""
    return client.post(MANY, sizes_filled(chosen_on_list(client, organizations), **contact))


def confirmed(client: Client, review: Any) -> Any:
    """Press the one button of a review."""
    return client.post(review.request["PATH_INFO"], {**sent(review, "actions"), "confirm": "1"})


def statuses() -> dict[UUID, str]:
    """Where each organization's enrollment stands."""
    found = Enrollment.objects.values_list("registration__organization", "status")
    return dict(found)


def written() -> tuple[Any, ...]:
    """Everything that these pages can write."""
    return (
        list(Registration.objects.order_by("pk").values()),
        list(Enrollment.objects.order_by("pk").values()),
        list(Contact.objects.order_by("pk").values()),
        list(RegistrationNumber.objects.order_by("pk").values()),
        AuditEvent.objects.exclude(action="access.refused").count(),
        Message.objects.count(),
    )


def outcome_of(answer: Any, name: str) -> str:
    """What the row of that organization says, on a review or an outcome."""
    rows = re.findall(r"<tr>.*?</tr>", answer.content.decode(), flags=re.DOTALL)
    row = next(row for row in rows if name in row)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row))).strip()


def url(registration: Registration, page: str) -> str:
    """The address of one of its pages."""
    return f"/registrations/{registration.pk}/cahps/{page}"


def mails(registration: Registration) -> list[str]:
    """The e-mails of its contacts."""
    return sorted(registration.contacts.values_list("email", flat=True))


def close(offering: Offering) -> None:
    """Close the window."""
    offering.closes_at = DURING
    offering.save()


def contact_of(registration: Registration, email: str = ALEX["email"]) -> Contact:
    """Its contact with that e-mail."""
    return Contact.objects.get(registration=registration, email=email)
