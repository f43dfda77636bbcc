"""Every form of the site and of the staff site, in a world with a row of everything."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from accounts.policy.rights import StaffGroup
from accounts.verification.resets import request_reset
from tests.access.world import URL_NAMES, World, undone
from tests.accounts.steps import give_password, newest_link, reset_link
from tests.conftest import signed_in_session
from tests.factories import DURING, DeviceFactory, UserFactory
from tests.faults.hostile.html_forms import Form, forms_of
from tests.staff.table import TABLE
from tests.staff.world import StaffWorld

# What a person would type, by the last part of a field's name.
TYPED = {
    "first_name": "Dana",
    "last_name": "Oakley",
    "email": "dana.oakley@example.org",
    "phone": "(202) 555-0187",
    "extension": "12",
    "size": "100+",
    "reason": "The practice called.",
    "note": "For next year.",
    "message": "Who can add me?",
    "subject": "Please look",
    "body": "Please look at your contacts.",
    "name": "Example Practice",
    "address1": "12 Example Street",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21239",
    "job_title": "Office Manager",
    "work_phone": "(202) 555-0188",
    "user_id": "dana.oakley",
    "identifier": "001234567",
    "agree": "on",
}


# An address, and what is sent there; None: it is read.
Step = tuple[str, dict[str, Any] | None]
MOST_CHOICES = 8  # of a list; there are as many states as in America
STEPS = 2  # forms that are sent before a form is met, at most


@dataclass(frozen=True)
class Place:
    """A form, who meets it, and the forms that lead to it."""

    client: Callable[[], Client]
    person: str
    form: Form
    before: tuple[Step, ...] = ()

    @property
    def route(self) -> str:
        """The name of the address to which it is posted."""
        return str(resolve(urlsplit(self.form.action).path).url_name)

    def __str__(self) -> str:
        return f"{self.route} ({self.form.shape}) as {self.person}"

    def filled(self) -> dict[str, Any]:
        """What a person would send who fills in everything."""
        values: dict[str, Any] = {}
        for name in self.form.names:
            kept, choices = self.form.values.get(name, ""), self.form.choices.get(name, [])
            typed = TYPED.get(name.rpartition("-")[2], "")
            if typed in choices or not choices:
                values[name] = kept or typed
            else:
                values[name] = kept or next(filter(None, choices), "")
        for name in self.form.files:
            values[name] = SimpleUploadedFile("practices.csv", b"TIN,Size\n001234567,2-24\n")
        return values

    def ways(self) -> list[dict[str, Any]]:
        """The same, once with each of the choices."""
        filled, choices = self.filled(), self.form.choices
        return [
            filled,
            *({**filled, name: one} for name in choices for one in choices[name][:MOST_CHOICES]),
        ]

    def post(self, values: dict[str, Any], *, follow: bool = False) -> Any:
        """Send it, in the world as it was at first."""
        client = self.client()
        for address, sent in self.before:
            client.get(address) if sent is None else client.post(address, sent)
        answer = client.post(self.form.action, values, follow=follow)
        if answer.streaming:  # a file is made while it is sent
            b"".join(answer.streaming_content)
        return answer


class Harvest:
    """Collects forms, each shape once for each address."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._seen: set[tuple[str, str]] = set()

    def page(self, client: Callable[[], Client], person: str, address: str) -> None:
        """The forms of a page, and of the pages to which they lead.

        A mailed link is such a page too: it is opened first.
        """
        with undone():
            answer = client().get(address, follow=True)
        before = ((address, None),) if answer.redirect_chain else ()
        self._forms_of(Place(client, person, Form(address), before), answer)

    def _forms_of(self, place: Place, answer: Any) -> None:
        asked = answer.request
        address = f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}".rstrip("?")
        for form in forms_of(answer, address):
            self._add(replace(place, form=replace(form, action=urljoin(address, form.action))))

    def _add(self, place: Place) -> None:
        if (place.route, place.form.shape) in self._seen:
            return
        self._seen.add((place.route, place.form.shape))
        self.places.append(place)
        if len(place.before) < STEPS:
            for sent in place.ways():
                with undone():
                    answer = place.post(sent, follow=True)
                before = (*place.before, (place.form.action, sent))
                self._forms_of(replace(place, before=before), answer)


def of_the_site(world: World) -> list[Place]:
    """The forms that officials, visitors and people half signed in meet."""
    harvest = Harvest()
    pages = {world.address(name) for name in URL_NAMES}
    pages.add(world.address("register_page").replace("/cahps/", "/web_interface/"))
    with_more(world)
    for person in ("official", "anonymous", "password"):
        for address in sorted(pages):
            harvest.page(partial(world.client, person), person, address)
    for address in mailed_links():
        harvest.page(Client, "anonymous", address)
    harvest.page(newcomer, "newcomer", "/sign-in/verify/")
    return harvest.places


def with_more(world: World) -> None:
    """The official has a second device and a second session, and lost a device some time ago."""
    user = world.people["official"]
    DeviceFactory(user=user)
    signed_in_session(user, DURING)
    request_reset(user=user, phone="2025550123", received_at=DURING)


def mailed_links() -> list[str]:
    """A link to finish an account, and one to set a password."""
    account = {"first_name": "Dana", "last_name": "Oakley", "phone": "(202) 555-0187"}
    Client().post(reverse("create_account"), {**account, "email": "dana@example.org"})
    return [newest_link("dana@example.org"), reset_link(UserFactory())]


def newcomer() -> Client:
    """Somebody without a device who gave the password."""
    client = Client(raise_request_exception=False)
    give_password(client, UserFactory().user_id)
    return client


def of_staff(world: StaffWorld) -> list[Place]:
    """The forms that an Administrator meets on the staff site."""
    boss, harvest = StaffGroup.ADMINISTRATOR, Harvest()
    for name in TABLE:
        harvest.page(partial(world.client, boss), boss, world.address(name))
    return harvest.places
