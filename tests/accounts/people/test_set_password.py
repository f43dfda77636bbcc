"""Setting a password by a mailed link: it works once, and signs nobody in."""

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, FormerPassword
from accounts.policy.passwords import LONGEST
from qpp_registration import settings as site_settings
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    error,
    give_password,
    is_signed_in,
    mails_to,
    reset_link,
    set_new_password,
)
from tests.factories import PASSWORD, OrganizationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


def open_link(client, user):
    """Ask for a link and open it."""
    assert client.get(reset_link(user)).url == "/set-password/"


def test_link_sets_the_password_and_leads_to_sign_in(client):
    user = UserFactory(password=make_password(None))
    open_link(client, user)
    assert set_new_password(client).url == "/sign-in/"
    assert "Your password is set. Sign in with it." in client.get("/sign-in/").content.decode()
    assert not is_signed_in(client)
    assert give_password(client, user.user_id, NEW_PASSWORD).url == "/sign-in/set-up/"
    assert AuditEvent.objects.filter(action=AuditAction.PASSWORD_SET).count() == 1


def test_password_is_kept_as_a_hash_that_is_slow_to_guess(settings):
    """As the site is set up; all other tests hash with less work."""
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    assert make_password(NEW_PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("only fourteen!", "at least 15 characters"),
        ("x" * 129, "at most 128 characters"),
        ("x" * 100_000, "at most 128 characters"),
        ("person.of.example", "a word that others can guess (“personofexample”)"),
        ("PatExample 1987!", "a year (“1987”)"),
        ("Better Business 1", "a word that others can guess"),
        ("medicaremedicare", "“medicare"),
        ("", "Enter a password."),
    ],
)
def test_reasons_are_said_at_the_field(client, password, reason):
    user = UserFactory(user_id="person.of.example", first_name="Pat", last_name="Example")
    RoleFactory(user=user, organization=OrganizationFactory(name="Better Business Health"))
    open_link(client, user)
    assert reason in error(set_new_password(client, password), "new_password")


PHRASE_OF_128 = (
    "my uncle sold nine purple umbrellas to a goat near the frozen canal and then walked home "
    "beside two clever foxes, whistling loud"
)


@pytest.mark.parametrize(
    "password", ["fifteen letters", PHRASE_OF_128, "пароль из многих слов", "🦉 sixteen owls 🦉🦉"]
)
def test_long_phrases_of_any_characters_are_accepted(client, password):
    assert len(PHRASE_OF_128) == LONGEST
    user = UserFactory()
    open_link(client, user)
    assert set_new_password(client, password).status_code == 302
    assert give_password(client, user.user_id, password).status_code == 302
    assert give_password(Client(), user.user_id, password[:-1]).status_code == 200


def test_character_65_and_spaces_at_the_end_count(client):
    user = UserFactory()
    open_link(client, user)
    password = PHRASE_OF_128[:100] + "  "
    assert set_new_password(client, password).status_code == 302
    changed = password[:64] + "#" + password[65:]
    assert give_password(Client(), user.user_id, changed).status_code == 200
    assert give_password(Client(), user.user_id, password[:-1]).status_code == 200
    assert give_password(Client(), user.user_id, password).status_code == 302


def test_password_is_stored_in_one_unicode_form(client):
    user = UserFactory()
    open_link(client, user)
    set_new_password(client, "cafe\u0301 with many tables")
    assert give_password(client, user.user_id, "caf\u00e9 with many tables").status_code == 302


def test_repetition_that_differs_is_refused(client):
    open_link(client, UserFactory())
    answer = set_new_password(client, NEW_PASSWORD, NEW_PASSWORD + " ")
    assert "differ" in error(answer, "repeated")


def test_setting_a_password_ends_the_persons_sessions(client, sign_in):
    user = UserFactory()
    signed_in = sign_in(user)
    assert is_signed_in(signed_in)
    open_link(client, user)
    set_new_password(client)
    assert not is_signed_in(signed_in)


def test_browser_that_is_signed_in_is_signed_out_and_told(sign_in):
    user = UserFactory()
    client = sign_in(user)
    open_link(client, user)
    assert set_new_password(client).url == "/sign-in/"
    assert "Your password is set." in client.get("/sign-in/").content.decode()


def test_person_is_told_of_a_new_password_but_not_of_the_first(client):
    known, new = UserFactory(), UserFactory(password=make_password(None))
    for user, subjects in ((known, ["Your password was changed"]), (new, [])):
        open_link(client, user)
        before = len(mails_to(user.email))
        set_new_password(client)
        assert [mail.subject for mail in mails_to(user.email)[before:]] == subjects


def test_typed_passwords_are_never_sent_back(client):
    open_link(client, UserFactory())
    answer = set_new_password(client, NEW_PASSWORD, "something else altogether")
    assert NEW_PASSWORD not in answer.content.decode()


PHRASES = [f"{word} umbrellas near the canal" for word in ("one", "two", "six", "ten", "no", "my")]


def test_last_six_passwords_are_refused_and_the_seventh_is_free(client):
    user = UserFactory()
    with time_machine.travel(START, tick=False) as clock:
        for phrase in PHRASES:
            open_link(client, user)
            assert set_new_password(client, phrase).status_code == 302
            clock.shift(60 * 60)
        open_link(client, user)
        for phrase in PHRASES:
            answer = set_new_password(client, phrase)
            assert "differs from your last 6" in error(answer, "new_password")
        assert set_new_password(client, PASSWORD).status_code == 302
    assert FormerPassword.objects.filter(user=user).count() == 6
