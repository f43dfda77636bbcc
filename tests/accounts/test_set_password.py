"""The link that a new account is mailed: it sets a password once, and signs nobody in."""

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent
from accounts.passwords import LinkUsed, set_password, set_password_link
from qpp_registration import settings as site_settings
from tests.accounts.steps import START, give_password, is_signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = "four words and more"


def path_of(link):
    assert link.startswith(settings.SITE_URL)
    return link.removeprefix(settings.SITE_URL)


def open_link(client, user):
    """Open the link; the address of the page with the form."""
    return client.get(path_of(set_password_link(user))).headers["Location"]


def post(client, address, password=NEW, repeated=None):
    return client.post(
        address,
        {"new_password": password, "repeated": password if repeated is None else repeated},
    )


def reasons(response, field="new_password"):
    return " ".join(response.context["form"].errors.get(field, []))


def test_link_sets_the_password_and_leads_to_sign_in(client):
    user = UserFactory(password=make_password(None))
    response = post(client, open_link(client, user))
    assert response.url == "/sign-in/"
    assert "Your password is set. Sign in with it." in client.get("/sign-in/").content.decode()
    assert not is_signed_in(client)
    assert give_password(client, user.user_id, NEW).url == "/sign-in/set-up/"
    assert AuditEvent.objects.filter(action=AuditAction.PASSWORD_SET).count() == 1


def test_password_is_kept_as_a_hash_that_is_slow_to_guess(settings):
    """As the site is set up; all other tests hash with less work."""
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    assert make_password(NEW).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_token_moves_out_of_the_address_without_a_referrer(client):
    link = path_of(set_password_link(UserFactory()))
    response = client.get(link)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in response.headers["Location"]
    assert token not in client.get(response.headers["Location"]).content.decode()


def test_form_passes_the_csrf_check_of_a_browser():
    client = Client(enforce_csrf_checks=True)
    address = open_link(client, UserFactory())
    page = client.get(address)
    # Under no-referrer a browser would send `Origin: null`, which is refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    form = {
        "new_password": NEW,
        "repeated": NEW,
        "csrfmiddlewaretoken": page.context["csrf_token"],
    }
    answer = client.post(address, form, headers={"origin": "http://testserver"})
    assert answer.status_code == 302


def test_link_works_once():
    user, first = UserFactory(), Client()
    link = path_of(set_password_link(user))
    post(first, first.get(link).headers["Location"])
    answer = Client().get(link)
    assert "Link No Longer Works" in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_second_of_two_that_opened_the_link_is_refused():
    user, first, second = UserFactory(), Client(), Client()
    link = path_of(set_password_link(user))
    addresses = first.get(link).headers["Location"], second.get(link).headers["Location"]
    post(first, addresses[0], NEW)
    answer = post(second, addresses[1], "another one with words")
    assert "Link No Longer Works" in answer.content.decode()
    assert give_password(first, user.user_id, NEW).status_code == 302


def test_service_refuses_a_used_token():
    user = UserFactory()
    token = set_password_link(user).rstrip("/").rpartition("/")[2]
    set_password(user=user, token=token, password=NEW)
    with pytest.raises(LinkUsed):
        set_password(user=user, token=token, password=NEW)


def test_link_expires():
    user = UserFactory()
    with time_machine.travel(START, tick=False) as clock:
        link = path_of(set_password_link(user))
        clock.shift(settings.PASSWORD_RESET_TIMEOUT + 1)
        assert "Link No Longer Works" in Client().get(link).content.decode()


@pytest.mark.parametrize("path", ["x/y/", "MQ/abc-def/", "MQ/set-password/", "%00/%00/"])
def test_forged_links_are_answered_like_used_ones(client, path):
    assert "Link No Longer Works" in client.get(f"/set-password/{path}").content.decode()


def test_disabled_person_has_no_valid_link(client):
    user = UserFactory(is_active=False)
    page = client.get(path_of(set_password_link(user)))
    assert "Link No Longer Works" in page.content.decode()


def test_forged_host_does_not_reach_the_link(client):
    assert set_password_link(UserFactory()).startswith(f"{settings.SITE_URL}/set-password/")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("only fourteen!", "at least 15 characters"),
        ("x" * 129, "at most 128 characters"),
        ("person.of.example", "too similar to the User ID"),
        ("", "Enter a password."),
    ],
)
def test_reasons_are_said_at_the_field(client, password, reason):
    user = UserFactory(user_id="person.of.example")
    assert reason in reasons(post(client, open_link(client, user), password))


@pytest.mark.parametrize(
    "password",
    ["fifteen letters", "x y" * 42 + "zz", "пароль из многих слов", "🦉 sixteen owls 🦉🦉"],
)
def test_long_phrases_of_any_characters_are_accepted(client, password):
    user = UserFactory()
    assert post(client, open_link(client, user), password).status_code == 302
    assert give_password(client, user.user_id, password).status_code == 302
    assert give_password(Client(), user.user_id, password[:-1]).status_code == 200


def test_password_is_stored_in_one_unicode_form(client):
    user = UserFactory()
    post(client, open_link(client, user), "cafe\u0301 with many tables")
    assert give_password(client, user.user_id, "caf\u00e9 with many tables").status_code == 302


def test_repetition_that_differs_is_refused(client):
    answer = post(client, open_link(client, UserFactory()), NEW, NEW + " ")
    assert "differ" in reasons(answer, "repeated")


def test_setting_a_password_ends_the_persons_sessions(client, sign_in):
    user = UserFactory()
    signed_in = sign_in(user)
    assert is_signed_in(signed_in)
    post(client, open_link(client, user))
    assert not is_signed_in(signed_in)


def test_typed_passwords_are_never_sent_back(client):
    answer = post(client, open_link(client, UserFactory()), NEW, "something else altogether")
    assert NEW not in answer.content.decode()
