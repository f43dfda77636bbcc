"""The register page of 2023 in a browser at a real server, without and with its script."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from accounts.actors import official
from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.details.edits import FieldEdit
from registrations.details.save import save
from registrations.enums import Product
from registrations.models import Offering, Registration
from registrations.registering.start import start_registration
from tests.registrations.conftest import daniel, hidden_and_typed
from tests.server import JSON, Answer, Browser


def started(organization: Organization, offering: Offering, user: User) -> Registration:
    """The person's registration of the organization, begun."""
    return start_registration(
        organization_id=organization.pk,
        offering=offering,
        actor=official(user),
        received_at=clock.now(),
    )


def complete(organization: Organization, offering: Offering, user: User) -> Registration:
    """The same, complete with one contact: Daniel, whose phone is (202) 555-0123."""
    registration = started(organization, offering, user)
    save(
        registration_id=registration.pk,
        product=Product.CAHPS,
        size=FieldEdit(was="", now="25-99"),
        contacts=daniel(),
        actor=official(user),
        received_at=clock.now(),
    )
    return registration


def sent_again(html: str) -> dict[str, str]:
    """What *Send again* sends, on the page that says that the site is not available."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return {unescape(name): unescape(value) for name, value in fields}


@dataclass
class Page:
    """The register page as one browser shows it."""

    browser: Browser
    registration: UUID
    values: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: uuid4().hex[:24])
    count: int = 0

    @property
    def path(self) -> str:
        """The page's address."""
        return f"/registrations/{self.registration}/cahps/"

    def open(self, query: str = "") -> "Page":
        """Load it anew."""
        answer = self.browser.get(f"{self.path}{query}")
        assert answer.status == 200, answer.status
        self.values = hidden_and_typed(answer.body)
        return self

    @property
    def contacts(self) -> list[str]:
        """The beginnings of the fields' names of each contact on the page, a new one's included."""
        return [name[:44] for name in self.values if name.endswith("-shown") and name[44:]]

    def type(self, number: int = 0, **values: str) -> "Page":
        """Fill in fields of the contact in that place; `size` is the page's own."""
        if "size" in values:
            self.values["size"] = values.pop("size")
        for name, value in values.items():
            self.values[f"{self.contacts[number]}-{name}"] = value
        return self

    def save(self) -> Answer:
        """Press Save."""
        return self.browser.post(self.path, **self.values)

    def form(self) -> dict[str, Any]:
        """What the page's script sends next."""
        self.count += 1
        return {**self.values, "page": self.token, "count": str(self.count)}

    def form_of(self, contact: str) -> dict[str, Any]:
        """The same for one contact alone; `contact`: the beginning of its fields' names."""
        own = {name: value for name, value in self.form().items() if name.startswith(contact)}
        return {**own, "new": self.values["new"], "page": self.token, "count": str(self.count)}

    def send(self, form: dict[str, str]) -> Answer:
        """Send it as the script does."""
        return self.browser.ask("POST", self.path, self.browser.encoded(form), **JSON)
