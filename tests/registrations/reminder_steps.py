"""Registrations that were begun and left, and runs of `send_reminders`."""

import io
from datetime import datetime, timedelta
from uuid import uuid4

import time_machine
from django.core.management import call_command

from accounts.actors import official
from accounts.models import Message, User
from organizations.models import Organization
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.enums import Product
from registrations.models import Offering, Registration, WindowExtension
from registrations.registering.start import start_registration
from tests.factories import DURING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERSON = {"first_name": "Daniel", "last_name": "Okafor", "email": "d@example.org"}


def started(
    user: User,
    organization: Organization,
    offering: Offering,
    *,
    size: str = "",
    phone: str | None = None,
    at: datetime = DURING,
) -> Registration:
    """A registration that the person began; a phone gives it a complete contact."""
    actor = official(user)
    registration = start_registration(
        organization_id=organization.pk, offering=offering, actor=actor, received_at=at
    )
    with time_machine.travel(at, tick=False):
        contact = {**PERSON, "phone": phone} if phone is not None else {}
        save(
            registration_id=registration.pk,
            product=Product.CAHPS,
            size=FieldEdit(was="", now=size) if size else None,
            contacts={
                uuid4(): ContactEdit(
                    is_new=True,
                    fields={name: FieldEdit(was="", now=value) for name, value in contact.items()},
                )
            },
            actor=actor,
            received_at=at,
        )
    return registration


def extend(organization: Organization, offering: Offering, until: datetime) -> None:
    WindowExtension.objects.create(
        organization=organization,
        offering=offering,
        until=until,
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )


def run(at: datetime, *options: str) -> str:
    """A run of the command at that moment: what it printed."""
    out = io.StringIO()
    with time_machine.travel(at, tick=False):
        call_command("send_reminders", *options, stdout=out)
    return out.getvalue()


def recipients() -> list[str]:
    return list(Message.objects.order_by("to").values_list("to", flat=True))
