"""Who gets what at every address: each URL, method and person against one table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from organizations.models import Organization
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    Registration,
    RegistrationNumber,
    SheetRow,
    SheetUpload,
)
from registrations.sheet_plan import Plan
from tests.factories import (
    CLOSES,
    DURING,
    PASSWORD,
    ApmEntityFactory,
    DeviceFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
    explicit_year,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PERSONS = (
    "anonymous",
    "password",  # gave the password, not yet the code
    "no_role",
    "staff_user",
    "official",
    "other",  # the official of another organization
    "cms",  # CMS staff without a role
)

# One row a URL: what GET and POST give to each person, in the order above; one word is for all. A
# number is the status of a page, a name the URL that is redirected to. HEAD is like GET. Every
# other method gives 405, or the way to the sign-in page where GET leads there by the closed door.
CLOSED = "sign_in sign_in "
HOME = " home home home home home"
TABLE = {
    # Public
    "front": ("200", "405"),
    "help": ("200", "405"),
    "accessibility": ("200", "405"),
    "privacy": ("200", "405"),
    "calendar": ("200", "405"),
    # Signed in
    "home": (CLOSED + "200 200 200 200 200", CLOSED + "405 405 405 405 405"),
    "registration": (CLOSED + "200 200 200 200 200", CLOSED + "405 405 405 405 405"),
    "current_list": (CLOSED + "first_tab " * 5, CLOSED + "405 405 405 405 405"),
    "first_tab": (CLOSED + "200 list list list 200", CLOSED + "405 405 405 405 405"),
    "list": (CLOSED + "first_tab 200 200 200 first_tab", CLOSED + "405 405 405 405 405"),
    "search": (CLOSED + "405 405 405 405 405", CLOSED + "list list list list list"),
    "download_list": (
        CLOSED + "405 405 405 405 405",
        CLOSED + "first_tab 200 200 200 first_tab",
    ),
    "upload_sheet": (
        CLOSED + "first_tab 200 200 200 first_tab",
        CLOSED + "first_tab 403 422 422 first_tab",
    ),
    "overview_first": (
        CLOSED + "200 overview overview overview 200",
        CLOSED + "405 405 405 405 405",
    ),
    "overview": (
        CLOSED + "overview_first 200 200 200 overview_first",
        CLOSED + "405 405 405 405 405",
    ),
    "overview_search": (CLOSED + "405 405 405 405 405", CLOSED + "overview " * 5),
    "manage_access": (
        CLOSED + "200 connected connected connected 200",
        CLOSED + "405 405 405 405 405",
    ),
    "connected": (
        CLOSED + "manage_access 200 200 200 manage_access",
        CLOSED + "405 405 405 405 405",
    ),
    "connected_search": (CLOSED + "405 405 405 405 405", CLOSED + "connected " * 5),
    # Of the person who uploaded it
    "sheet": (CLOSED + "404 404 200 404 404", CLOSED + "405 405 405 405 405"),
    "confirm_sheet": (CLOSED + "405 405 405 405 405", CLOSED + "404 404 sheet 404 404"),
    "sheet_errors": (CLOSED + "404 404 200 404 404", CLOSED + "405 405 405 405 405"),
    "register_many": (CLOSED + "list list list list list", CLOSED + "list list list list list"),
    "change_person": (CLOSED + "200 200 200 200 200", CLOSED + "422 422 422 422 422"),
    # With a role on the organization
    "start": (CLOSED + "405 405 405 405 405", CLOSED + "404 403 register 404 404"),
    "register": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 register 404 404"),
    "summary": (CLOSED + "404 200 200 404 404", CLOSED + "405 405 405 405 405"),
    "summary_pdf": (CLOSED + "404 200 200 404 404", CLOSED + "405 405 405 405 405"),
    "delete_registration": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 list 404 404"),
    "delete_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 register 404 404"),
    "copy_contacts": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 copy_contacts 404 404"),
    "apply_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "connected_users": (CLOSED + "404 200 200 404 404", CLOSED + "405 405 405 405 405"),
    # The same, in an explicit year
    "size": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "information": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "confirm_details": (CLOSED + "405 405 405 405 405", CLOSED + "404 403 overview 404 404"),
    "use_last_year": (CLOSED + "405 405 405 405 405", CLOSED + "404 403 overview 404 404"),
    "add_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 404 404 404"),
    "edit_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "remove_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 overview 404 404"),
    "register_page": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 registered 404 404"),
    "register_now": (
        CLOSED + "405 405 405 405 405",
        CLOSED + "404 registered registered 404 404",
    ),
    "registered": (CLOSED + "404 200 200 404 404", CLOSED + "405 405 405 405 405"),
    "cancel_registration": (
        CLOSED + "404 200 200 404 404",
        CLOSED + "404 403 cancelled 404 404",
    ),
    "cancelled": (
        CLOSED + "404 register_page register_page 404 404",
        CLOSED + "405 405 405 405 405",
    ),
    # Signing in and out
    "sign_in": ("200 200" + HOME, "200 200" + HOME),
    "verify": ("sign_in 200" + HOME, "sign_in 200" + HOME),
    "enter_code": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "send_again": ("405", "sign_in verify" + HOME),
    "set_up": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_text": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_app": ("sign_in set_up" + HOME, "sign_in set_up" + HOME),
    "csrf_token": ("200", "405"),
    "sign_out": ("405", "signed_out"),
    "signed_out": ("front", "405"),
    # The link of a mail. What it does is shown in the tests of setting a password.
    "set_password": ("set_password", "set_password"),
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


URL_NAMES = sorted(str(pattern.name) for pattern in patterns(get_resolver()))


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert set(URL_NAMES) == set(TABLE)
    assert len(URL_NAMES) == len(set(URL_NAMES)), "two URLs share a name"


# --- The world ----------------------------------------------------------------------------------


EXPLICIT = {
    *("size", "information", "confirm_details", "use_last_year"),
    *("add_contact", "edit_contact", "remove_contact"),
    *("register_page", "register_now", "registered", "cancel_registration", "cancelled"),
}


def registered(organization: Organization, year: int = 2023) -> Registration:
    """A complete registration with two complete contacts."""
    registration = Registration.objects.create(
        organization=organization,
        year_id=year,
        size="25-99",
        name=organization.name,
        started_at=DURING,
        changed_at=DURING,
        changed_by="Jane Doe",
    )
    Enrollment.objects.create(
        registration=registration,
        offering=Offering.objects.get(year=year, product="cahps"),
        status="complete",
        origin="official",
        completed_at=DURING,
    )
    number = 100_000 + RegistrationNumber.objects.count()
    RegistrationNumber.objects.get_or_create(organization=organization, defaults={"number": number})
    for position in (1, 2):
        Contact.objects.create(
            registration=registration,
            position=position,
            first_name="Daniel",
            last_name="Okafor",
            email=f"daniel{position}@example.org",
            phone="2025550123",
        )
    return registration


def uploaded(user: User, organization: Organization) -> SheetUpload:
    """A sheet with one row that would register the organization, and one with an error."""
    upload = SheetUpload.objects.create(
        user=user,
        offering=Offering.objects.get(year=2023),
        file_name="practices.csv",
        status="checked",
        uploaded_at=DURING,
        rows=2,
        planned=1,
        errors=1,
    )
    plan = Plan(start=True, size=("", "2-24")).as_json()
    SheetRow.objects.create(
        upload=upload, line=2, organization=organization, state="planned", plan=plan
    )
    SheetRow.objects.create(
        upload=upload, line=3, identifier="00-1234567", state="error", problems=[["", "", "Not."]]
    )
    return upload


class World:
    """A registered and a fresh organization, each person, and a client for each."""

    def __init__(self, sign_in: Callable[[User], Client]) -> None:
        self.registered = OrganizationFactory(name="Better Business Health")
        self.fresh = OrganizationFactory(name="Fresh Start Clinic")
        self.elsewhere = OrganizationFactory(name="Elsewhere Practice")
        self.registration = registered(self.registered)
        self.foreign = registered(self.elsewhere)
        explicit_year(closes_at=CLOSES)
        self.explicit = registered(self.registered, 2022)
        self.foreign_explicit = registered(self.elsewhere, 2022)
        people = {name: UserFactory(user_id=f"{name}.person") for name in PERSONS[1:]}
        people["cms"].is_staff = True
        people["cms"].save()
        for organization in (self.registered, self.fresh):
            RoleFactory(user=people["official"], organization=organization)
            RoleFactory(user=people["staff_user"], organization=organization, name="staff_user")
        RoleFactory(user=people["other"], organization=self.elsewhere)
        self.people = people
        self.sheet = uploaded(people["official"], self.fresh)
        self.foreign_sheet = uploaded(people["other"], self.elsewhere)
        self.sessions = {
            name: sign_in(people[name]).cookies["session"].value for name in PERSONS[2:]
        }
        DeviceFactory(user=people["password"])
        client = Client()
        client.post(
            "/sign-in/", {"user_id": "password.person", "password": PASSWORD, "agree": "on"}
        )
        self.sessions["password"] = client.cookies["session"].value

    def client(self, person: str, **options: Any) -> Client:
        """A browser of the person, with the session as it was at first."""
        client = Client(raise_request_exception=False, **options)
        if person != "anonymous":
            client.cookies["session"] = self.sessions[person]
        return client

    def address(
        self,
        name: str,
        *,
        registration: Any = None,
        organization: Any = None,
        contact: Any = None,
        sheet: Any = None,
    ) -> str:
        """The URL of that name, on the registered and the fresh organization."""
        registration = registration or self.registration.pk
        user = self.people["official"]
        is_explicit = name in EXPLICIT or name.startswith("overview")
        here = self.explicit if is_explicit else self.registration
        keys = {
            "year": 2022 if is_explicit else 2023,
            "product": "cahps",
            "kind": "group",
            "registration_id": registration,
            "organization_id": organization
            or (self.registered.pk if is_explicit else self.fresh.pk),
            "contact_id": contact or here.contacts.earliest("position").pk,
            "upload_id": sheet or self.sheet.pk,
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }
        pattern = next(found for found in patterns(get_resolver()) if found.name == name)
        return reverse(name, kwargs={key: keys[key] for key in pattern.pattern.converters})


@pytest.fixture
def world(june: object, offering: Offering, sign_in: Callable[[User], Client]) -> World:
    return World(sign_in)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(answer: HttpResponse) -> str:
    """The answer as the table writes it."""
    if answer.status_code in {301, 302, 303, 307, 308}:
        return str(resolve(urlsplit(answer["Location"]).path).url_name)
    return str(answer.status_code)


def expected(name: str, method: str, person: str) -> str:
    place = PERSONS.index(person)
    get, post = (row.split()[place] if " " in row else row for row in TABLE[name])
    if method in {"GET", "HEAD"}:
        return get
    if method == "POST":
        return post
    return "sign_in" if TABLE[name][0].startswith(CLOSED) and place < 2 else "405"


@pytest.mark.parametrize("name", URL_NAMES)
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    address = world.address(name)
    wrong = []
    for person in PERSONS:
        for method in METHODS:
            with undone():
                answer = world.client(person).generic(method, address)
            if (got := told(answer)) != (wanted := expected(name, method, person)):
                wrong.append(f"{method} {name} for {person}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


# --- Another's object and a missing one ---------------------------------------------------------


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def without_what_differs(answer: HttpResponse) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers, without the tokens that every answer has of its own."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
    headers = {
        name: re.sub(r"nonce-[^']*", "nonce", value)
        for name, value in answer.headers.items()
        if name not in {"X-Request-ID", "Set-Cookie"}
    }
    return answer.status_code, body, headers


@pytest.mark.parametrize("person", ["no_role", "staff_user", "official", "other", "cms"])
@pytest.mark.parametrize(
    "name",
    [
        "start",
        "register",
        "summary",
        "delete_registration",
        "delete_contact",
        "sheet",
        "confirm_sheet",
        "sheet_errors",
        "copy_contacts",
        "apply_contact",
        "connected_users",
        *sorted(EXPLICIT),
    ],
)
def test_others_object_is_answered_like_a_missing_one(world: World, name: str, person: str) -> None:
    if person == "other":
        theirs = world.address(name)
    else:
        theirs = world.address(
            name,
            registration=world.foreign.pk,
            organization=world.elsewhere.pk,
            contact=world.foreign.contacts.earliest("position").pk,
            sheet=world.foreign_sheet.pk,
        )
    missing = world.address(
        name, registration=uuid4(), organization=uuid4(), contact=uuid4(), sheet=uuid4()
    )
    for method in ("GET", "POST"):
        answers = [
            without_what_differs(world.client(person).generic(method, address))
            for address in (theirs, missing)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] in {404, 405}


@pytest.mark.parametrize("name", ["delete_contact", "apply_contact", "edit_contact"])
def test_contact_of_another_registration_is_answered_like_a_missing_one(
    world: World, name: str
) -> None:
    registration = world.foreign_explicit if name in EXPLICIT else world.foreign
    foreign = registration.contacts.earliest("position").pk
    for method in ("GET", "POST"):
        answers = [
            without_what_differs(
                world.client("official").generic(method, world.address(name, contact=contact))
            )
            for contact in (foreign, uuid4())
        ]
        assert answers[0] == answers[1]
    assert world.foreign.contacts.count() == 2


# --- Reading changes nothing --------------------------------------------------------------------


def dump() -> dict[str, list[Any]]:
    """Every row of every table, sessions left out."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model is not Session
    }


def test_head_is_answered_like_get_and_neither_changes_anything(world: World) -> None:
    before = dump()
    for name in URL_NAMES:
        address = world.address(name)
        for person in PERSONS:
            client = world.client(person)
            get, head = client.get(address), client.head(address)
            assert get.status_code == head.status_code, f"{name}, {person}"
            assert get.get("Location") == head.get("Location"), f"{name}, {person}"
            assert body(head) == b""
            client.options(address)
            client.get(f"{address}?add=1&completed=1&q=x&page=2&status=complete")
    assert dump() == before


# --- Without a CSRF token -----------------------------------------------------------------------


@pytest.mark.parametrize("name", URL_NAMES)
def test_post_without_a_token_or_from_another_site_is_refused(world: World, name: str) -> None:
    before = dump()
    for person in ("official", "password", "anonymous"):
        for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
            client = world.client(person, enforce_csrf_checks=True)
            answer = client.post(world.address(name), headers=headers)
            assert answer.status_code in {302, 403}, f"{name}, {person}, {headers}"
            if answer.status_code == 302:
                assert person != "official"
                assert told(answer) in {"sign_in", "set_password"}
    assert dump() == before


# --- No TIN in an address -----------------------------------------------------------------------

TIN = re.compile(r"(?<!\d)\d{2}[-\u2013 +]?\d{7}(?!\d)")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADDRESS = re.compile(r'(?:href|src|action|formaction)="([^"#]*)')


def addresses_on(answer: HttpResponse) -> set[str]:
    """Every address that a page leads to, or that it was redirected to."""
    is_page = answer.get("Content-Type", "").startswith("text/html")
    html = answer.content.decode() if is_page else ""
    found = {address.replace("&amp;", "&") for address in ADDRESS.findall(html)}
    return found | ({answer["Location"]} if "Location" in answer else set())


def test_no_page_leads_to_an_address_with_a_tin(world: World) -> None:
    official = world.people["official"]
    for number in range(30):
        organization = OrganizationFactory(name=f"Practice {number}")
        RoleFactory(user=official, organization=organization)
    for factory in (VirtualGroupFactory, ApmEntityFactory):
        organization = factory()
        ParticipationFactory(organization=organization, approved=True)
        RoleFactory(user=official, organization=organization)
    client = world.client("official")
    todo, seen, names = ["/", "/home/"], set(), set()
    while todo:
        address = todo.pop()
        answer = client.get(address)
        assert answer.status_code < 400, address
        for found in addresses_on(answer):
            assert not TIN.search(UUID.sub("", found)), f"{found} on {address}"
            here = urljoin(address, found)
            if here.startswith("/") and not here.startswith("/static/"):
                name = resolve(urlsplit(here).path).url_name
                names.add(name)
                if here not in seen and name not in ONLY_POSTED:
                    seen.add(here)
                    todo.append(here)
    assert {"list", "register", "summary", "delete_registration", "delete_contact"} <= names
    assert {"start", "search"} <= names
    assert {"upload_sheet", "sheet", "confirm_sheet", "sheet_errors", "download_list"} <= names
    assert {"overview", "size", "cancel_registration", "connected", "connected_users"} <= names
    assert any("page=2" in address for address in seen)


ONLY_POSTED = {
    "search",
    "start",
    "sign_out",
    "download_list",
    "confirm_sheet",
    "register_many",
    *("overview_search", "connected_search", "register_now", "confirm_details", "use_last_year"),
}


def test_search_for_a_tin_redirects_to_an_address_without_it(world: World) -> None:
    tin = world.registered.identifier
    for typed in (tin, f"{tin[:2]}-{tin[2:]}"):
        answer = world.client("official").post(world.address("search"), {"text": typed})
        query = dict(parse_qsl(urlsplit(answer["Location"]).query))
        assert query == {"organization": str(world.registered.pk)}
