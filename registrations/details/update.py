"""Organization information and contacts of an explicit year (2022 guide, IV.4 to IV.7 and V)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import mark_changed
from registrations.cases.year import changing_year
from registrations.details.contacts import delete_within
from registrations.details.edits import ContactEdit, Edits, FieldEdit, Saved
from registrations.policy.registration import Action, SaveStamp


def update_details(
    *,
    organization_id: UUID,
    year: int,
    information: Mapping[str, FieldEdit],
    contacts: Mapping[UUID, ContactEdit],
    actor: Actor,
    received_at: datetime,
    stamp: SaveStamp | None = None,
) -> Saved:
    """*Update*: store name, mailing address and contacts, which all offerings of the year share.

    Contacts of a registered organization are told of it, ten minutes after the first change, in a
    year that mails them. A repeat writes nothing; fields that somebody else changed meanwhile are
    left alone and reported.

    Raises Organization.DoesNotExist, Registration.DoesNotExist before a size was chosen,
    NotAllowed, WindowClosed or TooManyContacts; then nothing is stored.
    """
    with changing_year(
        Action.CHANGE,
        organization_id=organization_id,
        year=year,
        actor=actor,
        received_at=received_at,
    ) as case:
        edits = Edits(
            case.begun,
            is_complete=bool(case.registered),
            tells_contacts=case.year.mails_contacts,
            actor=actor,
            received_at=received_at,
            stamp=stamp,
        )
        edits.save_fields(information)
        for contact_id, edit in contacts.items():
            edits.save_contact(contact_id, edit)
        return edits.finish()


def delete_contact_of_year(
    *, organization_id: UUID, year: int, contact_id: UUID, actor: Actor, received_at: datetime
) -> None:
    """Remove the contact's row from the year's registration (2022 guide, V).

    A contact that isn't there (any more) is no error. Raises Organization.DoesNotExist,
    Registration.DoesNotExist, NotAllowed, WindowClosed, or LastContact for the only complete one.
    """
    with changing_year(
        Action.CHANGE,
        organization_id=organization_id,
        year=year,
        actor=actor,
        received_at=received_at,
    ) as case:
        delete_within(
            case.begun,
            contact_id,
            tells_contacts=case.year.mails_contacts and bool(case.registered),
            actor=actor,
            received_at=received_at,
        )


def confirm_details(
    *, organization_id: UUID, year: int, actor: Actor, received_at: datetime
) -> None:
    """Confirm what an automatic registration took over (2022 guide, V).

    Confirming again writes nothing. Raises Organization.DoesNotExist, Registration.DoesNotExist,
    NotAllowed or WindowClosed.
    """
    with changing_year(
        Action.CHANGE,
        organization_id=organization_id,
        year=year,
        actor=actor,
        received_at=received_at,
    ) as case:
        registration = case.begun
        if registration.confirmed_at:
            return
        registration.confirmed_at, registration.confirmed_by = received_at, actor.shown_name
        mark_changed(registration, actor=actor, received_at=received_at)
        audit.record(
            AuditAction.REGISTRATION_CONFIRMED,
            actor=actor,
            organization_id=organization_id,
            object_id=registration.pk,
        )
