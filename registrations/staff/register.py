"""Registering an organization as CMS staff: what is missing is given along with it.

Through the services that officials' pages call, so that size, approval, Shared Savings Program and
completeness count as for them; role and window don't.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from organizations.enums import OrganizationSize
from registrations.cases.year import YearCase, read_year_case
from registrations.details.edits import ContactEdit, Edits, FieldEdit
from registrations.details.save import save
from registrations.details.size import ends
from registrations.enums import Completion, EnrollmentStatus, Missing, Product
from registrations.errors import CancelsRegistrations, ChangedMeanwhile
from registrations.models import Enrollment, Offering, Registration
from registrations.policy.registration import REQUIRED_OF_AN_ORGANIZATION
from registrations.registering.begin import begin_registration
from registrations.registering.register import missing_of, register
from registrations.registering.start import start_registration
from registrations.staff.officials_told import telling_officials


@dataclass(frozen=True, kw_only=True)
class Given:
    """What staff gives along: only what the registration lacks, so that nothing is overwritten.

    `contact_id` is the page's own key for a new contact: a repeat adds no other one.
    """

    size: OrganizationSize | None = None
    information: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    contact_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Lacks:
    """What is to be given along. `information`: names of fields; `size_hint`: the directory's size.

    `may_wait`: the year completes by itself, so that what isn't given is missing until it is.
    """

    size: bool
    information: Sequence[str]
    contact: bool
    size_hint: str
    may_wait: bool


def what_is_lacking(case: YearCase, product: Product) -> Lacks:
    """What the registration lacks for the product. Starting again asks for the size anew."""
    may_wait = case.year.completion == Completion.AUTOMATIC
    missing = missing_of(case)
    was_ended = case.cases[product].status == EnrollmentStatus.CANCELLED
    asks_anew = may_wait and was_ended and not case.registered
    return Lacks(
        size=asks_anew or Missing.SIZE in missing,
        information=(
            []
            if may_wait
            else [name for name, item in REQUIRED_OF_AN_ORGANIZATION.items() if item in missing]
        ),
        contact=Missing.CONTACT in missing,
        size_hint=case.size_hint,
        may_wait=may_wait,
    )


def register_for(
    *,
    organization_id: UUID,
    offering: Offering,
    given: Given,
    actor: Actor,
    received_at: datetime,
) -> Enrollment:
    """Register the organization for the offering, at any time, and tell its Security Officials.

    In automatic years the registration starts, and completes by itself when nothing is missing. One
    transaction; an audit event for each thing that is stored, as when officials do it. Registering
    what is registered returns it and writes nothing.

    Raises Organization.DoesNotExist, NotAllowed, Incomplete, CancelsRegistrations, or
    ChangedMeanwhile when a size was chosen that staff didn't see.
    """
    year = offering.year_id
    with telling_officials(organization_id=organization_id, year=year, received_at=received_at):
        case = read_year_case(organization_id=organization_id, year=year, actor=actor)
        of_offering = next(one for one in case.cases.values() if one.offering == offering)
        if of_offering.status == EnrollmentStatus.COMPLETE:
            return of_offering.registered
        if case.year.completion == Completion.AUTOMATIC:
            _start(case, offering, given, actor, received_at)
        else:
            _fill(case, given, actor, received_at)
            register(
                organization_id=organization_id,
                year=year,
                product=of_offering.product,
                actor=actor,
                received_at=received_at,
            )
        return Enrollment.objects.get(registration__organization=organization_id, offering=offering)


def _require_size(registration: Registration, given: Given) -> None:
    """A size that somebody else chose meanwhile isn't overwritten unseen."""
    if given.size and registration.size not in {"", given.size}:
        size = OrganizationSize(registration.size)
        raise ChangedMeanwhile(f"The size is {size.label} by now. Look at the registration again.")


def _start(
    case: YearCase, offering: Offering, given: Given, actor: Actor, received_at: datetime
) -> None:
    registration = start_registration(
        organization_id=case.organization.pk,
        offering=offering,
        actor=actor,
        received_at=received_at,
    )
    _require_size(registration, given)
    save(
        registration_id=registration.pk,
        product=next(key for key, one in case.cases.items() if one.offering == offering),
        size=FieldEdit(was=registration.size, now=given.size) if given.size else None,
        contacts=_new_contact(registration, given),
        actor=actor,
        received_at=received_at,
    )


def _fill(case: YearCase, given: Given, actor: Actor, received_at: datetime) -> None:
    """Store what an explicit year's registration lacks."""
    if given.size and (ended := ends(case, given.size)):
        raise CancelsRegistrations(ended)
    registration = case.registration or begin_registration(
        case.organization, case.year.year, actor=actor, received_at=received_at
    )
    _require_size(registration, given)
    edits = Edits(
        registration,
        is_complete=bool(case.registered),
        tells_contacts=case.year.mails_contacts,
        actor=actor,
        received_at=received_at,
    )
    fields = {**given.information, **({"size": given.size.value} if given.size else {})}
    edits.save_fields(
        {
            name: FieldEdit(was=getattr(registration, name), now=value)
            for name, value in fields.items()
        }
    )
    for contact_id, edit in _new_contact(registration, given).items():
        edits.save_contact(contact_id, edit)
    edits.finish()


def _new_contact(registration: Registration, given: Given) -> dict[UUID, ContactEdit]:
    """The contact to add, unless one like it is there already."""
    if not given.contact or given.contact_id is None:
        return {}
    values = dict(given.contact)
    if any(contact.values() == values for contact in registration.contacts.all()):
        return {}
    fields = {name: FieldEdit(was="", now=value) for name, value in values.items()}
    return {given.contact_id: ContactEdit(is_new=True, fields=fields)}
