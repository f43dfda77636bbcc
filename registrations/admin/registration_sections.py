"""What a registration's page on the staff site tells below the facts."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.admin.deeds import Section
from accounts.admin.words import MESSAGES
from accounts.audit import masked
from accounts.models import User
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from qpp_registration import drawn
from registrations.admin.words import offering_name, page_of, shown_status
from registrations.enums import Completion, EnrollmentStatus, Missing
from registrations.mails.log import Letter, letters_about
from registrations.models import Contact, Enrollment, Offering, Registration
from registrations.policy.registration import missing_items, missing_to_register
from registrations.records.history import history_of_registration

HISTORY = "admin/sections/history.html"


def missing_words(row: Enrollment) -> str | None:
    """What an incomplete registration, or one that CMS made, still needs; None for nothing."""
    if row.status == EnrollmentStatus.CANCELLED:
        return None
    registration = row.registration
    contacts = [contact.values() for contact in registration.contacts.all()]
    if row.offering.year.completion == Completion.EXPLICIT:
        information: Mapping[str, str] = registration.information()
        missing = missing_to_register(
            size=registration.size, organization=information, contacts=contacts
        )
    else:
        missing = missing_items(size=registration.size, contacts=contacts)
    return ", ".join(_labels(missing)) or None


def _labels(missing: list[Missing]) -> list[str]:
    return [str(item.label) for item in missing]


def other_offerings(row: Enrollment) -> Section:
    """What else the organization can register for in the year, and where it stands there."""
    return Section(
        title=f"Other offerings of {row.offering.year_id}",
        columns=("Offering", "Status"),
        rows=[
            _standing(offering)
            for offering in _offerings(row.registration)
            if offering.pk != row.offering_id
        ],
        empty="The year has no other.",
    )


def offerings_of_year(registration: Registration) -> Section:
    """What the organization can register for in the year, and where it stands."""
    return Section(
        title=f"Offerings of {registration.year_id}",
        columns=("Offering", "Status"),
        rows=[_standing(offering) for offering in _offerings(registration)],
    )


def _offerings(registration: Registration) -> QuerySet[Offering]:
    return (
        Offering.objects.filter(year=registration.year_id)
        .annotate(
            enrollment=FilteredRelation(
                "enrollments", condition=Q(enrollments__registration=registration.pk)
            ),
            key=F("enrollment__pk"),
            stands=F("enrollment__status"),
        )
        .order_by("-product")
    )


def _standing(offering: Any) -> tuple[object, str]:
    name = offering.get_product_display()
    if offering.key is None:
        return name, "Not started"
    return page_of("registrations_enrollment", offering.key, name), shown_status(offering.stands)


def registrations_about(key: UUID) -> Iterable[Section]:
    """Where what is told of a registration leads: to its offerings, or to what was only begun."""
    found = Enrollment.objects.filter(registration=key).select_related("offering")
    rows: list[tuple[object, ...]] = [
        (
            page_of("registrations_enrollment", one.pk, offering_name(one.offering)),
            shown_status(one.status),
        )
        for one in found.order_by("-offering__product")
    ]
    if not rows:
        begun = Registration.objects.filter(pk=key)
        rows = [
            (page_of("registrations_registration", one.pk, str(one.year_id)), "Begun only")
            for one in begun
        ]
    if rows:
        yield Section(title="Registrations", columns=("Registration", "Status"), rows=rows)


def contacts_section(registration: Registration, *, sees: bool) -> Section:
    """The contacts, with e-mail and phone for those who may see them."""
    return Section(
        title="Contacts",
        columns=("Name", "E-mail", "Phone", "Gets updates"),
        rows=[_contact(contact, sees=sees) for contact in registration.contacts.all()],
        note="" if sees else "E-mail and phone are masked: your rights don’t include them.",
        empty="None yet.",
    )


def _contact(contact: Contact, *, sees: bool) -> tuple[str, str, str, str]:
    email = contact.email if sees else masked("email", contact.email)
    phone = contact.shown_phone if sees else masked("phone", contact.phone)
    updates = "Yes" if contact.is_complete else "No: something is missing"
    return str(contact) or "Without a name", email or "None", phone or "None", updates


def messages_section(registration: Registration, *, sees: bool) -> Section:
    """The mails about the registration: those that never arrived first, then the newest."""
    log = letters_about(registration.pk)
    shown = len(log.letters)
    return Section(
        title="Messages",
        columns=("Subject", "To", "What became of it"),
        rows=[_letter(letter, sees=sees) for letter in log.letters],
        note=f"{shown} of {log.total:,}." if shown < log.total else "",
        empty="None were written.",
    )


def _letter(letter: Letter, *, sees: bool) -> tuple[object, ...]:
    says = f"{letter.says} {letter.when.text}" if letter.when else letter.says
    return (
        page_of("accounts_message", letter.key, letter.subject),
        letter.to if sees else masked("email", letter.to),
        drawn.status(*MESSAGES[letter.status], says),
    )


def links_from(request: HttpRequest, registration: Registration) -> Iterable[tuple[str, str]]:
    """Where a registration's page leads: to what blocks its organization, and to the audit."""
    if has_right(request.user, Right.LOOK_UP_CALLERS):
        caller = reverse("admin:callers_organization", args=[registration.organization_id])
        yield "What blocks the organization, and what to say to a caller", caller
    if has_right(request.user, Right.READ_AUDIT):
        audit = reverse("admin:accounts_auditevent_changelist")
        yield "The audit of this registration", f"{audit}?q={registration.pk}"


def history_section(registration: Registration, viewer: User, number: str | None) -> Section:
    """What was done to it, newest first."""
    page, entries = history_of_registration(registration, viewer, number=number, to_staff=True)
    return Section(title="History", template=HISTORY, context={"page": page, "entries": entries})
