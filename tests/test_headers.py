"""The headers of every kind of answer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.models import User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from organizations.models import Organization
from qpp_registration.urls import urlpatterns as site
from tests.access.world import registered
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.headers import SAME_EVERYWHERE

POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)


def breaks(request: object) -> None:
    raise RuntimeError("planted: /srv/secret/path.py, SELECT password")


@login_not_required
def answers(request: HttpRequest, status: int) -> HttpResponse:
    """What no page of ours answers today: the headers don't depend on it."""
    return HttpResponse(status=status)


class urls:  # noqa: N801 - stands for a module
    urlpatterns = [*site, path("breaks/", breaks), path("answers/<int:status>/", answers)]


@pytest.fixture
def client(june: object, offering: object, sign_in: Callable) -> Client:
    user = UserFactory()
    RoleFactory(user=user, organization=OrganizationFactory())
    client: Client = sign_in(user)
    client.raise_request_exception = False
    return client


def without_token(client: Client) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post("/sign-out/")


def too_many_fields(client: Client) -> Any:
    return client.post(f"{LIST}search/", {f"f{number}": "x" for number in range(1001)})


def broken(client: Client) -> Any:
    with override_settings(ROOT_URLCONF=urls):
        return client.get("/breaks/")


def answered(status: int) -> Callable[[Client], Any]:
    def ask(client: Client) -> Any:
        with override_settings(ROOT_URLCONF=urls):
            return client.get(f"/answers/{status}/")

    return ask


def too_large(client: Client) -> Any:
    return client.post(f"{LIST}search/", {"text": "x"}, CONTENT_LENGTH="8000001")


def staff_page(client: Client) -> Any:
    put_into(User.objects.get(), StaffGroup.ADMINISTRATOR)
    return client.get("/staff/")


def summary_pdf(client: Client) -> Any:
    organization = Organization.objects.get()
    return client.get(f"/registrations/{registered(organization).pk}/cahps/summary.pdf")


START = "/registration/2023/cahps/organizations/{}/start/"
LIST = "/registration/2023/cahps/practices/"
ANSWERS: dict[str, tuple[int, Callable[[Client], Any]]] = {
    "page": (200, lambda client: client.get("/home/")),
    "list": (200, lambda client: client.get(LIST)),
    "public page": (200, lambda client: Client().get("/")),
    "sign-in page": (200, lambda client: Client().get("/sign-in/")),
    "redirect": (302, lambda client: client.get("/registration/cahps/")),
    "redirect to sign-in": (302, lambda client: Client().get("/home/")),
    "redirect of a post": (302, lambda client: client.post(f"{LIST}search/")),
    "slash added": (301, lambda client: client.get("/home")),
    "not found": (404, lambda client: client.get("/nowhere/")),
    "not found, anonymous": (404, lambda client: Client().get("/nowhere/")),
    "not yours": (404, lambda client: client.post(START.format("0" * 32))),
    "wrong method": (405, lambda client: client.delete("/home/")),
    "no token": (403, without_token),
    "too many fields": (400, too_many_fields),
    "wrong host": (400, lambda client: client.get("/", headers={"host": "elsewhere.example"})),
    "error in a form": (422, lambda client: client.post(f"{LIST}search/", {"text": "\0"})),
    "error of ours": (500, broken),
    "too large": (413, too_large),
    "spreadsheet": (200, lambda client: client.post(f"{LIST}download/")),
    "calendar": (200, lambda client: client.get("/registration/2023/cahps/close.ics")),
    "PDF": (200, summary_pdf),
    "staff site": (200, staff_page),
    "no staff": (404, lambda client: client.get("/staff/")),
    "missing static file": (404, lambda client: client.get("/static/css/none.css")),
    **{str(status): (status, answered(status)) for status in (301, 304, 401, 409, 429, 503)},
    "signed out": (302, lambda client: client.post("/sign-out/")),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_all_headers(client: Client, kind: str) -> None:
    status, ask = ANSWERS[kind]
    answer = ask(client)
    assert answer.status_code == status
    assert {name: answer.get(name) for name in SAME_EVERYWHERE} == SAME_EVERYWHERE
    nonce = re.search(r"nonce-[\w+/=-]+", answer["Content-Security-Policy"])
    allowed = f" '{nonce[0]}'" if nonce else ""
    policy = POLICY.format(nonce=allowed)
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(policy.split("; "))
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])
    assert "Server" not in answer


@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "wrong host"])
def test_every_kind_of_answer_asks_for_https_from_then_on(
    client: Client, settings: Any, kind: str
) -> None:
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client.defaults["wsgi.url_scheme"] = "https"
    client.handler.load_middleware()
    answer = ANSWERS[kind][1](client)
    if answer.wsgi_request.is_secure():
        wanted = "max-age=31536000; includeSubDomains; preload"
        assert answer["Strict-Transport-Security"] == wanted


def test_script_on_a_page_has_the_nonce_of_its_policy_and_each_answer_its_own(
    client: Client,
) -> None:
    nonces = set()
    for _ in range(2):
        answer = client.get("/sign-in/", follow=True)
        on_page = set(re.findall(r'nonce="([^"]+)"', answer.content.decode()))
        assert on_page
        assert all(f"'nonce-{nonce}'" in answer["Content-Security-Policy"] for nonce in on_page)
        nonces |= on_page
    assert len(nonces) == 2


@pytest.mark.parametrize("status", [200, 304])
def test_static_file_has_the_headers_and_may_be_kept(client: Client, status: int) -> None:
    answer = client.get("/static/css/site.css")
    answer.close()
    if status == 304:
        kept = {"if-modified-since": answer["Last-Modified"]}
        answer = client.get("/static/css/site.css", headers=kept)
    assert answer.status_code == status
    assert {name: answer.get(name) for name in SAME_EVERYWHERE} == SAME_EVERYWHERE
    assert "Content-Security-Policy" in answer
    assert "no-store" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize(
    "address", ["/static/", "/static/css/", "/static/../manage.py", "/media/x"]
)
def test_no_folder_and_no_file_beside_the_static_ones_is_served(
    client: Client, address: str
) -> None:
    assert client.get(address).status_code == 404


def test_error_page_tells_a_request_id_and_nothing_of_the_inside(client: Client) -> None:
    html = broken(client).content.decode()
    for inside in ("Traceback", "planted", "secret", "SELECT", "RuntimeError", ".py"):
        assert inside not in html
    assert "<h1" in html


def test_cookies_are_closed_to_scripts_and_to_other_sites(client: Client) -> None:
    anonymous = Client()
    anonymous.get("/sign-in/")
    cookies = {**anonymous.cookies, **client.get("/home/").cookies}
    assert "csrf" in cookies
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_signing_out_clears_the_cookies(client: Client) -> None:
    assert client.post("/sign-out/")["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("value", ["2023-06-02T00:00:00Z", "0"])
def test_received_at_is_never_taken_from_the_browser(client: Client, value: str) -> None:
    for header in ("X-Received-At", "X-Request-Start", "Date"):
        answer = client.get("/home/", headers={header: value})
        assert answer["X-Received-At"] == "2023-06-02T18:31:05Z"
