"""What holds for every mailed link: single use, newest only, expiry, and where its token goes."""

import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from accounts.models import AccountLink, AuditEvent, Session
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    ask_for_new_password,
    give_password,
    mails_to,
    newest_link,
    person_with_phone,
    reset_link,
    set_new_password,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ENDED = "Link No Longer Works"


def shown(answer):
    return answer.content.decode()


def test_token_leaves_the_address_without_a_referrer_and_is_stored_nowhere(client):
    link = reset_link(UserFactory())
    token = link.rstrip("/").rpartition("/")[2]
    assert len(token) >= 43  # 256 bits
    answer = client.get(link)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.url == "/set-password/"
    assert token not in shown(client.get("/set-password/"))
    sessions = [session.get_decoded() for session in Session.objects.all()]
    kept = (list(AccountLink.objects.values()), list(AuditEvent.objects.values()), sessions)
    assert token not in str(kept)


def test_form_passes_the_csrf_check_of_a_browser():
    client = Client(enforce_csrf_checks=True)
    client.get(reset_link(UserFactory()))
    page = client.get("/set-password/")
    # Under no-referrer a browser would send `Origin: null`, which is refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    form = {
        "new_password": NEW_PASSWORD,
        "repeated": NEW_PASSWORD,
        "csrfmiddlewaretoken": page.context["csrf_token"],
    }
    answer = client.post("/set-password/", form, headers={"origin": "http://testserver"})
    assert answer.status_code == 302


def test_opening_a_link_uses_nothing_up(client):
    link = reset_link(UserFactory())
    for _ in range(3):
        assert Client().get(link).url == "/set-password/"
    client.get(link)
    assert set_new_password(client).status_code == 302


def test_link_works_once():
    link, first, second = reset_link(UserFactory()), Client(), Client()
    first.get(link)
    second.get(link)
    assert set_new_password(first).status_code == 302
    assert ENDED in shown(Client().get(link))
    assert ENDED in shown(set_new_password(second, "another one with words"))
    assert ENDED in shown(second.get("/set-password/"))


def test_only_the_newest_works(client):
    user = UserFactory()
    older, newer = reset_link(user), reset_link(user)
    assert ENDED in shown(client.get(older))
    assert client.get(newer).status_code == 302


def test_older_one_that_is_open_stops_working_too(client):
    user = UserFactory()
    client.get(reset_link(user))
    reset_link(user)
    assert ENDED in shown(set_new_password(client))


@pytest.mark.parametrize(("seconds", "works"), [(30 * 60 - 1, True), (30 * 60, False)])
def test_link_works_for_thirty_minutes(seconds, works):
    user, opened = UserFactory(), Client()
    with time_machine.travel(START, tick=False) as clock:
        link = reset_link(user)
        opened.get(link)
        clock.shift(seconds)
        assert (ENDED not in shown(Client().get(link))) is works
        assert (set_new_password(opened).status_code == 302) is works


def test_disabled_person_has_no_link_that_works(client):
    user = UserFactory()
    link, opened = reset_link(user), Client()
    opened.get(link)
    user.is_active = False
    user.save()
    assert ENDED in shown(client.get(link))
    assert ENDED in shown(set_new_password(opened))


@pytest.mark.parametrize("token", ["x", "MQ", "set-password", "%00", "%ed%a0%80", "x" * 500])
def test_forged_links_are_answered_like_used_ones(client, token):
    answer = client.get(f"/open-link/{token}/")
    assert ENDED in shown(answer)
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("page", ["/set-password/", "/register/finish/", "/confirm-email/"])
def test_pages_behind_links_show_nothing_without_one(client, page):
    assert ENDED in shown(client.get(page))
    assert ENDED in shown(client.post(page, {}))


@pytest.mark.parametrize("page", ["/register/finish/", "/confirm-email/"])
def test_link_of_one_purpose_opens_no_page_of_another(client, page):
    client.get(reset_link(UserFactory()))
    assert ENDED in shown(client.get(page))


@pytest.mark.parametrize(
    "headers", [{"host": "evil.example"}, {"x-forwarded-host": "evil.example"}]
)
def test_forged_host_reaches_no_link(client, headers):
    user = UserFactory()
    answer = client.post(
        "/recover/", {"what": "reset", "password-user_id": user.user_id}, headers=headers
    )
    if "host" in headers:
        assert answer.status_code == 400
        assert not mails_to(user.email)
    else:
        newest_link(user.email)  # it begins with SITE_URL
        assert "evil" not in mails_to(user.email)[-1].body


def test_wrong_case_of_a_user_id_still_leads_to_the_account(client):
    user = person_with_phone(user_id="Jane.Doe")
    ask_for_new_password(client, " jANE.doe ")
    client.get(newest_link(user.email))
    set_new_password(client)
    assert give_password(client, "jane.doe", NEW_PASSWORD).url == "/sign-in/verify/"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_sets_the_password():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    link = reset_link(UserFactory())
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.get(link)
    barrier, statuses = threading.Barrier(len(clients)), []

    def post(client, number):
        barrier.wait()
        answer = set_new_password(client, f"umbrellas near canal {number} and a goat")
        statuses.append(answer.status_code)
        connections.close_all()

    threads = [
        threading.Thread(target=post, args=(client, number))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [302]
