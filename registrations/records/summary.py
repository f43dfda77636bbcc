"""What there is to keep of a registration: its summary, or the receipt of its deletion.

One record feeds the page and the PDF, so that both say the same in the same order.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from accounts.enums import RoleName
from accounts.models import User
from qpp_registration import pdf
from qpp_registration.clock import show_to_the_second
from registrations.cases.presentation import CANCELLATION_LABEL, RECEIPT_LABEL, summary_label
from registrations.cases.registration import Case
from registrations.enums import Completion, EnrollmentStatus, Origin
from registrations.models import Contact, Enrollment, Registration
from registrations.registering.review import address_line
from registrations.sampling.outcomes import sampling_of
from registrations.words.sampling import SamplingWords

TEMPLATE = "registrations/records/summary.typ"
SITE = "QPP Registration"
DEMONSTRATION = "Demonstration – not an official government website"
NO_CONTACTS = "No contact receives updates yet."
HIDDEN_DETAILS = "E-mail and phone are shown to Security Officials only."


@dataclass(frozen=True)
class Words:
    """What a registration and its end are called in a year."""

    complete: str
    ended: str
    receipt: str
    file_of_receipt: str


WORDS = {
    Completion.AUTOMATIC: Words("Complete", "Deleted", RECEIPT_LABEL, "deletion"),
    Completion.EXPLICIT: Words("Registered", "Cancelled", CANCELLATION_LABEL, "cancellation"),
}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of the record.

    `status`: how to mark the value, empty where it is no status. `figures`: the value is a number
    that is never broken into lines.
    """

    label: str
    value: str
    status: str = ""
    figures: bool = False


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """The complete contacts as a table. `note`: what is left out of it for this person."""

    columns: list[str]
    rows: list[list[str]]
    note: str
    heading: str = "Contacts"


@dataclass(frozen=True, kw_only=True)
class Record:
    """The summary of a complete registration, or the receipt of a deleted one.

    `changed_at`: when the registration last changed. `contacts`: None in a receipt.
    `sampling`: what came of the sample, once it is known.
    """

    title: str
    note: str
    heading: str
    facts: list[Fact]
    sampling: SamplingWords | None
    contacts: Contacts | None
    number: int
    file_name: str
    running: str
    changed_at: datetime = field(repr=False)

    def as_pdf(self, *, demonstration: bool) -> bytes:
        """The record as a tagged PDF; `demonstration`: say that this is one."""
        data = asdict(self) | {
            "name": f"{self.title} {self.number}",
            "site": SITE,
            "demonstration": DEMONSTRATION if demonstration else "",
        }
        del data["changed_at"]
        return pdf.make_pdf(TEMPLATE, data, made_at=self.changed_at)


def record_of(case: Case) -> Record | None:
    """What there is to keep, as this person may see it; None while a registration is incomplete.

    A Security Official sees everything, others no e-mail and no phone. (2023 guide, VI and VII)
    """
    match case.status:
        case EnrollmentStatus.COMPLETE:
            return _summary(case)
        case EnrollmentStatus.CANCELLED:
            return _receipt(case)
        case _:
            return None


def _summary(case: Case) -> Record:
    registration = case.registered.registration
    received_at = case.registered.completed_at or registration.changed_at
    facts = [
        _registration_id(case),
        _status(case),
        *_organization(case),
        Fact(label="Organization Size", value=_size(registration)),
        _received(case.registered, received_at),
        Fact(label="Last changed", value=_from(registration.changed_at, registration.changed_by)),
    ]
    title = summary_label(case.kind, case.product)
    return _record(case, title, facts, "registration", _contacts(case))


def _receipt(case: Case) -> Record:
    enrollment, words = case.registered, _words(case)
    ended_at = enrollment.cancelled_at or enrollment.registration.changed_at
    facts = [
        _registration_id(case),
        _status(case),
        *_organization(case),
        Fact(label=f"{words.ended} by", value=_name(enrollment.cancelled_by)),
        Fact(label="Received", value=show_to_the_second(ended_at)),
    ]
    return _record(case, words.receipt.capitalize(), facts, words.file_of_receipt, None)


def _record(
    case: Case, title: str, facts: list[Fact], what: str, contacts: Contacts | None
) -> Record:
    number, year = case.organization.registration_number.number, case.offering.year_id
    short = case.product.short.replace(" ", "-")
    return Record(
        title=title,
        note=f"Performance year {year}, {case.product.label}",
        heading="Registration",
        facts=facts,
        sampling=sampling_of(case),
        contacts=contacts,
        number=number,
        file_name=f"{short}-{year}-{what}-{number}.pdf",
        running=f"{title}, {year}, registration ID {number}",
        changed_at=case.registered.registration.changed_at,
    )


def _registration_id(case: Case) -> Fact:
    return Fact(
        label="Registration ID",
        value=str(case.organization.registration_number.number),
        figures=True,
    )


def _status(case: Case) -> Fact:
    status, words = EnrollmentStatus(case.registered.status), _words(case)
    value = words.ended if status == EnrollmentStatus.CANCELLED else words.complete
    return Fact(label="Status", value=value, status=status.value)


def _organization(case: Case) -> list[Fact]:
    """Name and identifier; in explicit years the registration's own name, and its address."""
    is_explicit = case.offering.year.completion == Completion.EXPLICIT
    registration = case.registered.registration
    facts = [
        Fact(
            label="Organization",
            value=registration.name if is_explicit else case.organization.name,
        ),
        Fact(
            label=case.kind.identifier_label,
            value=case.organization.shown_identifier,
            figures=True,
        ),
    ]
    if is_explicit:
        facts.append(Fact(label="Address", value=address_line(registration.information())))
    return facts


def _words(case: Case) -> Words:
    return WORDS[Completion(case.offering.year.completion)]


def _from(at: datetime, name: str) -> str:
    return f"{show_to_the_second(at)}, from {name}"


def _size(registration: Registration) -> str:
    """An automatic registration may have none yet."""
    return f"{registration.get_size_display()} clinicians" if registration.size else "Not chosen"


def _received(enrollment: Enrollment, received_at: datetime) -> Fact:
    if enrollment.origin == Origin.AUTOMATIC:
        return Fact(label="Registered automatically", value=show_to_the_second(received_at))
    return Fact(label="Received", value=_from(received_at, _name(enrollment.completed_by)))


def _name(user: User | None) -> str:
    return user.full_name if user else "CMS"


def _contacts(case: Case) -> Contacts:
    found = (
        Contact.objects.complete()
        .filter(registration=case.registered.registration_id)
        .order_by("position")
    )
    if not found:
        return Contacts(columns=[], rows=[], note=NO_CONTACTS)
    if case.role == RoleName.SECURITY_OFFICIAL:
        return Contacts(
            columns=["Name", "E-mail", "Phone"],
            rows=[[str(contact), contact.email, contact.shown_phone] for contact in found],
            note="",
        )
    return Contacts(columns=["Name"], rows=[[str(c)] for c in found], note=HIDDEN_DETAILS)
