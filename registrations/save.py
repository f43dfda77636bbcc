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
from registrations.models import Contact, Enrollment, Registration
from registrations.policy import (
    MAX_CONTACTS,
    REQUIRED_OF_A_CONTACT,
    Action,
    Merge,
    SaveStamp,
    is_complete_contact,
    merge,
    missing_items,
)
from registrations.writers import sign, stamp_of, writer_of


@dataclass(frozen=True, kw_only=True)
class FieldEdit:
    """A field as it came back from a page. `was` is what the page showed; None if unknown.

    `typed`: the page says that somebody typed it, even if it is what the page showed. A page that
    saves by itself sends only such fields.
    """

    was: str | None
    now: str
    typed: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactEdit:
    """The fields of one contact that came back. `is_new`: the page offered an empty form.

    `only_offered`: nothing stands there but what the page itself suggested for a new contact.
    """

    is_new: bool
    fields: Mapping[str, FieldEdit]
    only_offered: bool = False

    @property
    def is_touched(self) -> bool:
        """Whether something differs from what the page showed."""
        return not self.only_offered and any(
            change.now != change.was for change in self.fields.values()
        )


@dataclass(frozen=True, kw_only=True)
class FieldReport:
    """A field that wasn't stored, with the value that stands. `contact` is None for the size.

    `by` wrote the value that stands; `is_own`: it was the same person, on another page.
    """

    contact: UUID | None
    field: str
    stored: str
    by: str
    is_own: bool


@dataclass(kw_only=True)
class Saved:
    """What became of a save.

    `conflicts`: somebody else changed the field meanwhile. `kept`: a blank that would have undone
    Complete. `gone`: contacts that were changed here and deleted by somebody else. `completed`:
    the registration became Complete with this save. `case` and `contacts` (by position) are as they
    stand after it.
    """

    case: Case | None = None
    contacts: list[Contact] = field(default_factory=list)
    changed: bool = False
    completed: bool = False
    conflicts: list[FieldReport] = field(default_factory=list)
    kept: list[FieldReport] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)

    @property
    def standing(self) -> Case:
        """The case after the save. Raises Enrollment.DoesNotExist when nothing was saved."""
        if self.case is None:
            raise Enrollment.DoesNotExist
        return self.case

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
    stamp: SaveStamp | None = None,
) -> Saved:
    """Store each field that can be stored, and complete the registration when nothing is missing.

    Effects, in one transaction: size and contacts written, `version` raised, one audit event for
    each changed part, the enrollment Complete with `completed_at` = `received_at` (seconds count;
    2023 guide, III.8 and IV.3). A repeat of the same save writes nothing.

    `stamp` tells which save of which page it is, so that what a page saved before and didn't hear
    of is not taken for somebody else's words.

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
        work = _Work(case, actor, received_at, stamp)
        if size:
            work.save_size(size)
        for contact_id, edit in contacts.items():
            work.save_contact(contact_id, edit)
        work.finish()
    return work.saved


class _Work:
    """One save under the lock: the registration, its contacts, and what has been reported."""

    def __init__(
        self, case: Case, actor: Actor, received_at: datetime, stamp: SaveStamp | None
    ) -> None:
        self.case, self.actor, self.received_at, self.stamp = case, actor, received_at, stamp
        self.enrollment = case.registered
        self.registration = self.enrollment.registration
        self.contacts = {contact.pk: contact for contact in self.registration.contacts.all()}
        self.saved = Saved()

    def save_size(self, edit: FieldEdit) -> None:
        current = self.registration.size
        match self._merge(self.registration, "size", edit):
            case Merge.CONFLICT:
                self._report(self.saved.conflicts, self.registration, "size")
            case Merge.STORE:
                self.registration.size = edit.now
                sign(self.registration, "size", actor=self.actor, stamp=self.stamp)
                self._record(
                    AuditAction.REGISTRATION_SAVED, self.registration.pk, size=[current, edit.now]
                )
            case Merge.KEEP if self._stands_behind(self.registration, "size", edit):
                sign(self.registration, "size", actor=self.actor, stamp=self.stamp)
                self.registration.save(update_fields=["writers"])

    def save_contact(self, contact_id: UUID, edit: ContactEdit) -> None:
        contact = self.contacts.get(contact_id)
        if edit.only_offered and not (contact and self.stamp):
            return
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
        for name in values:
            sign(contact, name, actor=self.actor, stamp=self.stamp)
        contact.save(force_insert=True)
        self.contacts[contact_id] = contact
        changes = {name: ["", audit.masked(name, value)] for name, value in values.items() if value}
        self._record(AuditAction.CONTACT_ADDED, contact_id, **changes)

    def _change_contact(self, contact: Contact, edit: ContactEdit) -> None:
        changes, writers_before = {}, contact.writers
        for name, change in edit.fields.items():
            current = getattr(contact, name)
            match self._merge(contact, name, change):
                case Merge.CONFLICT:
                    self._report(self.saved.conflicts, contact, name)
                case Merge.STORE if self._blank_undoes_complete(contact, name, change.now):
                    self._report(self.saved.kept, contact, name)
                case Merge.STORE:
                    changes[name] = [audit.masked(name, current), audit.masked(name, change.now)]
                    setattr(contact, name, change.now)
                    sign(contact, name, actor=self.actor, stamp=self.stamp)
                case Merge.KEEP if self._stands_behind(contact, name, change):
                    sign(contact, name, actor=self.actor, stamp=self.stamp)
        if changes:
            contact.changed_by = self.actor.name
            contact.save(update_fields=[*changes, "changed_by", "writers"])
            self._record(AuditAction.CONTACT_SAVED, contact.pk, **changes)
        elif contact.writers != writers_before:
            contact.save(update_fields=["writers"])

    def _merge(self, row: Registration | Contact, name: str, edit: FieldEdit) -> Merge:
        return merge(
            was=edit.was,
            typed=edit.now,
            current=getattr(row, name),
            sent=self.stamp,
            written=stamp_of(writer_of(row, name), self.actor),
        )

    def _stands_behind(self, row: Registration | Contact, name: str, edit: FieldEdit) -> bool:
        """Whether to note that the person typed just what is stored already.

        Without it, an earlier save of the page that was held up on the way would still count as
        news, and overwrite what the person typed after it.
        """
        if not self.stamp or not edit.typed or edit.now != getattr(row, name):
            return False
        written = stamp_of(writer_of(row, name), self.actor)
        return (
            written is None or written.page != self.stamp.page or written.count < self.stamp.count
        )

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
        self.saved.case = self.case
        self.saved.contacts = sorted(self.contacts.values(), key=lambda contact: contact.position)
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

    def _report(self, reports: list[FieldReport], row: Registration | Contact, name: str) -> None:
        writer = writer_of(row, name)
        reports.append(
            FieldReport(
                contact=row.pk if isinstance(row, Contact) else None,
                field=name,
                stored=getattr(row, name),
                by=writer.name,
                is_own=writer.user == self.actor.id,
            )
        )

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
