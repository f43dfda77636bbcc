"""Saving what an official typed: size and contacts, and completing by itself (automatic years)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import AuditEvent
from registrations.cases import Case, changing, mark_changed
from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.errors import TooManyContacts
from registrations.models import Contact
from registrations.policy import (
    MAX_CONTACTS,
    REQUIRED_OF_A_CONTACT,
    Action,
    Merge,
    is_complete_contact,
    merge,
    missing_items,
)


@dataclass(frozen=True, kw_only=True)
class FieldEdit:
    """A field as it came back from a page. `was` is what the page showed; None if unknown."""

    was: str | None
    now: str


@dataclass(frozen=True, kw_only=True)
class ContactEdit:
    """The fields of one contact that came back. `is_new`: the page offered an empty form."""

    is_new: bool
    fields: Mapping[str, FieldEdit]

    @property
    def is_touched(self) -> bool:
        """Whether something differs from what the page showed."""
        return any(change.now != change.was for change in self.fields.values())


@dataclass(frozen=True, kw_only=True)
class FieldReport:
    """A field that wasn't stored, with the value that stands. `contact` is None for the size."""

    contact: UUID | None
    field: str
    stored: str


@dataclass(kw_only=True)
class Saved:
    """What became of a save.

    `conflicts`: somebody else changed the field meanwhile. `kept`: a blank that would have undone
    Complete. `gone`: contacts that were changed here and deleted by somebody else. `completed`:
    the registration became Complete with this save.
    """

    changed: bool = False
    completed: bool = False
    conflicts: list[FieldReport] = field(default_factory=list)
    kept: list[FieldReport] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything that was sent now stands as it was typed."""
        return not (self.conflicts or self.kept or self.gone)


def save(
    *,
    registration_id: UUID,
    product: Product,
    size: FieldEdit | None,
    contacts: Mapping[UUID, ContactEdit],
    actor: Actor,
    received_at: datetime,
) -> Saved:
    """Store each field that can be stored, and complete the registration when nothing is missing.

    Effects, in one transaction: size and contacts written, `version` raised, one audit event for
    each changed part, the enrollment Complete with `completed_at` = `received_at` (seconds count;
    2023 guide, III.8 and IV.3). A repeat of the same save writes nothing.

    Raises Enrollment.DoesNotExist, NotAllowed, WindowClosed or TooManyContacts; then nothing is
    stored. Fields that conflict are left alone and reported; the others are stored.
    """
    with changing(
        Action.SAVE,
        registration_id=registration_id,
        product=product,
        actor=actor,
        received_at=received_at,
    ) as case:
        work = _Work(case, actor, received_at)
        if size:
            work.save_size(size)
        for contact_id, edit in contacts.items():
            work.save_contact(contact_id, edit)
        work.finish()
    return work.saved


class _Work:
    """One save under the lock: the registration, its contacts, and what has been reported."""

    def __init__(self, case: Case, actor: Actor, received_at: datetime) -> None:
        self.case, self.actor, self.received_at = case, actor, received_at
        self.enrollment = case.registered
        self.registration = self.enrollment.registration
        self.contacts = {contact.pk: contact for contact in self.registration.contacts.all()}
        self.saved = Saved()

    def save_size(self, edit: FieldEdit) -> None:
        current = self.registration.size
        match merge(was=edit.was, typed=edit.now, current=current):
            case Merge.CONFLICT:
                self._report(self.saved.conflicts, None, "size", current)
            case Merge.STORE:
                self.registration.size = edit.now
                self._record(
                    AuditAction.REGISTRATION_SAVED, self.registration.pk, size=[current, edit.now]
                )

    def save_contact(self, contact_id: UUID, edit: ContactEdit) -> None:
        contact = self.contacts.get(contact_id)
        if contact:
            self._change_contact(contact, edit)
        elif not edit.is_new or _was_deleted(contact_id) or _is_elsewhere(contact_id):
            # What nobody touched may stay deleted without a word.
            if edit.is_touched:
                self.saved.gone.append(contact_id)
        elif len(self.contacts) >= MAX_CONTACTS:
            raise TooManyContacts(
                f"A registration has at most {MAX_CONTACTS} contacts. Delete one to add another."
            )
        else:
            self._add_contact(contact_id, edit)

    def _add_contact(self, contact_id: UUID, edit: ContactEdit) -> None:
        values = {name: change.now for name, change in edit.fields.items()}
        if not any(values.values()):
            return
        contact = Contact(
            pk=contact_id,
            registration=self.registration,
            position=max((other.position for other in self.contacts.values()), default=0) + 1,
            changed_by=self.actor.name,
            **values,
        )
        contact.save(force_insert=True)
        self.contacts[contact_id] = contact
        changes = {name: ["", audit.masked(name, value)] for name, value in values.items() if value}
        self._record(AuditAction.CONTACT_ADDED, contact_id, **changes)

    def _change_contact(self, contact: Contact, edit: ContactEdit) -> None:
        changes = {}
        for name, change in edit.fields.items():
            current = getattr(contact, name)
            match merge(was=change.was, typed=change.now, current=current):
                case Merge.CONFLICT:
                    self._report(self.saved.conflicts, contact.pk, name, current)
                case Merge.STORE if self._blank_undoes_complete(contact, name, change.now):
                    self._report(self.saved.kept, contact.pk, name, current)
                case Merge.STORE:
                    changes[name] = [audit.masked(name, current), audit.masked(name, change.now)]
                    setattr(contact, name, change.now)
        if changes:
            contact.changed_by = self.actor.name
            contact.save(update_fields=[*changes, "changed_by"])
            self._record(AuditAction.CONTACT_SAVED, contact.pk, **changes)

    def _blank_undoes_complete(self, contact: Contact, name: str, typed: str) -> bool:
        """Only deleting ends a Complete registration; a blank in its last contact doesn't."""
        return (
            not typed
            and name in REQUIRED_OF_A_CONTACT
            and self.case.status == EnrollmentStatus.COMPLETE
            and is_complete_contact(contact.values())
            and not any(
                is_complete_contact(other.values())
                for other in self.contacts.values()
                if other.pk != contact.pk
            )
        )

    def finish(self) -> None:
        """Raise the version and complete, when something was written."""
        if not self.saved.changed:
            return
        mark_changed(self.registration, actor=self.actor, received_at=self.received_at)
        if self._completes():
            self.enrollment.status = EnrollmentStatus.COMPLETE
            self.enrollment.completed_at = self.received_at
            self.enrollment.completed_by = self.actor.user
            self.enrollment.save(update_fields=["status", "completed_at", "completed_by"])
            self.saved.completed = True
            self._record(AuditAction.REGISTRATION_COMPLETED, self.registration.pk)

    def _completes(self) -> bool:
        return (
            self.case.status == EnrollmentStatus.INCOMPLETE
            and self.case.offering.year.completion == Completion.AUTOMATIC
            and not missing_items(
                size=self.registration.size,
                contacts=[contact.values() for contact in self.contacts.values()],
            )
        )

    def _report(
        self, reports: list[FieldReport], contact: UUID | None, name: str, stored: str
    ) -> None:
        reports.append(FieldReport(contact=contact, field=name, stored=stored))

    def _record(self, action: AuditAction, object_id: UUID, **changes: list[str]) -> None:
        self.saved.changed = True
        audit.record(
            action,
            actor=self.actor,
            organization_id=self.case.organization.pk,
            object_id=object_id,
            **changes,
        )


def _was_deleted(contact_id: UUID) -> bool:
    """A save that comes late must not bring a deleted contact back."""
    return AuditEvent.objects.filter(
        object_id=str(contact_id), action=AuditAction.CONTACT_DELETED
    ).exists()


def _is_elsewhere(contact_id: UUID) -> bool:
    return Contact.objects.filter(pk=contact_id).exists()
