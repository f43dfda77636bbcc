"""*My Account*: profile, password and e-mail."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import AuditEvent
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    ask_for_new_password,
    error,
    give_password,
    is_signed_in,
    mails_to,
    newest_link,
    reset_link,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW_EMAIL = "jane.new@example.org"


@pytest.fixture
def jane():
    return UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe", phone="2025550123")


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


# --- Profile


def change_profile(client, **more):
    form = {"first_name": "Jane", "last_name": "Doe", "phone": "202-555-0123"}
    return client.post("/account/profile/", form | more)


def test_names_and_phone_are_changed_and_audited_masked(jane, sign_in):
    client = sign_in(jane)
    answer = change_profile(client, last_name="Doe-Ito", phone="(202) 555-0188")
    assert (answer.url, said(answer)) == ("/account/", ["Your profile is changed."])
    jane.refresh_from_db()
    assert (jane.full_name, jane.phone) == ("Jane Doe-Ito", "2025550188")
    event = AuditEvent.objects.get(action="profile.changed")
    assert event.details == {
        "before": {"last_name": "Doe", "phone": "***-***-0123"},
        "after": {"last_name": "Doe-Ito", "phone": "***-***-0188"},
    }
    page = client.get("/account/").content.decode()
    assert "Jane Doe-Ito" in page
    assert "(202) 555-0188" in page


def test_same_profile_again_writes_nothing(jane, sign_in):
    assert said(change_profile(sign_in(jane))) == ["Nothing was changed."]
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("first_name", "Ja\x00ne"), ("last_name", ""), ("phone", "555")]
)
def test_bad_profile_is_said_at_the_field(jane, sign_in, field, value):
    assert error(change_profile(sign_in(jane), **{field: value}), field)


def test_nothing_else_can_be_changed_there(jane, sign_in):
    change_profile(sign_in(jane), is_staff="on", email="x@example.org", user_id="other", phone="")
    before = (jane.is_staff, jane.email, jane.user_id)
    jane.refresh_from_db()
    assert (jane.is_staff, jane.email, jane.user_id) == before


# --- Password


def change_password(client, current=PASSWORD, new=NEW_PASSWORD):
    form = {"current": current, "new_password": new, "repeated": new}
    return client.post("/account/password/", form)


def test_password_is_changed_other_sessions_end_and_a_notice_is_mailed(jane, sign_in):
    here, elsewhere = sign_in(jane), sign_in(jane)
    key = here.cookies["session"].value
    assert change_password(here).url == "/account/"
    assert is_signed_in(here)
    assert here.cookies["session"].value != key
    assert not is_signed_in(elsewhere)
    assert [mail.subject for mail in mails_to(jane.email)] == ["Your password was changed"]
    assert AuditEvent.objects.filter(action="password.changed").count() == 1
    assert give_password(Client(), "jane.doe", NEW_PASSWORD).status_code == 302
    assert give_password(Client(), "jane.doe", PASSWORD).status_code == 200


def test_current_password_is_needed_and_counted(jane, sign_in):
    client = sign_in(jane)
    for _ in range(5):
        assert "isn’t your password" in error(change_password(client, current="x"), "current")
    assert error(change_password(client), "current")
    assert give_password(Client(), "jane.doe").status_code == 200


def test_former_password_is_refused(jane, sign_in):
    client = sign_in(jane)
    change_password(client)
    assert "last 6" in error(change_password(client, NEW_PASSWORD, PASSWORD), "new_password")
    assert "last 6" in error(change_password(client, NEW_PASSWORD, NEW_PASSWORD), "new_password")


def test_password_with_the_persons_name_is_refused(jane, sign_in):
    assert "easy to guess" in error(
        change_password(sign_in(jane), new="JaneDoe JaneDoe 1"), "new_password"
    )


def test_changed_password_ends_links_to_reset_it(jane, sign_in):
    link = reset_link(jane)
    change_password(sign_in(jane))
    assert "Link No Longer Works" in Client().get(link).content.decode()


# --- E-mail


def ask_for_email(client, email=NEW_EMAIL):
    return client.post("/account/email/", {"email": email})


def test_new_email_holds_once_its_link_is_used_and_both_are_told(jane, sign_in):
    client, old = sign_in(jane), jane.email
    assert ask_for_email(client).url == "/account/email/"
    page = client.get("/account/email/").content.decode()
    assert f"Waiting for {NEW_EMAIL}" in page
    jane.refresh_from_db()
    assert jane.email == old
    assert client.get(newest_link(NEW_EMAIL)).url == "/confirm-email/"
    assert client.get("/confirm-email/").status_code == 200
    jane.refresh_from_db()
    assert jane.email == old
    answer = client.post("/confirm-email/")
    assert (answer.url, said(answer)) == ("/account/", [f"Your e-mail is now {NEW_EMAIL}."])
    jane.refresh_from_db()
    assert jane.email == NEW_EMAIL
    assert mails_to(old)[-1].subject == mails_to(NEW_EMAIL)[-1].subject == "Your e-mail was changed"
    assert NEW_EMAIL not in mails_to(old)[-1].body
    assert is_signed_in(client)


def test_link_may_be_opened_in_another_browser_and_works_once(jane, sign_in):
    ask_for_email(sign_in(jane))
    phone, other, link = Client(), Client(), newest_link(NEW_EMAIL)
    phone.get(link)
    other.get(link)
    assert phone.post("/confirm-email/").url == "/sign-in/"
    assert not is_signed_in(phone)
    assert "Link No Longer Works" in other.post("/confirm-email/").content.decode()


def test_recent_proof_is_asked_for(jane, sign_in):
    with time_machine.travel(START, tick=False) as clock:
        client = sign_in(jane)
        clock.shift(timedelta(minutes=5, seconds=1))
        assert client.get("/account/email/").url.startswith("/confirm-identity/")
        assert ask_for_email(client).url.startswith("/confirm-identity/")
    assert not mails_to(NEW_EMAIL)


def test_address_of_another_account_gets_the_same_answer_and_no_link(jane, sign_in):
    other = UserFactory(email=NEW_EMAIL)
    answer = ask_for_email(sign_in(jane), NEW_EMAIL.upper())
    assert (answer.status_code, answer.url) == (302, "/account/email/")
    assert "open-link" not in mails_to(other.email)[0].body


def test_address_taken_meanwhile_is_not_taken_away(jane, sign_in):
    client = sign_in(jane)
    ask_for_email(client)
    client.get(newest_link(NEW_EMAIL))
    UserFactory(email=NEW_EMAIL.upper())
    assert "Link No Longer Works" in client.post("/confirm-email/").content.decode()


def test_link_to_reset_the_password_in_the_old_mailbox_ends(jane, sign_in):
    client = sign_in(jane)
    ask_for_email(client)
    link = reset_link(jane)
    client.get(newest_link(NEW_EMAIL))
    client.post("/confirm-email/")
    assert "Link No Longer Works" in Client().get(link).content.decode()
    ask_for_new_password(Client(), jane.user_id)
    newest_link(NEW_EMAIL)


def test_own_email_and_more_than_five_an_hour_are_refused(jane, sign_in):
    client = sign_in(jane)
    assert "already" in error(ask_for_email(client, jane.email.upper()), "email")
    for number in range(5):
        ask_for_email(client, f"jane{number}@example.org")
    assert "last hour" in error(ask_for_email(client), "email")
    assert not mails_to(NEW_EMAIL)


def test_pages_take_few_queries(jane, sign_in, django_assert_max_num_queries):
    client = sign_in(jane)
    client.get("/account/")
    for page, queries in (
        ("/account/", 5),
        ("/account/profile/", 4),
        ("/account/password/", 4),
        ("/account/email/", 5),
    ):
        with django_assert_max_num_queries(queries):
            assert client.get(page).status_code == 200
