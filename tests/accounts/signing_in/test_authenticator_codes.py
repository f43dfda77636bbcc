"""Codes that an authenticator app shows."""

import pytest
import time_machine
from django.test import Client

from tests.accounts.steps import START, app_code, app_of, enter, give_password, person

pytestmark = pytest.mark.django_db


def test_only_an_authenticator_app_goes_straight_to_enter_code(client):
    user = person()
    app = app_of(user)
    assert give_password(client, user.user_id).url == "/sign-in/verify/code/"
    page = client.get("/sign-in/verify/code/").content.decode()
    assert "Code sent" not in page
    assert "Send a new code" not in page
    assert client.post("/sign-in/verify/send-again/").url == "/sign-in/verify/"
    assert enter(client, app_code(app)).status_code == 302


def test_authenticator_code_is_refused_a_second_time():
    user = person()
    app = app_of(user)
    with time_machine.travel(START, tick=False):
        for answer in (302, 200):
            client = Client()
            give_password(client, user.user_id)
            assert enter(client, app_code(app)).status_code == answer


@pytest.mark.parametrize(("steps", "answer"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_authenticator_may_be_one_step_off(steps, answer):
    user = person()
    app = app_of(user)
    with time_machine.travel(START, tick=False):
        client = Client()
        give_password(client, user.user_id)
        assert enter(client, app_code(app, steps=steps)).status_code == answer
