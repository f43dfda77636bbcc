"""Edits of a registration: what becomes of each field that somebody sent, under the lock.

Every service that stores what people typed goes through here, so that nobody's words are
overwritten unseen, whichever page they were typed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Value

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import AuditEvent
from qpp_registration.prepared import Update
from registrations.cases.registration import Case, contacts_of, mark_changed
from registrations.details.writers import sign, stamp_of, writer_of
from registrations.errors import TooManyContacts
from registrations.mails.notices import note_change, snapshot
from registrations.models import Contact, Enrollment, Registration
from registrations.policy.registration import (
    MAX_CONTACTS,
    REQUIRED_OF_A_CONTACT,
    Merge,
    SaveStamp,
    is_complete_contact,
    merge,
)


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
    """A field that wasn't stored, with the value that stands. `contact` is None where the field is
    the registration's own.

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


class Edits:
    """One save under the lock: the registration, its contacts, and what has been reported.

    `is_complete`: a blank may not undo what the registration has. `tells_contacts`: of a year in
    which contacts are told of every change of what they are registered for.
    """

    def __init__(
        self,
        registration: Registration,
        *,
        is_complete: bool,
        tells_contacts: bool,
        actor: Actor,
        received_at: datetime,
        stamp: SaveStamp | None = None,
    ) -> None:
        self.registration, self.is_complete = registration, is_complete
        self.actor, self.received_at, self.stamp = actor, received_at, stamp
        self.contacts = {contact.pk: contact for contact in contacts_of(registration.pk)}
        self.saved = Saved()
        self.before = (
            snapshot(registration, self.contacts.values())
            if tells_contacts and is_complete
            else None
        )

    def save_fields(self, fields: Mapping[str, FieldEdit]) -> None:
        """Store fields of the registration itself: size, name, mailing address."""
        changes, stands_behind = {}, False
        for name, edit in fields.items():
            current = getattr(self.registration, name)
            match self._merge(self.registration, name, edit):
                case Merge.CONFLICT:
                    self._report(self.saved.conflicts, self.registration, name)
                case Merge.STORE:
                    changes[name] = [current, edit.now]
                    setattr(self.registration, name, edit.now)
                    sign(self.registration, name, actor=self.actor, stamp=self.stamp)
                case Merge.KEEP if self._stands_behind(self.registration, name, edit):
                    sign(self.registration, name, actor=self.actor, stamp=self.stamp)
                    stands_behind = True
        if changes:
            self._record(AuditAction.REGISTRATION_SAVED, self.registration.pk, **changes)
        elif stands_behind:
            self.registration.save(update_fields=["writers"])

    def save_contact(self, contact_id: UUID, edit: ContactEdit) -> None:
        """Store, add, or report as gone, one contact. Raises TooManyContacts."""
        contact = self.contacts.get(contact_id)
        if edit.only_offered and not (contact and self.stamp):
            return
        if contact:
            self._change_contact(contact, edit)
        elif not edit.is_new or _was_there_before(contact_id):
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
            changed_by=self.actor.shown_name,
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
            contact.changed_by = self.actor.shown_name
            _update_of(*changes, "changed_by", "writers").save(contact)
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
            and self.is_complete
            and is_complete_contact(contact.values())
            and not any(
                is_complete_contact(other.values())
                for other in self.contacts.values()
                if other.pk != contact.pk
            )
        )

    def finish(self) -> Saved:
        """Raise the version when something was written, and have the contacts told of it."""
        self.saved.contacts = sorted(self.contacts.values(), key=lambda contact: contact.position)
        if self.saved.changed:
            mark_changed(self.registration, actor=self.actor, received_at=self.received_at)
            if self.before is not None:
                note_change(
                    self.registration,
                    before=self.before,
                    actor=self.actor,
                    received_at=self.received_at,
                )
        return self.saved

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
            organization_id=self.registration.organization_id,
            object_id=object_id,
            about=self.registration.pk,
            **changes,
        )


@cache
def _update_of(*fields: str) -> Update:
    return Update(Contact, *fields)


def _was_there_before(contact_id: UUID) -> bool:
    """Whether the contact is one of another registration, or was deleted.

    A save that comes late must not bring a deleted contact back.
    """
    elsewhere = Contact.objects.filter(pk=contact_id).values_list(Value(1))
    deleted = AuditEvent.objects.filter(
        object_id=str(contact_id), action=AuditAction.CONTACT_DELETED
    ).values_list(Value(1))
    return elsewhere.union(deleted).exists()
