"""*Recover ID or reset password* (2023 guide, III.2)."""

import pytest
import time_machine
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    ask_for_new_password,
    ask_for_user_id,
    enter,
    error,
    give_password,
    is_signed_in,
    mails_to,
    person_with_phone,
    reset_link,
    set_new_password,
    up_to_code,
    wrong_code,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "not the right password"


def test_sign_in_page_leads_there_in_the_words_of_the_guide(client):
    page = client.get("/sign-in/").content.decode()
    assert "Forgot your user id or password?" in page
    assert '<a href="/recover/">Recover ID or reset password</a>' in page
    assert '<a href="/register/">Don’t have an account? Register</a>' in page


def test_user_id_comes_by_mail(client):
    user = UserFactory(user_id="Jane.Doe", email="jane@example.org")
    assert ask_for_user_id(client, "JANE@example.org").url == "/recover/sent/"
    assert "your user ID for QPP registration is Jane.Doe" in mails_to(user.email)[0].body


def test_page_after_it_says_what_to_do_when_no_mail_comes(client):
    page = client.get("/recover/sent/").content.decode()
    assert "If there is an account, a mail is on its way" in page
    assert "works for 30 minutes, once" in page
    assert "No mail after a few minutes?" in page
    assert "1-866-288-8292" in page


def test_second_factor_is_still_asked_and_nobody_is_signed_in(client):
    user = person_with_phone()
    client.get(reset_link(user))
    set_new_password(client)
    assert not is_signed_in(client)
    assert give_password(client, user.user_id, NEW_PASSWORD).url == "/sign-in/verify/"
    assert give_password(Client(), user.user_id, PASSWORD).status_code == 200


@pytest.mark.parametrize("by", ["user ID", "e-mail"])
def test_five_mails_an_hour_and_the_same_answer_after_that(by):
    user = UserFactory()
    ask = {
        "user ID": lambda: ask_for_new_password(Client(), user.user_id),
        "e-mail": lambda: ask_for_user_id(Client(), user.email),
    }[by]
    with time_machine.travel(START, tick=False) as clock:
        answers = {(answer := ask()).status_code, answer.url} | {ask().url for _ in range(8)}
        assert answers == {302, "/recover/sent/"}
        assert len(mails_to(user.email)) == 5
        clock.shift(60 * 60)
        ask()
        assert len(mails_to(user.email)) == 6


def test_newest_link_goes_on_working_while_no_more_are_mailed(client):
    user = UserFactory()
    link = [reset_link(user) for _ in range(5)][-1]
    ask_for_new_password(Client(), user.user_id)
    client.get(link)
    assert set_new_password(client).status_code == 302


def test_asking_in_vain_does_not_hold_up_the_next_mail():
    user = UserFactory()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            ask_for_new_password(Client(), user.user_id)
        for _ in range(6):
            clock.shift(10 * 60 - 1)
            ask_for_new_password(Client(), user.user_id)
        clock.shift(60)
        ask_for_new_password(Client(), user.user_id)
    assert len(mails_to(user.email)) == 6


def test_address_that_asks_for_everybody_is_stopped_and_told():
    def ask(number, **more):
        return ask_for_new_password(Client(**more), f"somebody.{number}")

    with time_machine.travel(START, tick=False) as clock:
        assert {ask(number).status_code for number in range(100)} == {302}
        answer = ask(100)
        assert answer.status_code == 429
        assert "Too many mails were asked for from your network" in answer.content.decode()
        assert ask(100, REMOTE_ADDR="192.0.2.7").status_code == 302
        clock.shift(60 * 60)
        assert ask(100).status_code == 302


def test_nobody_is_mailed_for_an_unknown_user_id_or_address(client):
    ask_for_new_password(client, "nobody.here")
    ask_for_user_id(client, "nobody@example.org")
    assert not Message.objects.exists()


def test_disabled_person_is_told_whom_to_ask_and_gets_no_link(client):
    user = UserFactory(is_active=False)
    ask_for_new_password(client, user.user_id)
    ask_for_user_id(client, user.email)
    for mail in mails_to(user.email):
        assert mail.subject == "Your account is disabled"
        assert "open-link" not in mail.body
        assert user.user_id not in mail.body


def test_lock_of_the_password_ends_and_the_second_factor_is_asked(client):
    user = person_with_phone()
    for _ in range(5):
        give_password(Client(), user.user_id, WRONG)
    assert give_password(Client(), user.user_id).status_code == 200
    client.get(reset_link(user))
    set_new_password(client)
    assert give_password(client, user.user_id, NEW_PASSWORD).url == "/sign-in/verify/"


def test_lock_of_the_codes_does_not_end(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(2):
            up_to_code(client, user)
            for _ in range(5):
                enter(client, wrong_code())
            clock.shift(60)
        client.get(reset_link(user))
        set_new_password(client)
        give_password(client, user.user_id, NEW_PASSWORD)
        clock.shift(60)
        client.post("/sign-in/verify/", {"device": user.channeldevice_set.get().persistent_id})
        assert "locked until" in error(enter(client, wrong_code()), "code")


@pytest.mark.parametrize(
    "form",
    [
        {"what": "find", "id-email": ""},
        {"what": "find", "id-email": "no address"},
        {"what": "find", "id-email": "a@example.org\r\nBcc: b@example.org"},
        {"what": "reset", "password-user_id": "\x00"},
        {"what": "reset", "password-user_id": "x" * 5000},
        {"what": "something else"},
        {},
    ],
)
def test_odd_input_is_refused_at_the_form(client, form):
    assert client.post("/recover/", form).status_code == 200
    assert not Message.objects.exists()


def test_asking_is_audited_without_what_was_typed(client):
    user = UserFactory()
    ask_for_new_password(client, user.user_id)
    ask_for_new_password(client, "secret in the wrong field")
    known, unknown = AuditEvent.objects.filter(action=AuditAction.RECOVERY_ASKED).order_by("pk")
    assert (known.actor_id, unknown.actor_id) == (str(user.pk), "")
    assert "secret" not in str(list(AuditEvent.objects.values()))
