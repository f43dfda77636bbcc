"""An official with one practice, and the page on which it is registered."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.actors import official
from accounts.models import User
from organizations.enums import OrganizationSize
from organizations.models import Organization
from qpp_registration import clock
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.details.size import change_size
from registrations.details.update import update_details
from registrations.enums import Product
from registrations.models import Enrollment, Offering, Registration
from registrations.registering.register import register
from registrations.registering.start import start_registration
from tests.factories import OrganizationFactory, RoleFactory, UserFactory, explicit_year
from tests.registrations.year_pages import CONTACT, YearPages

JSON = {"HTTP_ACCEPT": "application/json"}
ONE, TWO = "1" * 24, "2" * 24  # how two open pages sign what they save


def daniel() -> dict[UUID, ContactEdit]:
    """A new contact with everything it needs, as the forms would give it."""
    values = CONTACT | {"phone": "2025550123"}
    fields = {name: FieldEdit(was="", now=value) for name, value in values.items()}
    return {uuid4(): ContactEdit(is_new=True, fields=fields)}


@pytest.fixture
def jane(db: None) -> User:
    """A Security Official."""
    return UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")


@pytest.fixture
def practice(jane: User) -> Organization:
    """Jane's practice."""
    organization = OrganizationFactory(name="Better Business Health", identifier="000765630")
    RoleFactory(user=jane, organization=organization)
    return organization


def hidden_and_typed(html: str) -> dict[str, str]:
    """What a browser would send back from the page's form, as it came."""
    form = html.split('<form class="columns__main"')[1].split("</form>", maxsplit=1)[0]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") == "radio" and " checked" not in tag:
            continue
        values[attributes["name"]] = unescape(attributes.get("value", ""))
    return values


@dataclass
class RegisterPage:
    """The Register for CAHPS page in one person's browser, without JavaScript."""

    client: Client
    registration: Registration
    values: dict[str, str]

    @property
    def url(self) -> str:
        """The page's address."""
        return f"/registrations/{self.registration.pk}/cahps/"

    def open(self, query: str = "") -> "RegisterPage":
        """Load it anew."""
        self.values = hidden_and_typed(self.client.get(f"{self.url}{query}").content.decode())
        return self

    @property
    def contact_ids(self) -> list[UUID]:
        """The contacts on the page, in order, a new one's form included."""
        return [UUID(name[8:44]) for name in self.values if name.endswith("-shown") and name[44:]]

    def type(self, number: int = 0, **values: str) -> "RegisterPage":
        """Fill in fields of the contact in that place; `size` is the page's own."""
        if "size" in values:
            self.values["size"] = values.pop("size")
        for name, value in values.items():
            self.values[f"contact-{self.contact_ids[number]}-{name}"] = value
        return self

    def save(self, **more: str):
        """Press Save; the answer isn't followed."""
        return self.client.post(self.url, {**self.values, **more})

    @property
    def enrollment(self) -> Enrollment:
        """The enrollment as stored now."""
        return Enrollment.objects.get(registration=self.registration)


@dataclass
class Script:
    """The page's script: sends what was typed with the newest note, and counts its saves."""

    page: RegisterPage
    token: str = ONE
    count: int = 0

    def send(self, number: int = 0, *, count: int | None = None, **typed: str) -> Any:
        """Send fields of the contact in that place; `size` is the page's own."""
        self.count = self.count + 1 if count is None else count
        values = {"page": self.token, "count": str(self.count)}
        values["new"] = self.page.values.get("new", "")
        values["began"] = self.page.values.get("began", "")
        if "size" in typed:
            values |= {"size": typed.pop("size"), "size-shown": self.page.values["size-shown"]}
        if typed:
            prefix = self.prefix(number)
            values[f"{prefix}-shown"] = self.page.values[f"{prefix}-shown"]
            values |= {f"{prefix}-{name}": value for name, value in typed.items()}
        return self.page.client.post(self.page.url, values, **JSON)

    def hear(self, answer: Any) -> dict[str, Any]:
        """Take over the new notes of an answer."""
        told = answer.json()
        for prefix, section in told["sections"].items():
            self.page.values[f"{prefix}-shown"] = section["shown"]
        return told

    def prefix(self, number: int = 0) -> str:
        return f"contact-{self.page.contact_ids[number]}"


def of_a_new_contact(**typed: str) -> dict[str, str]:
    """A new contact's fields as the script sends them; the page offers the person's own name."""
    return {"first_name": "Jane", "last_name": "Doe", "email": "", "phone": "", "extension": ""} | (
        typed
    )


@pytest.fixture
def start(offering: Offering, sign_in: Callable[[User], Client]) -> Callable[..., RegisterPage]:
    """Start a registration and open its page, if it is to be seen as it is then."""

    def make(user: User, organization: Organization, *, opens: bool = True) -> RegisterPage:
        registration = start_registration(
            organization_id=organization.pk,
            offering=offering,
            actor=official(user),
            received_at=clock.now(),
        )
        page = RegisterPage(client=sign_in(user), registration=registration, values={})
        return page.open() if opens else page

    return make


@pytest.fixture
def unopened(
    june: object,
    start: Callable[..., RegisterPage],
    jane: User,
    practice: Organization,
) -> RegisterPage:
    """Jane's page of her practice, just started, in June; her browser doesn't show it yet."""
    return start(jane, practice, opens=False)


@pytest.fixture
def started(unopened: RegisterPage) -> RegisterPage:
    """The same, open."""
    return unopened.open()


@pytest.fixture
def complete_page(unopened: RegisterPage, jane: User) -> RegisterPage:
    """The same, complete."""
    save(
        registration_id=unopened.registration.pk,
        product=Product.CAHPS,
        size=FieldEdit(was="", now="25-99"),
        contacts=daniel(),
        actor=official(jane),
        received_at=clock.now(),
    )
    assert unopened.enrollment.status == "complete"
    return unopened.open()


# --- 2022, which completes by pressing Register --------------------------------------------------


@pytest.fixture
def offerings(db: None) -> dict[Product, Offering]:
    """CMS Web Interface and CAHPS in 2022."""
    return explicit_year()


@pytest.fixture
def pages(
    june_2022: object,
    offerings: dict[Product, Offering],
    sign_in: Callable[[User], Client],
    jane: User,
    practice: Organization,
) -> YearPages:
    """Jane at the pages of her practice in June 2022; nothing is chosen yet."""
    return YearPages(client=sign_in(jane), organization=practice)


@pytest.fixture
def sized(pages: YearPages, jane: User) -> YearPages:
    """The same, with the size 25-99."""
    change_size(
        organization_id=pages.organization.pk,
        year=2022,
        was="",
        size=OrganizationSize.MEDIUM,
        accepts=[],
        actor=official(jane),
        received_at=clock.now(),
    )
    return pages


@pytest.fixture
def ready(sized: YearPages, jane: User) -> YearPages:
    """The same, with one complete contact: nothing is missing."""
    update_details(
        organization_id=sized.organization.pk,
        year=2022,
        information={},
        contacts=daniel(),
        actor=official(jane),
        received_at=clock.now(),
    )
    return sized


@pytest.fixture
def enrolled(ready: YearPages, jane: User) -> YearPages:
    """The same, registered for the CMS Web Interface."""
    register(
        organization_id=ready.organization.pk,
        year=2022,
        product=Product.WEB_INTERFACE,
        actor=official(jane),
        received_at=clock.now(),
    )
    return ready
