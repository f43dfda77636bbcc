"""In a view as somebody else nothing is written, whatever is sent to whichever address."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from registrations.middleware import OF_THE_SESSION, SHOWN
from tests.access.rows import READS, WRITES
from tests.access.world import URL_NAMES, World, dump, told, undone

STAFF_PAGES = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
]


def looking(world: World, at: str) -> Client:
    """A browser of CMS staff that views the site as the official, or as a practice of theirs."""
    row = world.people["official"] if at == "person" else world.registered
    app = "accounts/user" if at == "person" else "organizations/organization"
    client = world.client("cms")
    answer = client.post(f"/staff/{app}/{row.pk}/view-as/", {"reason": "Call 4711"})
    assert told(answer) == "home"
    return client


def test_every_page_that_a_view_shows_is_a_page() -> None:
    assert set(URL_NAMES) >= SHOWN | OF_THE_SESSION
    assert not SHOWN & OF_THE_SESSION


@pytest.mark.parametrize("at", ["person", "organization"])
def test_nothing_can_be_sent_and_nothing_is_written(world: World, at: str) -> None:
    session = looking(world, at).cookies["session"].value
    before = dump()
    addresses = {name: world.address(name) for name in URL_NAMES}
    addresses |= {address: address for address in STAFF_PAGES}
    wrong = []
    for name, address in addresses.items():
        for method in (*READS, *WRITES) if at == "person" else ("GET", "POST"):
            client = Client(raise_request_exception=False)
            client.cookies["session"] = session
            with undone():
                events = AuditEvent.objects.count()
                answer = client.generic(method, address)
                got = (told(answer), AuditEvent.objects.count() - events)
            if wanted(name, method, shown=got[0] == "200") not in {None, got}:
                wrong.append(f"{method} {name}: {got}")
        client.cookies["session"] = session
        if name in SHOWN:
            client.get(address)
    assert not wrong, "\n".join(wrong)
    assert dump() == before


def wanted(name: str, method: str, *, shown: bool) -> tuple[str, int] | None:
    """Status and number of audit events; None for what belongs to the viewer's own session."""
    if name in OF_THE_SESSION:
        return None
    if method in WRITES or name not in SHOWN:
        return ("403", 1)
    return ("200", 1) if shown else None


def test_person_sees_in_the_view_what_they_see_themselves(world: World) -> None:
    client = looking(world, "person")
    for name in sorted(SHOWN):
        address = world.address(name)
        seen, own = client.get(address), world.client("official").get(address)
        assert told(seen) == told(own), name


def test_script_is_told_in_json_that_nothing_is_saved(world: World) -> None:
    client = looking(world, "person")
    answer = client.post(world.address("register"), {}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["says"]) == (403, "View only")
    page = client.get(world.address("register")).content.decode()
    assert "VIEW ONLY" in page
    assert "autosave.js" not in page
    assert "autosave.js" in world.client("official").get(world.address("register")).content.decode()


def test_viewers_own_session_goes_on(world: World) -> None:
    client = looking(world, "person")
    mine = world.client("cms").get("/session/").json()["person"]
    assert client.get("/session/").json()["person"] == mine
    assert client.get("/home/").context["session"].person == mine
    assert client.post("/session/extend/").status_code == 200
