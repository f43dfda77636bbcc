"""One person's browser at the pages of an organization in 2022, without JavaScript."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.test import Client

from organizations.models import Organization
from registrations.models import Contact, Enrollment, Registration

INFORMATION = {
    "name": "Better Business Health",
    "address1": "123 Better Health Way",
    "address2": "",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21239",
}
CONTACT = {
    "first_name": "Daniel",
    "last_name": "Okafor",
    "email": "daniel.okafor@example.org",
    "phone": "(202) 555-0123",
    "extension": "14",
}


@dataclass
class YearPages:
    """The pages of an organization in 2022; each method gives the answer, not followed."""

    client: Client
    organization: Organization
    values: dict[str, str] = field(default_factory=dict)

    def url(self, page: str = "") -> str:
        """The address of a page: `size/`, `cahps/`, `cahps/cancel/`."""
        return f"/registration/2022/organizations/{self.organization.pk}/{page}"

    def get(self, page: str) -> Any:
        """Open the page."""
        return self.client.get(self.url(page))

    def html(self, page: str) -> str:
        """The page's text, on one line."""
        return text_of(self.get(page))

    def post(self, page: str, **values: str) -> Any:
        """Send these values and no others."""
        return self.client.post(self.url(page), values)

    def open(self, page: str) -> "YearPages":
        """Open the page and keep what its form would send back."""
        self.values = form_values(self.get(page).content.decode())
        return self

    def fill(self, **values: str) -> "YearPages":
        """Type into the fields of the page, a contact's by their short names."""
        for name, value in values.items():
            self.values[self._html_name(name)] = value
        return self

    def _html_name(self, name: str) -> str:
        return next((key for key in self.values if key.endswith(f"-{name}")), name)

    def send(self, page: str, **more: str) -> Any:
        """Press the page's button."""
        return self.client.post(self.url(page), {**self.values, **more})

    # --- Whole steps --------------------------------------------------------------------------

    def choose(self, size: str) -> Any:
        """Select a size; where one was chosen before, confirm the change."""
        answer = self.open("size/").fill(size=size).send("size/")
        if answer.status_code == 200:
            self.values = form_values(answer.content.decode())
            answer = self.send("size/")
        return answer

    def add_contact(self, **values: str) -> Any:
        """Add a complete contact."""
        page = "contacts/add/?back=cahps"
        return self.open(page).fill(**CONTACT | values).send(page)

    def register(self, product: str) -> Any:
        """Press Register on the page."""
        return self.open(f"{product}/").send(f"{product}/")

    # --- What is stored ---------------------------------------------------------------------

    @property
    def registration(self) -> Registration:
        """The registration of 2022 as stored now."""
        return Registration.objects.get(organization=self.organization, year=2022)

    @property
    def contacts(self) -> list[Contact]:
        """The contacts as stored now."""
        return list(self.registration.contacts.order_by("position"))

    def status(self, product: str) -> str:
        """The enrollment's status; empty where there is none."""
        found = Enrollment.objects.filter(
            registration__organization=self.organization,
            offering__year=2022,
            offering__product=product,
        ).first()
        return found.status if found else ""


def text_of(answer: Any) -> str:
    """The answer's HTML on one line, with plain characters."""
    return " ".join(unescape(answer.content.decode()).split())


def form_values(html: str) -> dict[str, str]:
    """What a browser would send back from the form with the most fields."""
    forms = re.findall(r"<form(?![^>]*sign-out).*?</form>", html.split("<main", 1)[1], re.S)
    form = max(forms, key=lambda text: len(re.findall(r"<(input|select)", text)), default="")
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") == "radio" and " checked" not in tag:
            continue
        values[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = unescape(chosen[1]) if chosen else ""
    return values
