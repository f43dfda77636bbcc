"""What a page that saves by itself is answered, as plain values for JSON.

`status`: saved; partly, when a field isn't valid; changed, when somebody else changed one. `says`
is the status line in words. A section has its new signed note, what is stored, and what is wrong.
"""

import uuid
from typing import Any
from uuid import UUID

from registrations.cases.presentation import header_of
from registrations.details.edits import FieldReport, Saved
from registrations.enums import EnrollmentStatus
from registrations.forms.card import new_note, note_of
from registrations.forms.page import show, size_note
from registrations.forms.register import ContactForm, prefix_of, shown_to_people
from registrations.forms.submission import Submission
from registrations.forms.todos import label_of, title_of, todos_of
from registrations.models import Contact
from registrations.words.reasons import (
    changed_sentence,
    needs_contact_sentence,
    not_saved_sentence,
    take_label,
)

GONE = "This contact was deleted meanwhile. What you typed is still here, but not saved."
Json = dict[str, Any]


def answer_to(submission: Submission, saved: Saved, *, empty_form: str) -> Json:
    """The answer to a save. `empty_form`: prefix of a new contact's form on the page, or empty."""
    registration = saved.standing.registered.registration
    prefixes = [prefix_of(contact.pk) for contact in saved.contacts]
    sections, problems = _sections(submission, saved)
    if submission.size:
        sections["size"] = {"shown": size_note(registration).sign()}
    todos = todos_of(
        size=registration.size,
        contacts=saved.contacts,
        empty_form="" if empty_form in prefixes else empty_form,
    )
    complete = sum(contact.is_complete for contact in saved.contacts)
    completed = submission.began_incomplete and saved.standing.status == EnrollmentStatus.COMPLETE
    header = header_of(saved.standing, complete_contacts=complete)
    return {
        "status": _status(saved, problems),
        "says": _says(saved, problems, header.saved_at, completed=completed),
        "saved_at": header.saved_at,
        "header": {
            "number": header.number,
            "status": header.status,
            "status_label": header.status_label,
            "contacts": header.complete_contacts,
        },
        "sections": sections,
        "clashes": [_clash(report) for report in saved.conflicts],
        "todos_title": title_of(todos),
        "todos": [vars(todo) for todo in todos],
        "completed": completed,
    }


def _sections(submission: Submission, saved: Saved) -> tuple[Json, list[str]]:
    """Each contact that was sent, and in words what of it couldn't be stored."""
    stored = {contact.pk: contact for contact in saved.contacts}
    numbers = {key: f" of contact {number}" for number, key in enumerate(stored, 1)}
    sections: Json = {}
    problems: list[str] = []
    for key, (form, shown) in submission.contacts.items():
        errors = _errors(form, [report for report in saved.kept if report.contact == key])
        if key in stored:
            section = _section(stored[key], errors)
        elif key in saved.gone:
            section = _gone()
            problems.append(GONE)
        else:
            section = {"shown": shown.sign(), "stored": {}, "errors": errors}
        sections[prefix_of(key)] = section
        of = numbers.get(key, "") if len(numbers) > 1 else ""
        for name in section["errors"]:
            label, has = f"{label_of(name)}{of}", section["stored"].get(name, "")
            problems.append(not_saved_sentence(label, has, errors[name]))
    return sections, problems


def _status(saved: Saved, problems: list[str]) -> str:
    if saved.conflicts or saved.gone:
        return "changed"
    return "partly" if problems else "saved"


def _says(saved: Saved, problems: list[str], saved_at: str, *, completed: bool) -> str:
    """The status line."""
    if saved.conflicts:
        is_own = all(report.is_own for report in saved.conflicts)
        problems = ["Changed in another window" if is_own else "Changed by someone else", *problems]
        return ". ".join(problems)
    if problems:
        return " ".join(problems)
    done = "Registration complete. " if completed else ""
    return f"{done}Saved at {saved_at}"


def _section(contact: Contact, errors: dict[str, str]) -> Json:
    return {
        "shown": note_of(contact).sign(),
        "stored": shown_to_people(contact.values()),
        "errors": errors,
        "complete": contact.is_complete,
        "lines": [str(contact), contact.email, contact.shown_phone],
    }


def _gone() -> Json:
    """A contact that somebody deleted: what was typed can be added again, under a new identity."""
    prefix = prefix_of(uuid.uuid4())
    return {
        "gone": GONE,
        "again": prefix,
        "shown": new_note(prefix).sign(),
        "stored": {},
        "errors": {},
    }


def _errors(form: ContactForm, kept: list[FieldReport]) -> dict[str, str]:
    """What is wrong with each field that was sent."""
    errors = {
        name: " ".join(map(str, messages))
        for name, messages in form.errors.items()
        if form.add_prefix(name) in form.data
    }
    for report in kept:
        errors[report.field] = needs_contact_sentence(
            label_of(report.field), show(report.field, report.stored)
        )
    return errors


def _clash(report: FieldReport) -> Json:
    return {
        "name": _html_name(report.contact, report.field),
        "label": label_of(report.field) if report.contact else "Organization Size",
        "text": changed_sentence(
            report.by, show(report.field, report.stored), is_own=report.is_own
        ),
        "take": take_label(is_own=report.is_own),
        "stored": report.stored
        if report.contact is None
        else shown_to_people({report.field: report.stored})[report.field],
    }


def _html_name(contact: UUID | None, field: str) -> str:
    return f"{prefix_of(contact)}-{field}" if contact else field
