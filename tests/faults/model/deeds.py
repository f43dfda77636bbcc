"""What officials do, and what happens to the window and to roles: the rules of the machine."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.actors import cms, official, operations
from accounts.enums import RoleName
from accounts.models import Role
from accounts.roles.granting import end_role, grant_role
from organizations.enums import OrganizationSize
from registrations.automatic.register import register_automatically
from registrations.details.contacts import delete_contact
from registrations.details.edits import FieldEdit
from registrations.details.save import save
from registrations.details.size import change_size
from registrations.details.update import delete_contact_of_year, update_details
from registrations.enums import Product
from registrations.mails.notices import compose_due
from registrations.registering.cancel import cancel_registration
from registrations.registering.delete import delete_registration
from registrations.registering.register import register
from registrations.registering.start import start_registration
from registrations.staff.extensions import end_extension, extend_window
from registrations.years.changes import change_window
from registrations.years.window_moves import compose_moves
from tests.faults.model.machine import (
    BEFORE_THE_CLOSE,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Machine,
    Times,
    contact,
    late_times,
    phone,
    size,
    times,
    who,
)
from tests.faults.model.model import STAFF, SYSTEM, Effects

product = st.sampled_from(["cahps", "web_interface"])
seldom = st.sampled_from([False, False, False, True])
near = st.sampled_from([-HOUR, MINUTE, HOUR, *[3 * DAY] * 4])


class Deeds(Machine):
    """Officials, the system, operations, the sender of mails, and time."""

    def of_registration(self, name: str, at: datetime) -> dict[str, Any]:
        """What every service of an automatic year is told."""
        registration = self.registration
        return {
            "registration_id": registration.pk if registration else uuid4(),
            "product": Product.CAHPS,
            "actor": official(self.people[name]),
            "received_at": at,
        }

    def of_year(self, name: str, at: datetime) -> dict[str, Any]:
        """What every service of an explicit year is told."""
        return {
            "organization_id": self.organization.pk,
            "year": self.year,
            "actor": official(self.people[name]),
            "received_at": at,
        }

    def offered(self, what: str) -> str:
        """The product, or the one that the year has."""
        return what if what in self.offerings else "cahps"

    @rule(who=who, what=product, times=late_times)
    def begin_to_register(self, who: str, what: str, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)
        if self.explicit:
            self.compare(
                lambda: self.model.change("register", who, at, what),
                lambda: register(product=Product(what), **self.of_year(who, at)),
            )
        else:
            self.compare(
                lambda: self.model.change("start", who, at, what),
                lambda: start_registration(
                    organization_id=self.organization.pk,
                    offering=self.offerings[what],
                    actor=official(self.people[who]),
                    received_at=at,
                ),
            )

    @rule(who=who, what=product, times=late_times)
    def end(self, who: str, what: str, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)
        self.compare(
            lambda: self.model.change("end", who, at, what),
            (lambda: cancel_registration(product=Product(what), **self.of_year(who, at)))
            if self.explicit
            else (lambda: delete_registration(**self.of_registration(who, at))),
        )

    @rule(who=who, name=contact, phone=phone, stale=seldom, times=late_times)
    def write_contact(self, who: str, name: str, phone: str, stale: bool, times: Times) -> None:
        at = self.receive(times)
        was = "2025550199" if stale else self.model.phones.get(name, "")
        edit = self.contact_edit(name, was, phone)
        self.compare(
            lambda: self.model.edit(who, at, None, (name, was, phone)),
            (lambda: update_details(information={}, contacts=edit, **self.of_year(who, at)))
            if self.explicit
            else (lambda: save(size=None, contacts=edit, **self.of_registration(who, at))),
        )

    @rule(who=who, name=contact, phone=phone, takes=st.sampled_from([31 * SECOND, 32 * SECOND]))
    def write_in_the_last_second(self, who: str, name: str, phone: str, takes: Any) -> None:
        times = BEFORE_THE_CLOSE, takes
        self.write_contact(who=who, name=name, phone=phone, stale=False, times=times)

    @rule(who=who, name=contact, times=late_times)
    def delete_contact(self, who: str, name: str, times: Times) -> None:
        at, key = self.receive(times), self.keys[name]
        self.compare(
            lambda: self.model.edit(who, at, None, (name, "", None)),
            (lambda: delete_contact_of_year(contact_id=key, **self.of_year(who, at)))
            if self.explicit
            else (lambda: delete_contact(contact_id=key, **self.of_registration(who, at))),
        )

    @rule(who=who, size=size, accepts=st.booleans(), stale=seldom, times=late_times)
    def choose_size(self, who: str, size: str, accepts: bool, stale: bool, times: Times) -> None:
        at = self.receive(times)
        was = "100+" if stale else self.model.size
        if not self.explicit:
            edit = FieldEdit(was=was, now=size)
            self.compare(
                lambda: self.model.edit(who, at, (was, size), None),
                lambda: save(size=edit, contacts={}, **self.of_registration(who, at)),
            )
            return
        accepted = list(self.offerings) if accepts else []
        self.compare(
            lambda: self.change_size(who, at, was, size, accepts=accepts),
            lambda: change_size(
                was=was,
                size=OrganizationSize(size),
                accepts=[Product(what) for what in accepted],
                **self.of_year(who, at),
            ),
        )

    def change_size(self, who: str, at: datetime, was: str, size: str, *, accepts: bool) -> Effects:
        """In explicit years a size ends what it is too small for, and nothing by surprise."""
        model = self.model
        model.require(who, at, *model.windows)
        ended = {"web_interface"} & set(model.complete()) if size == "2-24" else set()
        for what in ended:
            model.require(who, at, what)
        if (ended and not accepts) or model.size not in {was, size}:
            raise PermissionError("never")
        if model.size == size:
            return None
        of_end = [model.change("end", who, at, what) for what in ended]
        notice = model.notice
        model.edit(STAFF, at, (was, size), None)
        model.notice = notice if ended else model.notice
        return 1 + len(ended), of_end[0][1] if of_end and of_end[0] else Counter()

    # --- The system and operations ------------------------------------------------------------

    @rule(times=times)
    def register_by_itself(self, times: Times) -> None:
        at, model = self.receive(times), self.model
        whats = ["web_interface"] if self.explicit and not model.aco else []
        whats = list(self.offerings) if model.aco else whats

        def expect() -> Effects:
            if at >= max(closes for _, closes in self.windows.values()):
                raise PermissionError("never")
            small = {"web_interface"} if model.size == "2-24" else set()
            done = [
                model.change("automatic", SYSTEM, at, what)
                for what in whats
                if at < model.windows[what][1] and what not in small
            ]
            told = [effects for effects in done if effects]
            return (len(told), told[0][1]) if told else None

        prior = [self.organization.pk] if whats == ["web_interface"] else []
        self.compare(
            expect,
            lambda: register_automatically(
                year=self.year, prior_submitters=prior, actor=cms(), received_at=at
            ),
        )

    @rule(what=product, opens=st.sampled_from([*[-DAY] * 5, HOUR]), closes=near, times=times)
    def move_window(self, what: str, opens: Any, closes: Any, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)
        window = (at + opens, at + closes)

        def expect() -> Effects:
            if window[1] <= window[0]:
                raise PermissionError("never")
            self.windows[what] = window
            self.set_windows()
            is_told = self.runs(what) or what in self.extended
            return 1, Counter(self.model.officials() if is_told else ())

        def do() -> None:
            change_window(
                year=self.year,
                product=Product(what),
                opens_at=window[0],
                closes_at=window[1],
                actor=operations("Flood"),
                received_at=at,
            )
            compose_moves(at=at)

        self.compare(expect, do, of_registration=False)

    def runs(self, what: str) -> bool:
        """Whether it is begun or complete."""
        return self.model.enrolled.get(what, ("cancelled",))[0] != "cancelled"

    @rule(what=product, until=near, times=times)
    def extend(self, what: str, until: Any, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)

        def expect() -> Effects:
            if at + until <= max(at, self.windows[what][1]):
                raise PermissionError("never")
            self.extended[what] = at + until
            self.set_windows()
            return 1, Counter(self.model.officials())

        self.compare(
            expect,
            lambda: extend_window(
                organization_id=self.organization.pk,
                offering_id=self.offerings[what].pk,
                until=at + until,
                actor=self.cms,
                received_at=at,
            ),
            of_registration=False,
        )

    @rule(what=product, times=times)
    def end_extension(self, what: str, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)
        is_there = self.extended.pop(what, None) is not None
        self.set_windows()
        self.compare(
            lambda: (1, Counter(self.model.officials())) if is_there else None,
            lambda: end_extension(
                organization_id=self.organization.pk,
                offering_id=self.offerings[what].pk,
                actor=self.cms,
                received_at=at,
            ),
            of_registration=False,
        )

    # --- Roles and the sender -----------------------------------------------------------------

    @rule(who=who, role=st.sampled_from(RoleName), times=times)
    def grant(self, who: str, role: RoleName, times: Times) -> None:
        at, is_new = self.receive(times), self.model.roles.get(who) != role
        self.model.roles[who] = role.value
        self.compare(
            lambda: (1, Counter()) if is_new else None,
            lambda: grant_role(
                user=self.people[who],
                organization=self.organization,
                name=role,
                actor=operations(),
                received_at=at,
            ),
            of_registration=False,
        )

    @rule(who=who, times=times)
    def leave(self, who: str, times: Times) -> None:
        at = self.receive(times)
        role = Role.objects.filter(user=self.people[who], organization=self.organization).first()

        def expect() -> Effects:
            if who not in self.model.roles or self.model.officials() == {f"{who}@example.org"}:
                raise PermissionError("never")
            del self.model.roles[who]
            return 1, Counter(self.model.officials())

        self.compare(
            expect,
            lambda: end_role(
                role_id=role.pk if role else uuid4(),
                actor=official(self.people[who]),
                received_at=at,
            ),
            of_registration=False,
        )

    @rule(times=times)
    def send(self, times: Times) -> None:
        self.receive(times)
        notice = self.model.notice
        is_due = notice is not None and notice[1] <= self.model.now
        self.compare(
            lambda: (0, self.model.settle()) if is_due else None,
            lambda: compose_due(at=self.model.now),
            of_registration=False,
        )
