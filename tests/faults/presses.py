"""Forms that are ready to be sent, and what the press of each one's button does, once."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accounts.actors import official
from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Offering, Registration, RegistrationNumber
from registrations.registering.delete import delete_registration
from tests.accounts.role_steps import approve_page, asked
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.faults.conftest import NewBrowser
from tests.faults.pages import Page, complete
from tests.registrations.enrolled import begun, enroll
from tests.registrations.sheet_steps import PAT, UPLOAD, row, sheet
from tests.registrations.year_pages import CONTACT, INFORMATION, form_values
from tests.server import Answer, Browser

WEB_INTERFACE, CAHPS = Product.WEB_INTERFACE, Product.CAHPS
MARIA = {**CONTACT, "first_name": "Maria", "email": "maria@example.org"}
BOUNDARY = "a-part-of-the-form"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@dataclass
class Desk:
    """Jane at her browser, Ken as another Security Official of all her organizations."""

    browser_of: NewBrowser
    jane: User
    ken: User
    explicit: Mapping[Product, Offering]
    automatic: Offering
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in anew: what is sensitive wants a proof that is younger than five minutes."""
        self.browser = self.browser_of(self.jane)

    def practice(self) -> Organization:
        """A new one of theirs."""
        organization: Organization = OrganizationFactory(name=INFORMATION["name"])
        for user in (self.jane, self.ken):
            RoleFactory(user=user, organization=organization)
        return organization

    def in_explicit_year(self, *products: Product, status: str = "complete") -> Organization:
        """One with size and contact, registered for these, or cancelled."""
        organization = self.practice()
        if products:
            enroll(organization, self.explicit, products, status=status, **INFORMATION)
        else:
            begun(organization, self.explicit, **INFORMATION)
        return organization

    def in_automatic_year(self) -> Registration:
        """One that is complete."""
        return complete(self.practice(), self.automatic, self.jane)

    def values_of(self, path: str) -> dict[str, str]:
        """What the page's form would send as it came."""
        answer = self.browser.get(path)
        assert answer.status == 200, (path, answer.status)
        return form_values(answer.body)


@dataclass
class Press:
    """A form with what it does: these audit events and so many mails, and no more.

    `number`: the registration ID before; None where the organization has none yet. `file`: what is
    uploaded with it.
    """

    organization: Organization
    path: str
    values: Mapping[str, str]
    events: Mapping[str, int]
    mails: int = 0
    file: bytes = b""
    number: int | None = field(init=False)
    _event: int = field(init=False)
    _mails: int = field(init=False)

    def __post_init__(self) -> None:
        self.number = self._number()
        self._event = self._newest_event()
        self._mails = Message.objects.count()

    def send(self, browser: Browser) -> Answer:
        """Press the button."""
        if self.file:
            return browser.ask("POST", self.path, self._multipart(browser), **MULTIPART)
        return browser.post(self.path, **self.values)

    def done(self) -> list[str]:
        """What it did, otherwise than once; empty where all is well."""
        actions = AuditEvent.objects.filter(pk__gt=self._event).values_list("action", flat=True)
        found, mails = Counter(actions), Message.objects.count() - self._mails
        wrong = [] if found == Counter(self.events) else [f"events {dict(found)}"]
        if mails != self.mails:
            wrong.append(f"{mails} mails")
        if self.number and self._number() != self.number:
            wrong.append(f"registration ID {self._number()} after {self.number}")
        return wrong

    def _number(self) -> int | None:
        numbers = RegistrationNumber.objects.filter(organization=self.organization)
        return numbers.values_list("number", flat=True).first()

    def _newest_event(self) -> int:
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0

    def _multipart(self, browser: Browser) -> str:
        fields = {**self.values, "csrfmiddlewaretoken": browser.cookies["csrf"]}
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'
            for name, value in fields.items()
        ]
        parts.append(
            'Content-Disposition: form-data; name="file"; filename="sheet.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n{self.file.decode('utf-8-sig')}"
        )
        return "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"


# --- Explicit years -------------------------------------------------------------------------------


def _of_year(organization: Organization, page: str) -> str:
    return f"/registration/2022/organizations/{organization.pk}/{page}"


def register(desk: Desk, *before: Product, status: str = "complete") -> Press:
    """*Register* for CAHPS, the first time unless something was before."""
    organization = desk.in_explicit_year(*before, status=status)
    path = _of_year(organization, "cahps/")
    return Press(
        organization,
        path,
        desk.values_of(path),
        events={"registration.registered": 1},
        mails=1,
    )


def register_again(desk: Desk) -> Press:
    """*Register* after a cancellation."""
    return register(desk, CAHPS, status="cancelled")


def cancel(desk: Desk) -> Press:
    """*Cancel Registration*: the contact and Ken are told."""
    organization = desk.in_explicit_year(CAHPS)
    path = _of_year(organization, "cahps/cancel/")
    values = desk.values_of(path)
    return Press(organization, path, values, events={"registration.cancelled": 1}, mails=2)


def size_that_cancels(desk: Desk) -> Press:
    """*Confirm Change in Size*, which ends the CMS Web Interface in one mail to each."""
    organization = desk.in_explicit_year(WEB_INTERFACE)
    path = _of_year(organization, "size/")
    chosen = desk.browser.post(path, **desk.values_of(path) | {"size": "2-24"})
    return Press(
        organization,
        path,
        form_values(chosen.body),
        events={"registration.saved": 1, "registration.cancelled": 1},
        mails=2,
    )


def add_contact_of_year(desk: Desk) -> Press:
    """*Update* on a new contact; the mail waits for ten minutes."""
    organization = desk.in_explicit_year(CAHPS)
    path = _of_year(organization, "contacts/add/")
    values = desk.values_of(path)
    typed = {name: MARIA[name.rpartition("-")[2]] for name in values if _is_of_contact(name)}
    return Press(organization, path, values | typed, events={"contact.added": 1})


def delete_contact_of_year(desk: Desk) -> Press:
    """*Delete Contact*."""
    organization = desk.practice()
    more = {"contacts": ("Daniel", "Maria"), **INFORMATION}
    registration = enroll(organization, desk.explicit, [CAHPS], **more)
    contact = registration.contacts.get(first_name="Maria")
    path = _of_year(organization, f"contacts/{contact.pk}/delete/")
    return Press(organization, path, desk.values_of(path), events={"contact.deleted": 1})


# --- Automatic years ------------------------------------------------------------------------------


def start(desk: Desk) -> Press:
    """*Register Group for CAHPS*."""
    organization = desk.practice()
    path = f"/registration/2023/cahps/organizations/{organization.pk}/start/"
    return Press(organization, path, {}, events={"registration.started": 1})


def start_again(desk: Desk) -> Press:
    """The same after a deletion."""
    registration = desk.in_automatic_year()
    delete_registration(
        registration_id=registration.pk,
        product=CAHPS,
        actor=official(desk.jane),
        received_at=clock.now(),
    )
    path = f"/registration/2023/cahps/organizations/{registration.organization_id}/start/"
    return Press(registration.organization, path, {}, events={"registration.started": 1})


def delete(desk: Desk) -> Press:
    """*Delete Registration*: Ken is told."""
    registration = desk.in_automatic_year()
    path = f"/registrations/{registration.pk}/cahps/delete/"
    values = desk.values_of(path)
    return Press(
        registration.organization, path, values, events={"registration.deleted": 1}, mails=1
    )


def add_contact(desk: Desk) -> Press:
    """*Save* with a new contact."""
    registration = desk.in_automatic_year()
    page = Page(desk.browser, registration.pk).open("?add=1").type(1, **MARIA)
    return Press(registration.organization, page.path, page.values, events={"contact.added": 1})


def complete_it(desk: Desk) -> Press:
    """*Save* with all that was missing."""
    registration = delete_and_start(desk)
    page = Page(desk.browser, registration.pk).open().type(size="2-24")
    events = {"registration.saved": 1, "registration.completed": 1}
    return Press(registration.organization, page.path, page.values, events=events)


def delete_and_start(desk: Desk) -> Registration:
    """A registration with a contact and without a size."""
    press = start_again(desk)
    assert press.send(desk.browser).status == 302
    return Registration.objects.get(organization=press.organization)


def delete_contact(desk: Desk) -> Press:
    """*Delete Contact*."""
    press = add_contact(desk)
    assert press.send(desk.browser).status == 302
    registration = Registration.objects.get(organization=press.organization)
    contact = registration.contacts.get(first_name="Maria")
    path = f"/registrations/{registration.pk}/cahps/contacts/{contact.pk}/delete/"
    values = desk.values_of(path)
    return Press(press.organization, path, values, events={"contact.deleted": 1})


# --- Roles and sheets -----------------------------------------------------------------------------


def approve(desk: Desk) -> Press:
    """*Approve* what somebody asked for, who is told, as Ken is."""
    desk.sign_in()
    organization = desk.practice()
    request = asked(UserFactory(), organization)
    path = approve_page(request)
    values = desk.values_of(path)
    events = {"role_request.approved": 1, "role.granted": 1}
    return Press(organization, path, values, events=events, mails=2)


def upload(desk: Desk) -> Press:
    """*Upload and check* a sheet of one row."""
    organization = desk.practice()
    content = sheet(row(organization.identifier, size="2 to 24", **PAT))
    values = desk.values_of(UPLOAD)
    return Press(organization, UPLOAD, values, events={"sheet.uploaded": 1}, file=content)


def confirm(desk: Desk) -> Press:
    """*Apply* the rows of such a sheet."""
    uploaded = upload(desk)
    answer = uploaded.send(desk.browser)
    assert answer.status == 302, answer.status
    path = f"{answer.location}confirm/"
    return Press(uploaded.organization, path, {}, events={"sheet.confirmed": 1})


PRESSES: dict[str, Callable[[Desk], Press]] = {
    "register": register,
    "register again": register_again,
    "cancel": cancel,
    "size that cancels": size_that_cancels,
    "add contact, explicit": add_contact_of_year,
    "delete contact, explicit": delete_contact_of_year,
    "start": start,
    "start again": start_again,
    "complete": complete_it,
    "delete": delete,
    "add contact": add_contact,
    "delete contact": delete_contact,
    "approve": approve,
    "upload": upload,
    "confirm": confirm,
}


def _is_of_contact(name: str) -> bool:
    return name.rpartition("-")[2] in MARIA
