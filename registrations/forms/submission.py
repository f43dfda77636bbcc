"""What came back from the Register for CAHPS page: by *Save*, or saved by the page itself."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.http import QueryDict

from registrations.details.edits import ContactEdit, FieldEdit
from registrations.enums import EnrollmentStatus
from registrations.forms.register import ContactForm, Shown, SizeForm, prefix_of
from registrations.policy.registration import CONTACT_FIELDS, SaveStamp

_CONTACT_NOTE = re.compile(r"contact-([0-9a-f-]{36})-shown")
_PAGE = re.compile(r"[0-9a-f]{16,40}")
_COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(kw_only=True)
class Submission:
    """What came back from the page, before it is saved.

    `began_incomplete`: the page hasn't told yet that the registration is complete.
    """

    size: tuple[SizeForm, Shown] | None
    contacts: dict[UUID, tuple[ContactForm, Shown]] = field(default_factory=dict)
    stamp: SaveStamp | None = None
    automatic: bool = False
    began_incomplete: bool = False

    @classmethod
    def read(cls, data: QueryDict, *, automatic: bool = False) -> "Submission":
        """The sections that are in the data, each with the note of what the page showed.

        `automatic`: the page saved by itself, and sent only what was typed. Then nothing that
        clashed is decided before a button is pressed, while *Save* keeps all that was typed.
        """
        size, contacts = None, {}
        open_ = _clashing(data) if automatic else undecided(data)
        if "size-shown" in data:
            size_shown = Shown.read("size", str(data["size-shown"]))
            size = (SizeForm(data), size_shown.without({"size"} & open_))
        for contact_id in contact_keys(data):
            prefix = prefix_of(contact_id)
            shown = Shown.read(prefix, str(data[f"{prefix}-shown"]))
            names = {name for name in CONTACT_FIELDS if f"{prefix}-{name}" in open_}
            contacts[contact_id] = (ContactForm(data, prefix=prefix), shown.without(names))
        return cls(
            size=size,
            contacts=contacts,
            stamp=_stamp(data),
            automatic=automatic,
            began_incomplete=data.get("began") == EnrollmentStatus.INCOMPLETE,
        )

    def size_edit(self) -> FieldEdit | None:
        """The chosen size for `save`."""
        if not self.size:
            return None
        form, shown = self.size
        return form.edit(shown, typed=self.automatic)

    def contact_edits(self) -> dict[UUID, ContactEdit]:
        """The valid fields of each contact for `save`."""
        return {
            key: form.edit(shown, typed=self.automatic)
            for key, (form, shown) in self.contacts.items()
        }

    @property
    def has_errors(self) -> bool:
        """Whether some field isn't valid."""
        forms_: list[forms.Form] = [form for form, _ in self.contacts.values()]
        if self.size:
            forms_.append(self.size[0])
        return any(form.errors for form in forms_)


def undecided(data: QueryDict) -> set[str]:
    """The names of fields that clashed and about which no button was pressed yet.

    *Keep mine* and *Use theirs* decide about one field; *Save* keeps all that was typed.
    """
    if "use_theirs" in data:
        decided = str(data["use_theirs"]).partition("=")[0]
    elif "keep_mine" in data:
        decided = str(data["keep_mine"])
    else:
        return set()
    return _clashing(data) - {decided}


def with_theirs(data: QueryDict) -> QueryDict:
    """What was typed; pressing *Use theirs* puts the other person's value into its field."""
    if "use_theirs" not in data:
        return data
    name, _, value = str(data["use_theirs"]).partition("=")
    data = data.copy()
    data[name] = value
    return data


def contact_keys(data: QueryDict) -> list[UUID]:
    """The contacts whose notes are in the data."""
    found = (_CONTACT_NOTE.fullmatch(name) for name in data)
    keys = (_uuid(match[1]) for match in found if match)
    return [key for key in keys if key]


def _clashing(data: QueryDict) -> set[str]:
    return {name.removeprefix("clash-") for name in data if name.startswith("clash-")}


def _stamp(data: QueryDict) -> SaveStamp | None:
    """Which save of which page it is; the page's script knows, and nobody without one."""
    page, count = str(data.get("page", "")), str(data.get("count", ""))
    if not _PAGE.fullmatch(page) or not _COUNT.fullmatch(count):
        return None
    return SaveStamp(page=page, count=int(count))


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
