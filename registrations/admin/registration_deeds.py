"""What staff may do about a registration: at any time, by the rules that count for officials."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.actors import Actor, staff
from accounts.admin.deeds import Deed, Preview, Way
from accounts.forms.staff import WhyForm
from accounts.policy.rights import Right
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.admin.words import TOLD, registered, who_is_told
from registrations.cases.registration import Case
from registrations.cases.year import YearCase, read_year_case
from registrations.details.contacts import LAST_CONTACT
from registrations.details.size import ends
from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.forms.register import shown_to_people
from registrations.forms.select_size import read_products
from registrations.forms.staff.registration import (
    ChangeContactForm,
    DeleteContactForm,
    InformationForStaffForm,
    NewContactForm,
    RegisterForForm,
    SizeForStaffForm,
)
from registrations.models import Contact, Enrollment
from registrations.policy.registration import Action, is_complete_contact
from registrations.staff.modify import (
    add_contact_for,
    change_contact_for,
    change_information_for,
    change_size_for,
    delete_contact_for,
)
from registrations.staff.register import register_for, what_is_lacking
from registrations.staff.restore import end_registration, restore_registration

Options = Mapping[str, Any]


# --- What the forms begin with ------------------------------------------------------------------


def _register_options(request: HttpRequest, row: Enrollment) -> Options:
    return {"lacks": what_is_lacking(_year_case(request, row), Product(row.offering.product))}


def _size_options(_: HttpRequest, row: Enrollment) -> Options:
    registration = row.registration
    return {"initial": {"size": registration.size, "version": registration.version}}


def _information_options(_: HttpRequest, row: Enrollment) -> Options:
    registration = row.registration
    return {"initial": {**registration.information(), "version": registration.version}}


def _contact_options(request: HttpRequest, row: Enrollment) -> Options:
    contact = _contact(request, row)
    values = shown_to_people(contact.values())
    return {"initial": {**values, "version": row.registration.version}}


def _contact_title(request: HttpRequest, row: Enrollment) -> str:
    return f"Change the contact {_contact(request, row)}".rstrip()


def _contacts_options(_: HttpRequest, row: Enrollment) -> Options:
    contacts = row.registration.contacts.order_by("position")
    return {"contacts": [(contact.pk, str(contact) or "No name") for contact in contacts]}


def _contact(request: HttpRequest, row: Enrollment) -> Contact:
    """The contact that the page's address is about."""
    try:
        key = UUID(request.GET.get("of", ""))
        return Contact.objects.get(registration=row.registration, pk=key)
    except (ValueError, Contact.DoesNotExist):
        raise Http404 from None


def _year_case(request: HttpRequest, row: Enrollment) -> YearCase:
    registration = row.registration
    return read_year_case(
        organization_id=registration.organization_id,
        year=registration.year_id,
        actor=staff(person(request)),
    )


# --- What they do -------------------------------------------------------------------------------


def _register(
    request: HttpRequest, row: Enrollment, form: RegisterForForm, actor: Actor
) -> Enrollment:
    return register_for(
        organization_id=row.registration.organization_id,
        offering=row.offering,
        given=form.given,
        actor=actor,
        received_at=received_at(request),
    )


def _change_size(
    request: HttpRequest, row: Enrollment, form: SizeForStaffForm, actor: Actor
) -> None:
    change_size_for(
        enrollment=row,
        size=form.chosen,
        accepts=read_products(request.POST.get("confirmed", "").split()),
        expected_version=form.cleaned_data["version"],
        actor=actor,
        received_at=received_at(request),
    )


def _what_size_ends(
    request: HttpRequest, row: Enrollment, form: SizeForStaffForm
) -> Preview | None:
    """Registrations that the size ends, in explicit years (2022 guide, V)."""
    if row.offering.year.completion != Completion.EXPLICIT:
        return None
    ended = ends(_year_case(request, row), form.chosen)
    if not ended:
        return None
    size, names = form.chosen.label, [product.label for product in ended]
    return Preview(
        lines=[
            f"{size} doesn’t qualify for the {name}. Its registration for the {name} will be "
            "cancelled."
            for name in names
        ],
        about=" ".join(ended),
    )


def _change_information(
    request: HttpRequest, row: Enrollment, form: InformationForStaffForm, actor: Actor
) -> None:
    change_information_for(
        enrollment=row,
        information=form.values,
        expected_version=form.cleaned_data["version"],
        actor=actor,
        received_at=received_at(request),
    )


def _add_contact(request: HttpRequest, row: Enrollment, form: NewContactForm, actor: Actor) -> None:
    add_contact_for(
        enrollment=row,
        contact_id=form.cleaned_data["key"],
        values=form.values,
        actor=actor,
        received_at=received_at(request),
    )


def _change_contact(
    request: HttpRequest, row: Enrollment, form: ChangeContactForm, actor: Actor
) -> None:
    change_contact_for(
        enrollment=row,
        contact_id=_contact(request, row).pk,
        values=form.values,
        expected_version=form.cleaned_data["version"],
        actor=actor,
        received_at=received_at(request),
    )


def _delete_contact(
    request: HttpRequest, row: Enrollment, form: DeleteContactForm, actor: Actor
) -> None:
    delete_contact_for(
        enrollment=row,
        contact_id=UUID(form.cleaned_data["contact"]),
        actor=actor,
        received_at=received_at(request),
    )


def _end(request: HttpRequest, row: Enrollment, _: WhyForm, actor: Actor) -> None:
    end_registration(enrollment=row, actor=actor, received_at=received_at(request))


def _restore(request: HttpRequest, row: Enrollment, _: WhyForm, actor: Actor) -> None:
    restore_registration(enrollment=row, actor=actor, received_at=received_at(request))


def _restored(row: Enrollment) -> str:
    return f"Restored. {who_is_told(row)}"


def _ended(row: Enrollment) -> str:
    return f"The registration is ended. {who_is_told(row)}"


REGISTER = Deed(
    name="register",
    title="Register again",
    press="Register",
    right=Right.CHANGE_REGISTRATIONS,
    form=RegisterForForm,
    options=_register_options,
    do=_register,
    done=registered,
    explained=f"As a new registration by CMS staff, with what is stored already. {TOLD}",
)
RESTORE = Deed(
    name="restore",
    title="Restore the registration",
    press="Restore",
    right=Right.CHANGE_REGISTRATIONS,
    form=WhyForm,
    do=_restore,
    done=_restored,
    explained=(
        "It stands again as before it was ended: status, size and contacts, under the same "
        f"registration ID. {TOLD}"
    ),
)
CHANGE_SIZE = Deed(
    name="size",
    title="Change the size",
    press="Change the size",
    right=Right.CHANGE_REGISTRATIONS,
    form=SizeForStaffForm,
    options=_size_options,
    preview=_what_size_ends,
    do=_change_size,
    done=f"The size is changed. {TOLD}",
    explained=TOLD,
)
CHANGE_INFORMATION = Deed(
    name="information",
    title="Change name and mailing address",
    press="Change",
    right=Right.CHANGE_REGISTRATIONS,
    form=InformationForStaffForm,
    options=_information_options,
    do=_change_information,
    done=f"Name and mailing address are changed. {TOLD}",
    explained=f"Of this registration; what CMS has on record stays. {TOLD}",
)
ADD_CONTACT = Deed(
    name="add-contact",
    title="Add a contact",
    press="Add",
    right=Right.CHANGE_REGISTRATIONS,
    form=NewContactForm,
    do=_add_contact,
    done=f"The contact is added. {TOLD}",
    explained=TOLD,
)
CHANGE_CONTACT = Deed(
    name="change-contact",
    title="Change a contact",
    titled=_contact_title,
    press="Change",
    right=Right.CHANGE_REGISTRATIONS,
    form=ChangeContactForm,
    options=_contact_options,
    do=_change_contact,
    done=f"The contact is changed. {TOLD}",
    explained=TOLD,
)
DELETE_CONTACT = Deed(
    name="delete-contact",
    title="Delete a contact",
    press="Delete",
    right=Right.CHANGE_REGISTRATIONS,
    form=DeleteContactForm,
    options=_contacts_options,
    do=_delete_contact,
    done=f"The contact is deleted. {TOLD}",
    explained=f"Name, e-mail and phone are removed; the audit keeps them masked. {TOLD}",
)
END = Deed(
    name="end",
    title="Cancel or delete the registration",
    press="End the registration",
    right=Right.CHANGE_REGISTRATIONS,
    form=WhyForm,
    do=_end,
    done=_ended,
    explained=f"Size, contacts, history and registration ID stay. {TOLD}",
)
DEEDS: tuple[Deed, ...] = (
    *(REGISTER, RESTORE, CHANGE_SIZE, CHANGE_INFORMATION),
    *(ADD_CONTACT, CHANGE_CONTACT, DELETE_CONTACT, END),
)


# --- What is possible now -----------------------------------------------------------------------


def ways_of(request: HttpRequest, row: Enrollment) -> Iterable[Way]:
    """The deeds for the registration as it stands, by the answer that the services get."""
    case, at = _year_case(request, row), received_at(request)
    of_offering = case.cases[Product(row.offering.product)]
    is_explicit = case.year.completion == Completion.EXPLICIT

    def why_not(action: Action) -> str:
        why = of_offering.refusal(action, at)
        return of_offering.explain(why) if why else ""

    if _is_ended(of_offering):
        yield Way(deed=RESTORE, why=why_not(Action.RESTORE))
        yield Way(deed=REGISTER, why=why_not(Action.REGISTER if is_explicit else Action.START))
    if is_explicit or not _is_ended(of_offering):
        yield Way(deed=CHANGE_SIZE)
        if is_explicit:
            yield Way(deed=CHANGE_INFORMATION)
        yield Way(deed=ADD_CONTACT)
        yield from _contact_ways(case.contacts())
    if not _is_ended(of_offering):
        yield Way(deed=END, why=why_not(Action.CANCEL if is_explicit else Action.DELETE))


def _contact_ways(contacts: list[Contact]) -> Iterator[Way]:
    for contact in contacts:
        name = str(contact) or "without a name"
        yield Way(deed=CHANGE_CONTACT, title=f"Change the contact {name}", of=str(contact.pk))
    complete = sum(is_complete_contact(contact.values()) for contact in contacts)
    if contacts:
        is_last = len(contacts) == complete == 1
        yield Way(deed=DELETE_CONTACT, why=LAST_CONTACT if is_last else "")


def _is_ended(case: Case) -> bool:
    return case.status == EnrollmentStatus.CANCELLED
