"""*Register*: profile, link, user ID and password (2023 guide, II: Obtain Access)."""

import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from accounts.models import AccountLink, AuditEvent, Message, User
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    error,
    give_password,
    is_signed_in,
    mails_to,
    newest_link,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NELL = {
    "first_name": "Nell",
    "last_name": "Abara",
    "email": "nell@example.org",
    "phone": "(202) 555-0123",
}


def ask(client, **more):
    return client.post("/register/", NELL | more)


def finish(client, user_id="nell.abara", password=NEW_PASSWORD):
    form = {"user_id": user_id, "new_password": password, "repeated": password}
    return client.post("/register/finish/", form)


def link(**more):
    ask(Client(), **more)
    return newest_link(more.get("email", NELL["email"]))


def test_whole_way_from_nothing_to_the_first_device(client):
    assert ask(client).url == "/register/sent/"
    assert client.get(newest_link(NELL["email"])).url == "/register/finish/"
    assert "nell@example.org" in client.get("/register/finish/").content.decode()
    assert finish(client).url == "/sign-in/"
    assert "Your account is ready." in client.get("/sign-in/").content.decode()
    assert not is_signed_in(client)
    nell = User.objects.get()
    assert (nell.user_id, nell.full_name, nell.email) == ("nell.abara", "Nell Abara", NELL["email"])
    assert (nell.phone, nell.is_staff, nell.roles.count()) == ("2025550123", False, 0)
    assert "Your user ID is nell.abara" in mails_to(NELL["email"])[-1].body
    assert give_password(client, "Nell.Abara", NEW_PASSWORD).url == "/sign-in/set-up/"


def test_no_account_is_there_before_the_link_is_used(client):
    client.get(link())
    assert not User.objects.exists()


def test_page_says_that_no_social_security_number_is_asked_for_and_why(client):
    page = client.get("/register/").content.decode()
    assert "We never ask for your social security number: this site doesn’t need it." in page
    assert "Nor do we ask challenge questions: their answers can be found out" in page


def test_existing_account_is_told_by_mail_only(client):
    user = UserFactory(user_id="Nell.Known", email="Nell@example.org")
    assert ask(client).url == "/register/sent/"
    mail = mails_to(user.email)[0]
    assert mail.subject == "You already have an account"
    assert "Your user ID is Nell.Known" in mail.body
    assert "/recover/" in mail.body
    assert not AccountLink.objects.exists()


def test_typed_names_are_not_mailed_to_an_address_that_anybody_can_type(client):
    ask(client, first_name="Visit evil.example", last_name="now")
    assert "evil" not in mails_to(NELL["email"])[0].body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "Nell\r\nBcc: b@example.org"),
        ("last_name", "<b>Abara</b>"),
        ("last_name", "x" * 101),
        ("email", "no address"),
        ("email", "a@example.org\u2028Bcc: b@example.org"),
        ("phone", "12345"),
        ("phone", ""),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, field, value):
    answer = ask(client, **{field: value})
    assert answer.status_code == 200
    assert error(answer, field)
    assert not Message.objects.exists()


def test_more_fields_than_the_form_has_change_nothing(client):
    ask(client, is_staff="on", is_superuser="on", user_id="root.user")
    client.get(newest_link(NELL["email"]))
    form = {"user_id": "nell.abara", "new_password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    client.post("/register/finish/", form | {"is_staff": "on", "email": "other@example.org"})
    nell = User.objects.get()
    assert (nell.is_staff, nell.is_superuser, nell.email) == (False, False, NELL["email"])


@pytest.mark.parametrize("user_id", ["jane.doe", "JANE.DOE", " Jane.Doe "])
def test_taken_user_id_is_said_and_another_one_works(client, user_id):
    UserFactory(user_id="Jane.Doe")
    client.get(link())
    assert error(finish(client, user_id), "user_id") == "This user ID is taken. Choose another one."
    assert finish(client, "nell.abara").status_code == 302


def test_link_does_not_serve_to_try_user_ids_without_end(client):
    UserFactory(user_id="jane.doe")
    client.get(link())
    for _ in range(20):
        assert error(finish(client, "jane.doe"), "user_id")
    assert "Link No Longer Works" in finish(client, "nell.abara").content.decode()


@pytest.mark.parametrize("user_id", ["nell", "nell abara", "nell\x00abara", "x" * 65, "ſtaff.user"])
def test_odd_user_ids_are_explained(client, user_id):
    client.get(link())
    assert error(finish(client, user_id), "user_id")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["NellAbara 2026!", "nell@example.org", "nell.abara.nell", "only fourteen!"]
)
def test_password_made_of_what_was_entered_is_refused(client, password):
    client.get(link())
    assert error(finish(client, password=password), "new_password")


def test_link_works_once_and_for_thirty_minutes():
    with time_machine.travel(START, tick=False) as clock:
        first, second, path = Client(), Client(), link()
        first.get(path)
        second.get(path)
        assert finish(first).status_code == 302
        assert "Link No Longer Works" in finish(second, "other.user").content.decode()
        late = link(email="late@example.org")
        clock.shift(30 * 60)
        assert "Link No Longer Works" in Client().get(late).content.decode()
    assert User.objects.count() == 1


def test_account_made_meanwhile_is_said(client):
    client.get(link())
    UserFactory(email="NELL@example.org")
    assert "An account with this e-mail exists" in finish(client).content.decode()


def test_five_mails_an_hour_to_one_address():
    answers = {ask(Client(), email="Nell@example.org").url for _ in range(4)}
    answers |= {ask(Client()).url for _ in range(4)}
    assert answers == {"/register/sent/"}
    assert Message.objects.count() == 5


def test_person_who_is_signed_in_is_led_on(sign_in):
    assert sign_in(UserFactory()).get("/register/").url == "/home/"


def test_registering_is_audited_without_the_address(client):
    ask(client)
    client.get(newest_link(NELL["email"]))
    finish(client)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["account.asked", "user.created"]
    assert "nell@" not in str(list(AuditEvent.objects.values())).lower()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_makes_the_account():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    path, clients = link(), [Client() for _ in range(8)]
    for client in clients:
        client.get(path)
    barrier, statuses = threading.Barrier(len(clients)), []

    def post(client, number):
        barrier.wait()
        statuses.append(finish(client, f"nell.abara.{number}").status_code)
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
    assert User.objects.count() == 1
