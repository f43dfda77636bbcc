"""What CMS staff does at an organization: the machine's rules for it."""

from collections import Counter
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from organizations.enums import OrganizationSize
from registrations.enums import Product
from registrations.models import Registration
from registrations.staff.modify import (
    add_contact_for,
    change_contact_for,
    change_size_for,
    delete_contact_for,
)
from registrations.staff.register import Given, register_for
from registrations.staff.restore import end_registration, restore_registration
from tests.faults.model.deeds import Deeds, product, seldom
from tests.faults.model.machine import SECOND, Times, contact, phone, size, times
from tests.faults.model.model import STAFF, Effects


class StaffDeeds(Deeds):
    """Role and window don't count for staff; all else does, and the officials hear of it."""

    @initialize(aco=seldom, is_ahead=st.sampled_from([True, True, False]))
    def begin(self, aco: bool, is_ahead: bool) -> None:
        """`is_ahead`: staff registered it already."""
        self.make_world(aco=aco)
        if is_ahead:
            self.staff_registers("cahps", "25-99", "one", (SECOND, 0 * SECOND))

    @property
    def is_there(self) -> bool:
        """Whether there is a registration for staff to look at."""
        return bool(self.model.enrolled)

    def some(self, at: datetime, what: str = "") -> dict[str, Any]:
        """What every service is told about the registration that staff looks at."""
        what = what if what in self.model.enrolled else next(iter(self.model.enrolled))
        return {"enrollment": self.enrollment(what), "actor": self.cms, "received_at": at}

    def told(self, effects: Effects) -> Effects:
        """All Security Officials hear of what staff did, each once."""
        return effects and (effects[0], effects[1] | Counter(self.model.officials()))

    @property
    def version_seen(self) -> int:
        """The version that staff looks at."""
        return Registration.objects.get(organization=self.organization).version

    @rule(what=product, size=st.none() | size, name=st.none() | contact, times=times)
    def staff_registers(self, what: str, size: str | None, name: str | None, times: Times) -> None:
        at, what = self.receive(times), self.offered(what)
        given = Given(
            size=OrganizationSize(size) if size else None,
            contact=self.values(name, "2025550123") if name else {},
            contact_id=self.keys[name] if name else None,
        )
        self.compare(
            lambda: self.registered(at, what, size, name),
            lambda: register_for(
                organization_id=self.organization.pk,
                offering=self.offerings[what],
                given=given,
                actor=self.cms,
                received_at=at,
            ),
        )

    def registered(self, at: datetime, what: str, size: str | None, name: str | None) -> Effects:
        """Both the registering and what is given along with it, or neither."""
        model = self.model
        if what in model.complete():
            return None
        ends = size == "2-24" and "web_interface" in model.complete()
        first = None if self.explicit else model.change("start", STAFF, at, what)
        if (self.explicit and ends) or (size and model.size not in {"", size}):
            raise PermissionError("never")
        edits = (model.size, size) if size else None, (name, "", "2025550123") if name else None
        rest = model.edit(STAFF, at, *edits)
        first = model.change("register", STAFF, at, what) if self.explicit else first
        done = [effects for effects in (first, rest) if effects]
        mails = first[1] if first else Counter(model.officials())
        return (sum(events for events, _ in done), mails) if done else None

    @precondition(lambda self: self.is_there)
    @rule(size=size, accepts=st.booleans(), times=times)
    def staff_changes_size(self, size: str, accepts: bool, times: Times) -> None:
        at, was = self.receive(times), self.model.size

        def expect() -> Effects:
            if was == size:
                return None
            if self.explicit:
                return self.told(self.change_size(STAFF, at, was, size, accepts=accepts))
            return self.told(self.model.edit(STAFF, at, (was, size), None))

        self.compare(
            expect,
            lambda: change_size_for(
                size=OrganizationSize(size),
                accepts=[Product(what) for what in self.offerings] if accepts else [],
                expected_version=self.version_seen,
                **self.some(at),
            ),
        )

    @precondition(lambda self: self.is_there)
    @rule(name=contact, phone=phone, times=times)
    def staff_writes_contact(self, name: str, phone: str, times: Times) -> None:
        at, was = self.receive(times), self.model.phones.get(name)
        more = {"contact_id": self.keys[name], "values": self.values(name, phone)}
        self.compare(
            lambda: (
                None
                if was == phone
                else self.told(self.model.edit(STAFF, at, None, (name, was or "", phone)))
            ),
            (lambda: add_contact_for(**more, **self.some(at)))
            if was is None
            else (
                lambda: change_contact_for(
                    expected_version=self.version_seen, **more, **self.some(at)
                )
            ),
        )

    @precondition(lambda self: self.is_there)
    @rule(name=contact, times=times)
    def staff_deletes_contact(self, name: str, times: Times) -> None:
        at = self.receive(times)
        self.compare(
            lambda: self.told(self.model.edit(STAFF, at, None, (name, "", None))),
            lambda: delete_contact_for(contact_id=self.keys[name], **self.some(at)),
        )

    @precondition(lambda self: self.is_there)
    @rule(what=product, times=times)
    def staff_ends(self, what: str, times: Times) -> None:
        at = self.receive(times)
        asked = self.some(at, what)
        self.compare(
            lambda: self.model.change("end", STAFF, at, asked["enrollment"].offering.product),
            lambda: end_registration(**asked),
        )

    @precondition(lambda self: self.is_there)
    @rule(what=product, times=times)
    def staff_restores(self, what: str, times: Times) -> None:
        at = self.receive(times)
        asked = self.some(at, what)
        self.compare(
            lambda: self.model.change("restore", STAFF, at, asked["enrollment"].offering.product),
            lambda: restore_registration(**asked),
        )
