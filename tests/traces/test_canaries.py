"""What people type and are sent leaves no trace where it doesn't belong.

Canaries go through every flow over HTTP, with everything logged; then logs, audit and outbox are
searched for them.
"""

import json
from datetime import timedelta

import pytest

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import Contact, Registration
from tests.factories import (
    DeviceFactory,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.conftest import hidden_and_typed
from tests.traces.conftest import Traced

TIN, OTHER_TIN = "007319462", "00-8246135"
PHONE, TYPED_PHONE = "2025550142", "(202) 555-0142"
OWN_PHONE = "2025550187"
EMAIL, OWN_EMAIL = "canary.contact@example.org", "canary.own@example.org"
NEW_EMAIL = "canary.new@example.org"
PASSWORD, WRONG, NEW = "seven grey canaries", "nine wrong canaries", "twelve fresh canaries"
LINK = "https://127.0.0.1/open-link/d0kyr0-0123456789abcdef0123456789abcdef/"


@pytest.fixture
def jane(traced: Traced) -> User:
    user = UserFactory(user_id="jane.doe", email=OWN_EMAIL)
    user.set_password(PASSWORD)
    user.save()
    DeviceFactory(user=user, address=OWN_PHONE)
    return user


@pytest.fixture
def practice(jane: User) -> Organization:
    year = YearFactory(year=2026)
    now = clock.now()
    OfferingFactory(year=year, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9))
    organization = OrganizationFactory(name="Better Business Health", identifier=TIN)
    RoleFactory(user=jane, organization=organization)
    return organization


def sign_in(traced: Traced, jane: User) -> list[str]:
    """With every mistake on the way; the codes that were sent."""
    for user_id, password in (("jane.doe", WRONG), (PASSWORD, PASSWORD), ("jane.doe", PASSWORD)):
        traced.post("/sign-in/", user_id=user_id, password=password, agree="on")
    device = jane.channeldevice_set.get().persistent_id
    assert traced.post("/sign-in/verify/", device=device).status == 302
    code = traced.server.newest(r"(\d{6})\b")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert traced.post("/sign-in/verify/code/", code=wrong).status == 200
    assert traced.post("/sign-in/verify/code/", code=code).status == 302
    return [code, wrong]


def register(traced: Traced, practice: Organization) -> None:
    """Searching for TINs, then registering with a contact, and changing it."""
    listed = "/registration/2026/cahps/practices/"
    for typed in (TIN, f"{TIN[:2]}-{TIN[2:]}", OTHER_TIN, EMAIL):
        traced.post(f"{listed}search/", text=typed)
        traced.get(f"{listed}?q={typed}")
    traced.post(f"{listed}download/")
    where = f"/registration/2026/cahps/organizations/{practice.pk}/start/"
    address = traced.post(where).headers["Location"]
    for phone, email in (("555", "no mail"), (TYPED_PHONE, EMAIL)):
        values = hidden_and_typed(traced.get(address).body)
        values["size"] = "25-99"
        contact = next(name[:44] for name in values if name.endswith("-shown") and name[44:])
        fields = {"first_name": "Daniel", "last_name": "Okafor", "email": email, "phone": phone}
        values |= {f"{contact}-{name}": value for name, value in fields.items()}
        traced.post(address, **values)
    assert Contact.objects.get(registration=Registration.objects.get()).phone == PHONE


def be_invited(traced: Traced) -> str:
    """Somebody gets the link of a new account, and sets a password with it. The link's token."""
    traced.server.manage(
        "create_user", "new.person", NEW_EMAIL, "--first-name=New", "--last-name=Person"
    )
    traced.server.manage("send_messages", "--once")
    link = traced.server.newest(r"(/open-link/\S+)")
    token = link.strip("/").rpartition("/")[2]
    traced.cookies.pop("session")
    page = traced.get(link).headers["Location"]
    traced.get(page)
    assert traced.post(page, new_password=NEW, repeated=NEW).status == 302
    traced.get(link)
    return token


def break_it(traced: Traced) -> None:
    everything = {"password": PASSWORD, "email": EMAIL, "phone": TYPED_PHONE, "tin": OTHER_TIN}
    broken = traced.post("/breaks/", link=LINK, name="Canary Birdwhistle", **everything)
    assert broken.status == 500
    traced.get(f"/breaks/?tin={TIN}&email={EMAIL}")
    traced.get(f"/nowhere/{TIN}/?phone={PHONE}")
    traced.ask("POST", "/home/", "", Referer=f"https://elsewhere.example/?tin={TIN}")
    traced.ask("GET", "/%0a%1b[31mFAKE", Host=f"{TIN}.example")


def lines_of(log: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.splitlines() if line.strip()]


def test_canaries_leave_no_trace(traced: Traced, jane: User, practice: Organization) -> None:
    codes = sign_in(traced, jane)
    session = traced.cookies["session"]
    register(traced, practice)
    break_it(traced)
    token = be_invited(traced)

    secrets = {
        *(TIN, f"{TIN[:2]}-{TIN[2:]}", OTHER_TIN, OTHER_TIN.replace("-", "")),
        *(*codes, PASSWORD, WRONG, NEW, session, token, LINK.split("/")[-2]),
    }
    personal = {PHONE, TYPED_PHONE, OWN_PHONE, EMAIL, OWN_EMAIL, NEW_EMAIL}

    lines = lines_of(traced.server.log)
    # Whole words, so that six digits of a key or a time are no code.
    log = json.dumps([{**line, "at": ""} for line in lines], ensure_ascii=False)
    assert {canary for canary in secrets - set(codes) | personal if canary in log} == set()
    assert [line for line in lines for code in codes if code in line["message"].split()] == []
    assert "Birdwhistle" not in log
    routes = {line.get("route") for line in lines}
    assert {"sign_in", "enter_code", "search", "register", "open_link", "set_password"} <= routes
    assert any("RuntimeError" in line.get("traceback", "") for line in lines)
    assert any(line["level"] == "DEBUG" for line in lines)

    audit = json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)
    assert {canary for canary in secrets - set(codes) | personal if canary in audit} == set()
    details = json.dumps(list(AuditEvent.objects.values_list("details", flat=True)))
    assert [code for code in codes if f'"{code}"' in details] == []
    assert AuditEvent.objects.filter(action="contact.added").exists()
    assert AuditEvent.objects.filter(action="password.set").exists()

    outbox = json.dumps(list(Message.objects.values()), default=str, ensure_ascii=False)
    assert {canary for canary in secrets - set(codes) if canary in outbox} == set()
    invitation = Message.objects.get(to=NEW_EMAIL)
    assert (invitation.status, invitation.body, invitation.html) == ("sent", "", "")


def test_line_breaks_and_colours_of_a_request_stay_in_their_line(traced: Traced) -> None:
    traced.get("/%0a%1b[31mFAKE")
    traced.ask("GET", "/", **{"User-Agent": "\x1b[31mFAKE"})
    assert "\x1b" not in traced.server.log
    for line in lines_of(traced.server.log):
        assert not line["message"].startswith("FAKE")
