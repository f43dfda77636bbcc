"""What the history says of audit events: sentences whose subject is who did it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.enums import RoleName
from qpp_registration.phones import show_phone
from registrations.enums import SamplingOutcome
from registrations.words.differences import CONTACT_LABELS, LABELS, PARTICIPATION_LABELS

NOTHING = "empty"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field, as it was and as it is."""

    label: str
    before: str
    after: str


Details = Mapping[str, Any]
# `person`: whom the event is about, where it is about one.
Sentence = Callable[[Details, str], str]


def _with_size(text: str) -> Sentence:
    def say(details: Details, _person: str) -> str:
        because = ", with another Organization Size" if details.get("size") else ""
        return f"{text} {details['offering']}{because}"

    return say


def _plain(text: str) -> Sentence:
    return lambda _details, _person: text


def _started(details: Details, _person: str) -> str:
    again = " again" if details.get("again") else ""
    return f"started the registration for {details['offering']}{again}"


def _registered(details: Details, _person: str) -> str:
    return f"registered for {details['offering']}{' again' if details.get('again') else ''}"


def _fields_changed(details: Details, _person: str) -> str:
    return f"changed {_listed([LABELS[name] for name in LABELS if name in details])}"


def _contact_added(details: Details, _person: str) -> str:
    names = [details[name][1] for name in ("first_name", "last_name") if name in details]
    return f"added the contact {' '.join(names)}".removesuffix("the contact ").rstrip()


def _contact_changed(details: Details, _person: str) -> str:
    labels = [label for name, label in CONTACT_LABELS.items() if name in details]
    return f"changed {_listed(labels)} of a contact"


def _contact_deleted(details: Details, _person: str) -> str:
    return f"deleted the contact {details['first_name']} {details['last_name']}".rstrip()


def _contacts_copied(details: Details, _person: str) -> str:
    number = details["contacts"]
    contacts = "contact" if number == 1 else "contacts"
    return f"took over {number} {contacts} of {details['from_year']}"


def _extended(details: Details, _person: str) -> str:
    return f"extended the window for {details['offering']} until {details['after']}"


def _extension_changed(details: Details, _person: str) -> str:
    return (
        f"moved the end of the extension for {details['offering']} from {details['before']} to "
        f"{details['after']}"
    )


def _extension_ended(details: Details, _person: str) -> str:
    return f"ended the extension for {details['offering']}, which ran until {details['before']}"


def _corrected(details: Details, _person: str) -> str:
    labels = [label for name, label in LABELS.items() if name in details]
    return f"corrected what CMS has on record: {_listed(labels)}"


def _participation(details: Details, _person: str) -> str:
    labels = [label for name, label in PARTICIPATION_LABELS.items() if name in details]
    return f"corrected what CMS has on record for {details['year']}: {_listed(labels)}"


def _automatic(details: Details, _person: str) -> str:
    return (
        f"registered the organization for {details['offering']} automatically "
        f"({details['because']})"
    )


def _sampling(details: Details, _person: str) -> str:
    outcome = SamplingOutcome(details["outcome"][1]).label
    return f"stored the sampling result for {details['offering']}: {outcome}"


def _role_granted(details: Details, person: str) -> str:
    role = RoleName(details["role"]).label
    if details["before"]:
        return f"changed the role of {person} from {RoleName(details['before']).label} to {role}"
    return f"gave {person} the role {role}"


def _role_ended(details: Details, person: str) -> str:
    return f"ended the role {RoleName(details['before']).label} of {person}"


# An action that isn't here isn't shown.
OF_REGISTRATIONS: Mapping[str, Sentence] = {
    "registration.started": _started,
    "registration.saved": _fields_changed,
    "registration.completed": _plain("completed the registration"),
    "registration.registered": _registered,
    "registration.cancelled": _with_size("cancelled the registration for"),
    "registration.confirmed": _plain("confirmed the details that were carried over"),
    "registration.deleted": _with_size("deleted the registration for"),
    "registration.restored": _with_size("restored the registration for"),
    "registration.automatic": _automatic,
    "sampling.loaded": _sampling,
    "contacts.copied": _contacts_copied,
    "contact.added": _contact_added,
    "contact.saved": _contact_changed,
    "contact.deleted": _contact_deleted,
}
OF_ROLES: Mapping[str, Sentence] = {"role.granted": _role_granted, "role.ended": _role_ended}
OF_DIRECTORY: Mapping[str, Sentence] = {
    "extension.granted": _extended,
    "extension.changed": _extension_changed,
    "extension.ended": _extension_ended,
    "organization.corrected": _corrected,
    "participation.corrected": _participation,
}
OF_ORGANIZATIONS = {**OF_REGISTRATIONS, **OF_ROLES, **OF_DIRECTORY}
# One after the other, these are one sitting at the page.
SAVES = {"registration.saved", "contact.added", "contact.saved"}
WITH_CHANGES = SAVES | {"organization.corrected", "participation.corrected"}


def sentence(action: str, details: Details, *, person: str = "") -> str:
    """What was done, as it follows a name."""
    return OF_ORGANIZATIONS[action](details, person)


def changes(action: str, details: Details) -> list[Change]:
    """Before and after of each field, as masked as the audit has them."""
    if action not in WITH_CHANGES and "size" not in details:
        return []
    labels = {**LABELS, **CONTACT_LABELS, **PARTICIPATION_LABELS}
    return [
        Change(
            label=labels[name],
            before=_shown(name, details[name][0]),
            after=_shown(name, details[name][1]),
        )
        for name in labels
        if name in details
    ]


def burst(saves: int, labels: Sequence[str]) -> str:
    """Several saves in one sentence."""
    return f"changed {_listed(labels)} in {saves} saves"


def _shown(name: str, value: str) -> str:
    shown = show_phone(value) if name == "phone" and value.isdecimal() else value
    return shown or NOTHING


def _listed(labels: Sequence[str]) -> str:
    first, last = labels[:-1], labels[-1]
    return f"{', '.join(first)} and {last}" if first else last
