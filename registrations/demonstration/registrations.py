"""Registrations in different states, so that long lists, filters and figures show something."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from accounts.actors import Actor, official
from accounts.models import User
from organizations.enums import OrganizationSize
from organizations.models import Organization
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.enums import Product
from registrations.models import Offering, Registration
from registrations.registering.delete import delete_registration
from registrations.registering.start import start_registration

OFFICIAL = "many.official"
YEAR = 2023
# Of the official's practices by identifier; the ones after these aren't started.
COMPLETE, WITHOUT_CONTACT, WITHOUT_SIZE, DELETED = 26, 8, 5, 3
SIZES = (OrganizationSize.SMALL, OrganizationSize.SMALL, OrganizationSize.MEDIUM)
NAMES = (
    *(("Amara", "Osei"), ("Bruno", "Keller"), ("Chiara", "Fontaine"), ("Dmitri", "Halvorsen")),
    *(("Esperanza", "Núñez"), ("Farid", "Rahimi"), ("Grace", "O’Dell"), ("Hiro", "Tanabe")),
)


def load_registrations(now: datetime) -> None:
    """Register some of the official's practices, where none of them was ever started."""
    user = User.objects.get_by_natural_key(OFFICIAL)
    if Registration.objects.filter(organization__roles__user=user, year=YEAR).exists():
        return
    offering = Offering.objects.get(year=YEAR, product=Product.CAHPS)
    # The practice that the official shares with another one is left as it is.
    organizations = (
        Organization.objects.filter(roles__user=user, identifier__startswith="001")
        .order_by("identifier")
        .values_list("pk", flat=True)[: COMPLETE + WITHOUT_CONTACT + WITHOUT_SIZE + DELETED]
    )
    with transaction.atomic():
        for position, organization_id in enumerate(organizations):
            _Registering(
                registration=start_registration(
                    organization_id=organization_id,
                    offering=offering,
                    actor=official(user),
                    received_at=now - timedelta(minutes=37 * (position + 1)),
                ),
                actor=official(user),
                received_at=now - timedelta(minutes=37 * position + 30),
            ).bring_to_state(position)


class _Registering:
    """One registration on its way to the state that its position in the list gives it."""

    def __init__(self, *, registration: Registration, actor: Actor, received_at: datetime) -> None:
        self.registration = registration
        self.actor = actor
        self.received_at = received_at

    def bring_to_state(self, position: int) -> None:
        incomplete = position - COMPLETE
        has_size = not WITHOUT_CONTACT <= incomplete < WITHOUT_CONTACT + WITHOUT_SIZE
        has_contact = not 0 <= incomplete < WITHOUT_CONTACT
        self._save(position, has_size=has_size, has_contact=has_contact)
        if incomplete >= WITHOUT_CONTACT + WITHOUT_SIZE:
            delete_registration(
                registration_id=self.registration.pk,
                product=Product.CAHPS,
                actor=self.actor,
                received_at=self.received_at,
            )

    def _save(self, position: int, *, has_size: bool, has_contact: bool) -> None:
        first_name, last_name = NAMES[position % len(NAMES)]
        fields = {
            "first_name": first_name,
            "last_name": last_name,
            "email": f"contact{position}@example.org",
            "phone": f"20255501{position % 100:02}",
            "extension": str(100 + position) if position % 5 == 0 else "",
        }
        contact = ContactEdit(
            is_new=True, fields={name: FieldEdit(was="", now=now) for name, now in fields.items()}
        )
        save(
            registration_id=self.registration.pk,
            product=Product.CAHPS,
            size=FieldEdit(was="", now=SIZES[position % len(SIZES)]) if has_size else None,
            contacts={uuid4(): contact} if has_contact else {},
            actor=self.actor,
            received_at=self.received_at,
        )
