"""*What is still missing*: the lines at the side of the Register for CAHPS page."""

from collections.abc import Sequence
from dataclasses import dataclass

from registrations.forms.register import ContactForm, prefix_of
from registrations.models import Contact
from registrations.policy.registration import REQUIRED_OF_A_CONTACT
from registrations.words.reasons import missing_contact_sentence


@dataclass(frozen=True, kw_only=True)
class Todo:
    """A line of *What is still missing*. `target`: id of the field that the line leads to."""

    text: str
    target: str
    note: str = ""
    done: bool = False


def todos_of(*, size: str, contacts: Sequence[Contact], empty_form: str) -> list[Todo]:
    """What is missing, unfinished contacts first, each leading to its field.

    `contacts` are the stored ones in their order; `empty_form`: prefix of a new contact's form on
    the page, or an empty text.
    """
    todos, open_forms = [], []
    for number, contact in enumerate(contacts, 1):
        if contact.is_complete:
            continue
        prefix = prefix_of(contact.pk)
        open_forms.append(prefix)
        for name in REQUIRED_OF_A_CONTACT:
            if not getattr(contact, name):
                todos.append(
                    Todo(
                        text=f"{label_of(name)} of contact {number}",
                        target=f"id_{prefix}-{name}",
                        note=missing_contact_sentence(str(contact)),
                    )
                )
    if empty_form:
        open_forms.append(empty_form)
    todos.append(Todo(text="Organization Size", target="id_size_0", done=bool(size)))
    todos.append(
        Todo(
            text="One complete contact",
            target=f"id_{open_forms[0]}-first_name" if open_forms else "",
            done=any(contact.is_complete for contact in contacts),
        )
    )
    return todos


def title_of(todos: Sequence[Todo]) -> str:
    """The heading over the lines."""
    return "Nothing is missing" if all(todo.done for todo in todos) else "What is still missing"


def label_of(name: str) -> str:
    """The label of a contact's field."""
    return str(ContactForm.base_fields[name].label)
