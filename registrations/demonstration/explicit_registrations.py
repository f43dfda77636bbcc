"""Registrations of the years in which Register is pressed: a closed one, and one that is open.

Made by the services that the pages use, so that they look as if people had made them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.actors import Actor, cms
from accounts.enums import ActorKind, MessageStatus
from accounts.models import Message, User
from organizations.enums import OrganizationSize
from organizations.models import Organization
from registrations.automatic.register import register_automatically
from registrations.demonstration.registrations import NAMES
from registrations.demonstration.years import CLOSED_YEAR
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.size import change_size
from registrations.details.update import update_details
from registrations.enums import Product
from registrations.models import ChangeNotice, Registration
from registrations.registering.cancel import cancel_registration
from registrations.registering.register import register
from registrations.sampling.file import load_sampling_results

YEAR = 2022
SAMPLING_RESULTS = Path(__file__).with_name("sampling_results.csv")
IN_THE_CLOSED_WINDOW = datetime(2021, 5, 4, 15, 12, tzinfo=UTC)
WEB_INTERFACE, CAHPS = Product.WEB_INTERFACE, Product.CAHPS
SMALL, MEDIUM, LARGE = OrganizationSize


@dataclass(frozen=True, kw_only=True)
class State:
    """What becomes of an organization: size, registrations, those that were cancelled again, and
    fields of its information that were changed."""

    size: OrganizationSize
    registered: Sequence[Product] = ()
    cancelled: Sequence[Product] = ()
    information: Mapping[str, str] | None = None


BOTH = (WEB_INTERFACE, CAHPS)
# By identifier. Jane Doe's other organizations have no size yet, or are registered automatically.
BEFORE = {
    "000633207": State(
        size=MEDIUM, registered=BOTH, information={"address1": "5 Chapel Street", "address2": ""}
    ),
    "000187462": State(size=LARGE, registered=(WEB_INTERFACE,)),
}
OF_JANE = {
    "000765630": State(size=MEDIUM),
    "000412875": State(size=SMALL, registered=(CAHPS,)),
    "000187462": State(size=LARGE, registered=BOTH),
    "000820159": State(size=MEDIUM, registered=(WEB_INTERFACE,), cancelled=(WEB_INTERFACE,)),
    "VG-000101": State(size=MEDIUM, registered=(WEB_INTERFACE,)),
}
SUBMITTED_BEFORE = "000633207"
# Of the other official's practices, over and over; the ones after these have no size.
OF_MANY = (
    State(size=SMALL, registered=(CAHPS,)),
    State(size=MEDIUM, registered=BOTH),
    State(size=MEDIUM),
    State(size=LARGE, registered=(WEB_INTERFACE,)),
    State(size=LARGE, registered=BOTH, cancelled=(CAHPS,)),
)
HOW_MANY = 20


def load_explicit_registrations(now: datetime) -> None:
    """Register in both years, where nobody did yet. What was told then isn't sent now."""
    if Registration.objects.filter(year=YEAR).exists():
        return
    jane, many = (User.objects.get_by_natural_key(name) for name in ("jane.doe", "many.official"))
    with transaction.atomic():
        _bring(CLOSED_YEAR, _found(BEFORE), jane, IN_THE_CLOSED_WINDOW)
        submitter = Organization.objects.get(identifier=SUBMITTED_BEFORE)
        register_automatically(
            year=YEAR,
            prior_submitters=[submitter.pk],
            actor=cms(),
            received_at=now - timedelta(days=6),
        )
        _bring(YEAR, _found(OF_JANE), jane, now - timedelta(hours=30))
        practices = Organization.objects.filter(roles__user=many, identifier__startswith="001")
        some = practices.order_by("identifier").values_list("pk", flat=True)[:HOW_MANY]
        states = {pk: OF_MANY[place % len(OF_MANY)] for place, pk in enumerate(some)}
        _bring(YEAR, states, many, now - timedelta(hours=20))
        load_sampling_results(
            SAMPLING_RESULTS, year=CLOSED_YEAR, actor=cms(), received_at=now - timedelta(days=6)
        )
        ChangeNotice.objects.all().delete()
        Message.objects.filter(status=MessageStatus.QUEUED, about__isnull=False).update(
            status=MessageStatus.SENT, sent_at=now
        )


def _found(states: Mapping[str, State]) -> dict[UUID, State]:
    known = Organization.objects.filter(identifier__in=states).order_by("identifier")
    return {organization.pk: states[organization.identifier] for organization in known}


def _bring(year: int, states: Mapping[UUID, State], user: User, at: datetime) -> None:
    """Bring organizations to their states, a few minutes apart."""
    # As staff: a closed year takes nothing from officials any more.
    kind = ActorKind.STAFF if year == CLOSED_YEAR else ActorKind.OFFICIAL
    actor = Actor(kind=kind, name=user.full_name, user=user)
    for place, (organization_id, state) in enumerate(states.items()):
        _Bringing(year, organization_id, actor, at + timedelta(minutes=7 * place)).to(state, place)


@dataclass(frozen=True)
class _Bringing:
    year: int
    organization_id: UUID
    actor: Actor
    received_at: datetime

    def to(self, state: State, place: int) -> None:
        common: dict[str, Any] = {
            "organization_id": self.organization_id,
            "year": self.year,
            "actor": self.actor,
            "received_at": self.received_at,
        }
        change_size(was="", size=state.size, accepts=(), **common)
        if state.registered:
            self._add_details(state, place)
        for product in state.registered:
            register(product=product, **common)
        for product in state.cancelled:
            cancel_registration(product=product, **common)

    def _add_details(self, state: State, place: int) -> None:
        first_name, last_name = NAMES[place % len(NAMES)]
        values = {
            "first_name": first_name,
            "last_name": last_name,
            "email": f"contact{place}.{self.year}@example.org",
            "phone": f"20255501{place % 100:02}",
            "extension": "",
        }
        contact = ContactEdit(
            is_new=True, fields={name: FieldEdit(was="", now=now) for name, now in values.items()}
        )
        registration = Registration.objects.get(organization=self.organization_id, year=self.year)
        update_details(
            organization_id=self.organization_id,
            year=self.year,
            information={
                name: FieldEdit(was=getattr(registration, name), now=now)
                for name, now in (state.information or {}).items()
            },
            contacts={uuid5(self.organization_id, str(self.year)): contact},
            actor=self.actor,
            received_at=self.received_at,
        )
