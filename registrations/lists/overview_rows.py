"""One organization of the Registration Overview, from its values to its row (2022 guide, IV)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind, OrganizationSize
from organizations.policy import show_identifier
from qpp_registration.clock import Moment, moment
from registrations.enums import (
    EnrollmentStatus,
    ListStatus,
    Origin,
    Product,
    SamplingOutcome,
    WindowState,
)
from registrations.lists.organizations import extension_note
from registrations.models import Contact, Offering
from registrations.policy.registration import (
    ORGANIZATION_FIELDS,
    Action,
    Refusal,
    Situation,
    allows,
    effective_close,
    may_delete_contact,
    openness,
    refusal,
    window_state,
)
from registrations.words.reasons import explain
from registrations.words.sampling import SamplingWords, sampling_words

REGISTERED = (ListStatus.COMPLETE, ListStatus.AUTOMATIC)
# What is told of the page's window, or by its buttons, isn't told again of each organization.
TOLD_ELSEWHERE = {Refusal.NO_SIZE, Refusal.TOO_SMALL, Refusal.STAFF_USER, Refusal.NOT_REGISTERED}
WINDOW = {Refusal.NOT_OPEN, Refusal.CLOSED}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One offering beside an organization.

    `sampling`: what came of the sample, empty before it was drawn. `note`: why something can't be
    done here, or until when it still can.
    """

    product: Product
    status: ListStatus
    by_itself: bool
    may_register: bool
    may_cancel: bool
    sampling: SamplingWords | None
    note: str

    @property
    def is_registered(self) -> bool:
        """Whether the organization is registered for it, by whomever."""
        return self.status in REGISTERED

    @property
    def word(self) -> str:
        """The status in a word."""
        if not self.is_registered:
            return "Not registered"
        return "Registered automatically" if self.by_itself else "Registered"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A contact as the row shows it. `may_delete`: it isn't the only complete one."""

    contact: Contact
    may_delete: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One organization as the overview shows it; None or empty where something isn't shown.

    `size_hint`: the directory's size, to confirm; only while none is chosen. `unfit`: why an
    offering isn't shown. `note`: why nothing is offered to this organization. `confirm_at`: of an
    automatic registration that nobody confirmed yet, where to, until `confirm_by`.
    """

    organization_id: UUID
    registration_id: UUID | None
    name: str
    identifier_label: str
    identifier: str
    address: Mapping[str, str]
    role: RoleName
    number: int | None
    size: str
    size_hint: str
    offered: Sequence[Offered]
    unfit: Sequence[str]
    contacts: Sequence[Person]
    may_change: bool
    may_choose_size: bool
    note: str
    confirm_at: Product | None
    confirm_by: Moment

    @property
    def is_staff_user(self) -> bool:
        """Whether the person may look and not change."""
        return self.role == RoleName.STAFF_USER

    @property
    def is_registered(self) -> bool:
        """Whether the organization is registered for anything."""
        return any(found.is_registered for found in self.offered)


OF_AN_OFFERING = (
    "list_status_{}",
    "shared_savings_{}",
    "extension_{}__until",
    "enrollment_{}__status",
    "enrollment_{}__origin",
    "enrollment_{}__sampling_result__outcome",
)


class Reading:
    """An organization's values on the way to its row."""

    def __init__(
        self, values: dict[str, Any], offerings: Sequence[Offering], received_at: datetime
    ) -> None:
        self.values, self.offerings, self.at = values, offerings, received_at
        self.kind, self.role = OrganizationKind(values["kind"]), RoleName(values["role"])
        self.size = values["registration__size"] or ""
        # The offering that speaks for what all share, as `YearCase.shared` has it.
        self.shared = min(
            offerings,
            key=lambda found: (openness(self._window(found)), -self._closes(found).timestamp()),
        )

    @property
    def is_blocked(self) -> bool:
        """Whether nothing at all is offered to the organization: CMS didn't approve it."""
        return any(
            self.values[f"list_status_{found.product}"] == ListStatus.NOT_POSSIBLE
            for found in self.offerings
        )

    def row(self, contacts: list[Contact]) -> Row:
        """The row, with the registration's contacts in their order."""
        values = self.values
        begun = values["registration__pk"] is not None
        offered = [self._offered(found) for found in self.offerings if self._is_shown(found)]
        registered = [found.product for found in offered if found.is_registered and begun]
        may_change = self._refusal(Action.CHANGE, self.shared) is None
        to_confirm = [found.product for found in offered if found.by_itself and begun]
        return Row(
            organization_id=values["pk"],
            registration_id=values["registration__pk"],
            name=values["registration__name"] or values["name"],
            identifier_label=self.kind.identifier_label,
            identifier=show_identifier(self.kind, values["identifier"]),
            address={
                name: values[f"registration__{name}" if begun else name]
                for name in ORGANIZATION_FIELDS[1:]
            },
            role=self.role,
            number=values["registration_number__number"] if registered else None,
            size=OrganizationSize(self.size).label if self.size else "",
            size_hint="" if self.size else self._size_hint(),
            offered=offered,
            unfit=[
                self._explain(Refusal.TOO_SMALL, found)
                for found in self.offerings
                if self.size and not self.is_blocked and not self._is_shown(found)
            ],
            contacts=[
                Person(
                    contact=contact,
                    may_delete=may_delete_contact(
                        contact.values(), [c.values() for c in contacts if c is not contact]
                    ),
                )
                for contact in contacts
            ],
            may_change=may_change,
            may_choose_size=may_change and not self.is_blocked,
            note=self._explain(Refusal.NOT_APPROVED, self.shared) if self.is_blocked else "",
            confirm_at=(
                to_confirm[0]
                if to_confirm and may_change and not values["registration__confirmed_at"]
                else None
            ),
            confirm_by=moment(self._closes(self.shared)),
        )

    def _size_hint(self) -> str:
        size = self.values["participation__size"]
        return OrganizationSize(size).label if size else ""

    def _is_shown(self, offering: Offering) -> bool:
        """What size and kind allow, and what the organization is registered for all the same."""
        status = self.values[f"list_status_{offering.product}"]
        allowed = not self.is_blocked and allows(self.size, offering.minimum_size)
        return allowed or status in REGISTERED

    def _offered(self, offering: Offering) -> Offered:
        product = Product(offering.product)
        status = ListStatus(self.values[f"list_status_{product}"])
        origin = self.values[f"enrollment_{product}__origin"]
        may_register = self._refusal(Action.REGISTER, offering) is None
        return Offered(
            product=product,
            status=status,
            by_itself=status == ListStatus.AUTOMATIC
            or (status == ListStatus.COMPLETE and origin == Origin.AUTOMATIC),
            may_register=may_register and status not in REGISTERED,
            may_cancel=self._refusal(Action.CANCEL, offering) is None,
            sampling=self._sampling(product) if status == ListStatus.COMPLETE else None,
            note=self._note(offering, status),
        )

    def _sampling(self, product: Product) -> SamplingWords | None:
        outcome = self.values[f"enrollment_{product}__sampling_result__outcome"]
        if outcome is None:
            return None
        web = f"list_status_{Product.WEB_INTERFACE}"
        return sampling_words(
            product=product,
            outcome=SamplingOutcome(outcome),
            with_web_interface=web in self.values,
            registered=self.values.get(web) == ListStatus.COMPLETE,
            aco=bool(self.values["participation__shared_savings_program"]),
        )

    def _note(self, offering: Offering, status: ListStatus) -> str:
        """Why there is no button here; of a window only where another one is open longer."""
        action = Action.CANCEL if status == ListStatus.COMPLETE else Action.REGISTER
        why = self._refusal(action, offering)
        if why in WINDOW and self._closes(offering) == self._closes(self.shared):
            why = None
        if why and why not in TOLD_ELSEWHERE:
            return self._explain(why, offering)
        return extension_note(self.values[f"extension_{offering.product}__until"], offering)

    def _explain(self, why: Refusal, offering: Offering) -> str:
        return explain(
            why,
            product=Product(offering.product),
            year=offering.year_id,
            opens_at=offering.opens_at,
            closes_at=self._closes(offering),
            minimum_size=offering.minimum_size,
        )

    def _closes(self, offering: Offering) -> datetime:
        return effective_close(
            offering.closes_at, self.values[f"extension_{offering.product}__until"]
        )

    def _window(self, offering: Offering) -> WindowState:
        return window_state(self.at, opens_at=offering.opens_at, closes_at=self._closes(offering))

    def _refusal(self, action: Action, offering: Offering) -> Refusal | None:
        product, values = offering.product, self.values
        status = values[f"enrollment_{product}__status"]
        return refusal(
            action,
            Situation(
                kind=self.kind,
                product=Product(product),
                actor=ActorKind.OFFICIAL,
                role=self.role,
                window=self._window(offering),
                status=EnrollmentStatus(status) if status else None,
                approved=bool(values["participation__approved"]),
                shared_savings=values[f"shared_savings_{product}"],
                size=self.size,
                minimum_size=offering.minimum_size,
            ),
        )
