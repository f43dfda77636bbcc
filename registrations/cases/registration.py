"""The case of a registration: everything that decides about it, read in one query."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Field, Model, QuerySet, UUIDField

from accounts.actors import Actor
from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration import clock
from qpp_registration.prepared import Prepared, Update
from registrations.enums import Completion, EnrollmentStatus, Product, WindowState
from registrations.errors import NotAllowed, WindowClosed
from registrations.models import Contact, Enrollment, Offering, Registration
from registrations.policy.registration import (
    ORGANIZATION_FIELDS,
    Action,
    Refusal,
    Situation,
    commits_in_time,
    effective_close,
    refusal,
    window_state,
)
from registrations.words.reasons import explain

_KEY: dict[str, Field] = {"registration": UUIDField(), "product": CharField()}
_ENROLLMENT = Prepared(
    lambda registration, product: Enrollment.objects.with_circumstances().filter(
        registration=registration, offering__product=product
    ),
    **_KEY,
)
_VISIBLE_ENROLLMENT = Prepared(
    lambda registration, product, user: (
        Enrollment.objects.with_circumstances()
        .visible_to(user)
        .filter(registration=registration, offering__product=product)
    ),
    user=UUIDField(),
    **_KEY,
)
_LOCK = Prepared(
    lambda registration: _for_update(Registration).filter(pk=registration).values_list("pk"),
    registration=UUIDField(),
)
_CONTACTS = Prepared(
    lambda registration: Contact.objects.filter(registration=registration).order_by("position"),
    registration=UUIDField(),
)
_CHANGE = Update(
    Registration,
    *("size", *ORGANIZATION_FIELDS),
    *("confirmed_at", "confirmed_by"),
    *("writers", "version", "changed_at", "changed_by"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An organization against an offering, as one person (or staff, or the system) meets it.

    `closes_at` is the effective close, an extension of the organization included. `size` is what
    the registration of the year holds.
    """

    organization: Organization
    offering: Offering
    enrollment: Enrollment | None
    actor_kind: ActorKind
    role: RoleName | None
    approved: bool
    shared_savings: bool
    closes_at: datetime
    size: str = ""

    @property
    def status(self) -> EnrollmentStatus | None:
        """Where the enrollment stands; None when it never started."""
        return EnrollmentStatus(self.enrollment.status) if self.enrollment else None

    @property
    def registered(self) -> Enrollment:
        """The enrollment of a case that has one. Raises Enrollment.DoesNotExist otherwise."""
        if self.enrollment is None:
            raise Enrollment.DoesNotExist
        return self.enrollment

    @property
    def kind(self) -> OrganizationKind:
        """The organization's kind."""
        return OrganizationKind(self.organization.kind)

    @property
    def product(self) -> Product:
        """What the offering registers for."""
        return Product(self.offering.product)

    def window(self, at: datetime) -> WindowState:
        """Where the moment lies against the window of this organization."""
        return window_state(at, opens_at=self.offering.opens_at, closes_at=self.closes_at)

    def refusal(self, action: Action, at: datetime) -> Refusal | None:
        """Why the action is refused at that moment, or None."""
        situation = Situation(
            kind=self.kind,
            product=self.product,
            actor=self.actor_kind,
            role=self.role,
            window=self.window(at),
            status=self.status,
            approved=self.approved,
            shared_savings=self.shared_savings,
            size=self.size,
            minimum_size=self.offering.minimum_size,
        )
        return refusal(action, situation)

    def explain(self, why: Refusal) -> str:
        """The refusal in words, with this organization's dates."""
        return explain(
            why,
            product=self.product,
            year=self.offering.year_id,
            opens_at=self.offering.opens_at,
            closes_at=self.closes_at,
            minimum_size=self.offering.minimum_size,
        )

    def require(self, action: Action, at: datetime) -> None:
        """Raise NotAllowed (WindowClosed when it is the window) unless the action may be done."""
        why = self.refusal(action, at)
        if why in {Refusal.NOT_OPEN, Refusal.CLOSED}:
            raise WindowClosed(why, self.explain(why))
        if why:
            raise NotAllowed(why, self.explain(why))


def read_case(*, registration_id: UUID, product: Product, actor: Actor) -> Case:
    """The case as the actor meets it, in one query.

    Raises Enrollment.DoesNotExist when there is none, or none that the person may see: the two
    can't be told apart.
    """
    key: dict[str, Any] = {"registration": registration_id, "product": product}
    if actor.kind == ActorKind.OFFICIAL and actor.user:
        enrollment = _VISIBLE_ENROLLMENT.first(user=actor.user.pk, **key)
    else:
        enrollment = _ENROLLMENT.first(**key)
    if enrollment is None:
        raise Enrollment.DoesNotExist
    return case_of(enrollment, actor)


def case_of(enrollment: Enrollment, actor: Actor) -> Case:
    """The case of an enrollment that was read with its circumstances."""
    offering = enrollment.offering
    return Case(
        organization=enrollment.registration.organization,
        offering=offering,
        enrollment=enrollment,
        actor_kind=actor.kind,
        role=RoleName(enrollment.role) if hasattr(enrollment, "role") else None,
        approved=bool(enrollment.approved),
        shared_savings=(
            offering.registers_shared_savings and bool(enrollment.in_shared_savings_program)
        ),
        closes_at=effective_close(offering.closes_at, enrollment.extended_until),
        size=enrollment.registration.size,
    )


def contacts_of(registration_id: UUID) -> list[Contact]:
    """The registration's contacts in their order."""
    return _CONTACTS.all(registration=registration_id)


def lock(*registration_ids: UUID) -> None:
    """Let nobody else change the registrations before the transaction ends."""
    registrations = _for_update(Registration).filter(pk__in=registration_ids)
    list(registrations.order_by("organization").values_list("pk"))


def lock_year(organization_ids: Collection[UUID], year: int) -> None:
    """Let nobody else begin or change the organizations' registrations of the year."""
    organizations = _for_update(Organization).filter(pk__in=organization_ids)
    list(organizations.order_by("pk").values_list("pk"))
    registrations = _for_update(Registration).filter(organization__in=organization_ids, year=year)
    list(registrations.order_by("organization").values_list("pk"))


def _for_update(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.select_for_update(of=("self",), no_key=True)


@contextmanager
def changing(
    action: Action,
    *,
    registration_id: UUID,
    product: Product,
    actor: Actor,
    received_at: datetime,
) -> Iterator[Case]:
    """One transaction around a change: lock the registration, read its case anew, check, write.

    The lock comes before the read, so that what is decided on can't change before the commit.
    Raises Enrollment.DoesNotExist, for an official also in a year with *Register* (`cases.year` has
    those), NotAllowed or WindowClosed; then nothing is written.
    """
    with transaction.atomic():
        _LOCK.all(registration=registration_id)
        case = read_case(registration_id=registration_id, product=product, actor=actor)
        if (
            actor.kind == ActorKind.OFFICIAL
            and case.offering.year.completion != Completion.AUTOMATIC
        ):
            raise Enrollment.DoesNotExist
        case.require(action, received_at)
        yield case
        require_timely_commit(case, received_at)


def mark_changed(registration: Registration, *, actor: Actor, received_at: datetime) -> None:
    """Store the registration, with who changed it and when, and raise its version."""
    registration.version += 1
    registration.changed_at = received_at
    registration.changed_by = actor.shown_name
    _CHANGE.save(registration)


def require_timely_commit(case: Case, received_at: datetime) -> None:
    """The last check before the commit: work that took until long after the close is undone."""
    if case.actor_kind == ActorKind.OFFICIAL and not commits_in_time(
        received_at=received_at, committed_at=clock.now(), closes_at=case.closes_at
    ):
        raise WindowClosed(Refusal.CLOSED, case.explain(Refusal.CLOSED))
