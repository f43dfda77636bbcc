"""Every deed of the staff site leaves one event that names it, with who did it and why.

What was stored on the way, or ended by it, has events of its own: of the same request, person and
reason, and none of them is another deed's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.actors import operations
from accounts.admin.deeds import DeedAdmin
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.models import AuditEvent, DeviceReset, Message, RoleRequest, Session, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, FinalRoster, Offering, Registration, WindowExtension
from registrations.rosters.final import make_final_roster
from tests.conftest import signed_in_session
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
    explicit_year,
)
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import REASON, DeedPage, deed_of
from tests.staff.rows import Offerings, fill, of_person

pytestmark = pytest.mark.django_db
CONTACT = {
    "first_name": "Ada",
    "last_name": "Quill",
    "email": "ada.quill@example.org",
    "phone": "(202) 555-0177",
}


@dataclass
class World:
    """One organization of everything, and somebody with all rights."""

    offerings: Offerings
    practice: Organization = field(init=False)
    registration: Registration = field(init=False)
    jane: User = field(init=False)
    boss: User = field(init=False)

    def __post_init__(self) -> None:
        self.practice = OrganizationFactory(name="Better Business Health", identifier="000765630")
        self.jane = RoleFactory(
            organization=self.practice, user=UserFactory(user_id="jane.doe")
        ).user
        self.registration = enroll(
            self.practice,
            self.offerings,
            [Product.CAHPS],
            contacts=("Daniel", "Maria"),
            **INFORMATION,
        )
        self.boss = UserFactory(staff_group=StaffGroup.ADMINISTRATOR, first_name="Casey")
        of_person(OrganizationFactory(name="Orphan Practice"), "Pat")
        WindowExtension.objects.create(
            organization=self.practice,
            offering=self.cahps,
            until=CLOSES_2022.replace(day=9),
            reason="Flood",
            granted_by="Operations",
            granted_at=DURING_2022,
        )
        Message.objects.create(
            channel="email",
            to="daniel.okafor@example.org",
            subject="Registered",
            body="Registered",
            dedupe_key="x",
            status="failed",
            due_at=DURING_2022,
        )

    @property
    def cahps(self) -> Offering:
        return self.offerings[Product.CAHPS]

    @property
    def row(self) -> Enrollment:
        return self.registration.enrollments.get()

    def ended(self) -> Enrollment:
        row = self.row
        row.status, row.cancelled_at = "cancelled", DURING_2022
        row.save()
        return row

    def in_both(self) -> Enrollment:
        """Also registered for what wants 25 clinicians."""
        return Enrollment.objects.create(
            registration=self.registration,
            offering=self.offerings[Product.WEB_INTERFACE],
            status="complete",
            origin="official",
            completed_at=DURING_2022,
        )

    def fresh(self) -> Organization:
        return OrganizationFactory(name="Fresh Start Clinic")

    def disabled(self) -> User:
        User.objects.filter(pk=self.jane.pk).update(is_active=False)
        return self.jane

    def everywhere(self) -> User:
        """Signed in with two more browsers."""
        for _ in range(2):
            signed_in_session(self.jane, DURING_2022)
        return self.jane

    def nowhere(self) -> User:
        Session.objects.filter(user=self.jane).delete()
        return self.jane

    def unmatched(self) -> RoleRequest:
        RoleRequest.objects.update(organization=None)
        return RoleRequest.objects.get()

    def roster(self) -> FinalRoster:
        WindowExtension.objects.all().delete()
        late = CLOSES_2022.replace(day=20)
        return make_final_roster(offering_id=self.cahps.pk, actor=operations(), received_at=late)

    def closed(self) -> Offering:
        WindowExtension.objects.all().delete()
        Offering.objects.update(closes_at=DURING_2022.replace(day=1))
        return self.cahps


@dataclass(frozen=True)
class Done:
    """What is done: to which row, what is typed, and the events that it leaves.

    `names`: the one that names the deed; else the first. `of`: the part of the row; `part_field`:
    the field that takes it as well. `before`: what else has to be there.
    """

    row: Callable[[World], Any] | None
    typed: Mapping[str, str]
    events: tuple[str, ...]
    of: Callable[[World], object] = lambda _: ""
    part_field: str = ""
    names: str = ""
    before: Callable[[World], object] = lambda _: None


FILES = {
    f"{model._meta.model_name} export": Done(
        None, {}, ("list.exported",), before=lambda w: fill(1, w.offerings)
    )
    for model in admin.site._registry
}
TABLE: dict[str, Done] = {
    **FILES,
    "devicereset add": Done(
        None, {"user_id": "jane.doe", "identity_proof": "Called back"}, ("device_reset.asked",)
    ),
    "devicereset approve": Done(
        lambda w: DeviceReset.objects.get(), {}, ("device_reset.approved",)
    ),
    "devicereset deny": Done(lambda w: DeviceReset.objects.get(), {}, ("device_reset.denied",)),
    "message send-again": Done(
        lambda w: Message.objects.get(dedupe_key="x"), {}, ("message.resent",)
    ),
    "rolerequest approve": Done(
        lambda w: RoleRequest.objects.get(), {}, ("role_request.approved", "role.granted")
    ),
    "rolerequest deny": Done(lambda w: RoleRequest.objects.get(), {}, ("role_request.denied",)),
    "rolerequest match": Done(
        World.unmatched, {"kind": "group", "identifier": "000765630"}, ("role_request.matched",)
    ),
    "user disable": Done(lambda w: w.jane, {}, ("user.disabled", "session.ended")),
    "user enable": Done(World.disabled, {}, ("user.enabled",)),
    "user end-sessions": Done(
        lambda w: w.jane, {}, ("session.ended", "user.signed_out"), names="user.signed_out"
    ),
    "user end-sessions, in three browsers": Done(
        World.everywhere,
        {},
        (*["session.ended"] * 3, "user.signed_out"),
        names="user.signed_out",
    ),
    "user end-sessions, of nobody": Done(World.nowhere, {}, ("user.signed_out",)),
    "user rights": Done(lambda w: w.jane, {"group": "reader"}, ("rights.given", "session.ended")),
    "user view-as": Done(lambda w: w.jane, {}, ("view.begun",)),
    "organization correct": Done(
        lambda w: w.practice, {"name": "Better Health"}, ("organization.corrected",)
    ),
    "organization extend": Done(
        lambda w: w.practice,
        {"until": "2022-07-15 20:00"},
        ("extension.changed",),
        of=lambda w: w.cahps.pk,
    ),
    "organization end-extension": Done(
        lambda w: w.practice, {}, ("extension.ended",), of=lambda w: w.cahps.pk
    ),
    "organization participation": Done(
        lambda w: w.practice, {"size": "100+"}, ("participation.corrected",), of=lambda w: 2022
    ),
    "organization register": Done(
        lambda w: w.practice,
        {},
        ("registration.registered",),
        of=lambda w: w.offerings[Product.WEB_INTERFACE].pk,
    ),
    "organization register, nothing was begun": Done(
        World.fresh,
        {"size": "25-99", **INFORMATION, **CONTACT},
        ("registration.saved", "contact.added", "registration.registered"),
        of=lambda w: w.cahps.pk,
        names="registration.registered",
    ),
    "organization register, in an automatic year": Done(
        World.fresh,
        {"size": "25-99", **CONTACT},
        (
            *("registration.started", "registration.saved"),
            *("contact.added", "registration.completed"),
        ),
        of=lambda w: OfferingFactory(year=YearFactory(year=2023)).pk,
    ),
    "organization view-as": Done(lambda w: w.practice, {}, ("view.begun",)),
    "enrollment add-contact": Done(lambda w: w.row, CONTACT, ("contact.added",)),
    "enrollment change-contact": Done(
        lambda w: w.row,
        CONTACT,
        ("contact.saved",),
        of=lambda w: w.registration.contacts.order_by("position")[0].pk,
    ),
    "enrollment delete-contact": Done(
        lambda w: w.row,
        {},
        ("contact.deleted",),
        of=lambda w: w.registration.contacts.order_by("position")[0].pk,
        part_field="contact",
    ),
    "enrollment end": Done(lambda w: w.row, {}, ("registration.cancelled",)),
    "enrollment information": Done(lambda w: w.row, {"city": "Towson"}, ("registration.saved",)),
    "enrollment register": Done(World.ended, {}, ("registration.registered",)),
    "enrollment restore": Done(World.ended, {}, ("registration.restored",)),
    "enrollment size": Done(lambda w: w.row, {"size": "100+"}, ("registration.saved",)),
    "enrollment size, too small for one": Done(
        World.in_both,
        {"size": "2-24"},
        ("registration.saved", "registration.cancelled"),
    ),
    "enrollment write": Done(
        None, {"subject": "The survey", "text": "It begins."}, ("contacts.written_to",)
    ),
    "finalroster download": Done(World.roster, {"file": "registrations"}, ("list.exported",)),
    "offering final-roster": Done(World.closed, {}, ("roster.made",)),
    "offering roster": Done(lambda w: w.cahps, {"file": "registrations"}, ("list.exported",)),
    "offering window": Done(
        lambda w: w.cahps, {"closes_at": "2022-07-01 20:00"}, ("window.changed",)
    ),
    "performanceyear copy": Done(lambda w: w.cahps.year, {"year": "2030"}, ("year.added",)),
    "performanceyear settings": Done(
        lambda w: w.cahps.year, {"notice": "Call us."}, ("year.changed",)
    ),
}


def deeds() -> set[str]:
    """All that the staff site offers, as `model deed`."""
    found = set()
    for model, page in admin.site._registry.items():
        if isinstance(page, DeedAdmin):
            each = [*page.deeds, *([page.starts] if page.starts else [])]
            each += page.list_deeds if isinstance(page, ListDeedAdmin) else []
            found |= {f"{model._meta.model_name} {deed.name}" for deed in each}
    return found


def test_every_deed_is_here() -> None:
    assert {name.partition(",")[0] for name in TABLE} == deeds()


@pytest.mark.parametrize("name", TABLE)
def test_deed_leaves_one_event_that_names_it(name: str, june_2022: time_machine.Traveller) -> None:
    world, done = World(explicit_year()), TABLE[name]
    done.before(world)
    signed_in_session(world.jane, DURING_2022)
    client = Client()
    client.cookies["session"] = signed_in_session(world.boss, DURING_2022)
    address = _address(world, name, done)
    before = AuditEvent.objects.count()
    answer = _press(client, address, done, {done.part_field: str(done.of(world))})
    assert answer.status_code in {200, 302}
    new = AuditEvent.objects.order_by("id")[before:]
    assert tuple(event.action for event in new) == done.events
    assert {(event.actor_id, event.reason) for event in new} == {(str(world.boss.pk), REASON)}
    assert [event.action for event in new].count(done.names or done.events[0]) == 1
    (request_id,) = {event.request_id for event in new}
    assert request_id


def test_event_shows_what_else_its_request_left(june_2022: time_machine.Traveller) -> None:
    name = "organization register, nothing was begun"
    world, done = World(explicit_year()), TABLE[name]
    client = Client()
    client.cookies["session"] = signed_in_session(world.boss, DURING_2022)
    _press(client, _address(world, name, done), done, {})
    event = AuditEvent.objects.get(action=done.names)
    html = client.get(f"/staff/accounts/auditevent/{event.pk}/change/").content.decode()
    organization = Organization.objects.get(pk=event.organization_id)
    assert f'{event.organization_id}/change/">{organization.name}</a>' in html
    together = html.split("Left by the same request</h2>")[1].split("<h2")[0]
    assert "Contact added" in together
    assert "Registration changed" in together
    assert "Registered" not in together


def _address(world: World, name: str, done: Done) -> str:
    model, deed = name.partition(",")[0].split()
    if done.row:
        return deed_of(done.row(world), deed, done.of(world))
    label = next(
        found._meta.app_label for found in admin.site._registry if found._meta.model_name == model
    )
    return reverse(f"admin:{label}_{model}_{deed}")


def _press(client: Client, address: str, done: Done, part: Mapping[str, str]) -> Any:
    """Fill in, send, and confirm what is shown first."""
    page = DeedPage(client, address).open().fill(**done.typed, **part)
    answer = client.post(address, {**page.values, "reason": REASON})
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    elif b"Nothing is done yet" in answer.content:
        values = page.read(answer).clear("change").values
        answer = client.post(address, {**values, "reason": REASON})
    return answer
