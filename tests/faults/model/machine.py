"""Random people, times and deeds at one organization, each done in the model and in the system."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from accounts.actors import Actor, official, staff
from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from qpp_registration.errors import Refused
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import (
    ApmEntityFactory,
    OfferingFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.faults.model.model import STAFF, SYSTEM, Effects, Model

NOON = datetime(2023, 6, 1, 16, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=number) for number in (1, 60, 3600, 86400))
ORIGINS = {STAFF: "staff", SYSTEM: "automatic"}
# Two contacts with one mailbox, and one that is an official's.
CONTACTS = {"one": "one@example.org", "two": "One@Example.org", "three": "jane@example.org"}
PEOPLE = ("jane", "ken", "sam", "lee")
Times = tuple[timedelta, timedelta]

who = st.sampled_from(["jane", "jane", "jane", "ken", "ken", "sam", "lee"])
contact = st.sampled_from(list(CONTACTS))
phone = st.sampled_from(["2025550123", "2025550177", ""])
size = st.sampled_from(["2-24", "25-99", "100+"])
# How long it is until the next request, and how long its work takes. Officials come late.
BEFORE_THE_CLOSE, THE_CLOSE = -SECOND, 0 * SECOND
waits = st.sampled_from([SECOND, 5 * MINUTE, 11 * MINUTE, HOUR])
times = st.tuples(waits, st.just(0 * SECOND))
late_times = st.tuples(
    waits | st.sampled_from([BEFORE_THE_CLOSE, THE_CLOSE]),
    st.sampled_from([0 * SECOND, 0 * SECOND, 31 * SECOND, 32 * SECOND]),
)


class Machine(RuleBasedStateMachine):
    """One organization in one year. What a rule does is undone at the end of its example."""

    explicit = False
    outcomes: Counter[str]  # of all examples

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(NOON, tick=False)
        self.traveller = self.clock.start()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.clock.stop()

    def make_world(self, *, aco: bool) -> None:
        """Two Security Officials, a Staff User, and somebody without a role."""
        window = {"opens_at": NOON - DAY, "closes_at": NOON + 2 * DAY}
        found = explicit_year(**window).values() if self.explicit else [OfferingFactory(**window)]
        self.offerings: dict[str, Offering] = {str(one.product): one for one in found}
        self.year = next(iter(self.offerings.values())).year_id
        made: Any = ApmEntityFactory if aco else OrganizationFactory
        self.organization: Organization = made()
        ParticipationFactory(
            organization=self.organization, performance_year=self.year, shared_savings_program=aco
        )
        self.people: dict[str, User] = {
            name: UserFactory(user_id=name, email=f"{name}@example.org") for name in PEOPLE
        }
        roles = {"jane": "security_official", "ken": "security_official", "sam": "staff_user"}
        for name, role in roles.items():
            RoleFactory(user=self.people[name], organization=self.organization, name=role)
        self.cms = staff(UserFactory(is_staff=True), "Asked by phone")
        self.keys = {name: uuid4() for name in CONTACTS}
        self.number: int | None = None
        self.windows = dict.fromkeys(self.offerings, (NOON - DAY, NOON + 2 * DAY))
        self.extended: dict[str, datetime] = {}
        self.model = Model(
            explicit=self.explicit,
            aco=aco,
            now=NOON,
            windows={},
            address={
                **{name: f"{name}@example.org" for name in PEOPLE},
                **{name: address.casefold() for name, address in CONTACTS.items()},
            },
            roles=roles,
        )
        self.set_windows()

    def set_windows(self) -> None:
        """The windows of the organization, its extensions included."""
        self.model.windows = {
            what: (opens, max(closes, self.extended.get(what, closes)))
            for what, (opens, closes) in self.windows.items()
        }

    # --- One deed, in both --------------------------------------------------------------------

    def receive(self, times: tuple[timedelta, timedelta]) -> datetime:
        """A request comes in, and its work is done a while later; when it came."""
        wait, takes = times
        received_at = self.model.now + max(wait, SECOND)
        closes = [closes + wait for _, closes in self.model.windows.values()]
        if wait <= THE_CLOSE:
            received_at = min((at for at in closes if at > received_at), default=received_at)
        self.model.now = received_at + takes
        self.traveller.move_to(self.model.now)
        return received_at

    def compare(
        self,
        expect: Callable[[], Effects],
        do: Callable[[], object],
        *,
        of_registration: bool = True,
    ) -> None:
        """Do it in the model and in the system: the same is refused, written and told."""
        was, version, why = deepcopy(self.model), self.version(), ""
        try:
            effects = expect()
        except PermissionError as no:
            self.model, effects, why = was, None, str(no)
        try:
            do()
            refused = ""
        except (Refused, ObjectDoesNotExist) as error:
            refused = repr(error)
        assert not (effects and refused), refused
        assert refused or why != "never", "it was not refused"
        events, mails = effects or (0, Counter())
        assert AuditEvent.objects.filter(at=self.model.now).count() == events
        assert self.mailed() == mails
        assert (self.version() > version) == bool(effects and of_registration)
        self.agree()
        self.outcomes[
            "written"
            if effects
            else {"late": "too late", "never": "refused"}.get(why, "nothing to do")
        ] += 1

    def version(self) -> int:
        """The registration's; 0 while there is none."""
        found = Registration.objects.filter(organization=self.organization)
        return found.values_list("version", flat=True).first() or 0

    def mailed(self) -> Counter[str]:
        """To whom mail was queued just now."""
        new = Message.objects.filter(created_at=self.model.now).values_list("to", flat=True)
        return Counter(address.casefold() for address in new)

    def agree(self) -> None:
        """What is stored is what the model says."""
        rows = Enrollment.objects.filter(registration__organization=self.organization)
        stored = rows.values_list(
            "offering__product", "status", "origin", "completed_at", "cancelled_at"
        )
        said = {
            (what, status, ORIGINS.get(by, "official"), completed_at, cancelled_at)
            for what, (status, by, completed_at, cancelled_at) in self.model.enrolled.items()
        }
        assert set(stored) == said
        registration = self.registration
        assert (registration.size if registration else "") == self.model.size
        names = {key: name for name, key in self.keys.items()}
        contacts = Contact.objects.filter(registration__organization=self.organization)
        phones = {names[key]: phone for key, phone in contacts.values_list("pk", "phone")}
        assert phones == self.model.phones
        numbers = RegistrationNumber.objects.filter(organization=self.organization)
        number = numbers.values_list("number", flat=True).first()
        assert self.number in {None, number}, "a registration ID is for ever"
        self.number = number

    # --- What deeds are given -----------------------------------------------------------------

    @property
    def registration(self) -> Registration | None:
        """As stored, if there is one."""
        return Registration.objects.filter(organization=self.organization).first()

    def actor(self, name: str) -> Actor:
        """The person as an official."""
        return official(self.people[name])

    def enrollment(self, what: str) -> Enrollment:
        """As stored. Raises Enrollment.DoesNotExist."""
        return Enrollment.objects.get(
            registration__organization=self.organization, offering__product=what
        )

    def values(self, name: str, phone: str) -> dict[str, str]:
        """The fields of a contact."""
        return {
            "first_name": "Daniel",
            "last_name": f"Okafor {name}",
            "email": CONTACTS[name],
            "phone": phone,
            "extension": "",
        }

    def contact_edit(self, name: str, was: str, phone: str) -> dict[Any, ContactEdit]:
        """The form of a new contact, where nothing stood there; the phone of an old one."""
        values = {"phone": phone} if was else self.values(name, phone)
        fields = {key: FieldEdit(was="", now=value) for key, value in values.items()}
        fields["phone"] = FieldEdit(was=was, now=phone)
        return {self.keys[name]: ContactEdit(is_new=not was, fields=fields)}
