"""No TIN in an address."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.http import HttpResponse
from django.urls import resolve

from tests.access.world import World
from tests.factories import (
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    VirtualGroupFactory,
)

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
