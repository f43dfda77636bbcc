"""How many codes are sent, to one phone and for one client address."""

import pytest
import time_machine
from django.test import Client

from tests.accounts.steps import (
    START,
    ask_for_code,
    error,
    give_password,
    messages,
    person_with_phone,
    up_to_code,
)

pytestmark = pytest.mark.django_db


def test_fifty_presses_in_fifteen_minutes_send_five_codes(client):
    user = person_with_phone()
    give_password(client, user.user_id)
    with time_machine.travel(START, tick=False) as clock:
        other = Client()
        give_password(client, user.user_id)
        give_password(other, user.user_id)
        for number in range(50):
            ask_for_code((client, other)[number % 2], user)
            clock.shift(17)
    assert len(messages()) == 5


def test_one_address_asks_for_twenty_five_codes_in_five_minutes(settings):
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(25):
            assert up_to_code(Client(REMOTE_ADDR="192.0.2.1"), person_with_phone())
        last, user = Client(REMOTE_ADDR="192.0.2.1"), person_with_phone()
        give_password(last, user.user_id)
        assert "Too many codes were sent." in error(ask_for_code(last, user), "device")
        elsewhere = Client(REMOTE_ADDR="192.0.2.2")
        assert up_to_code(elsewhere, person_with_phone())
        clock.shift(5 * 60)
        assert ask_for_code(last, user).url == "/sign-in/verify/code/"
        settings.CODES_PER_ADDRESS = 30
        for _ in range(29):
            assert up_to_code(Client(REMOTE_ADDR="192.0.2.1"), person_with_phone())
        assert "Too many" in error(sent(Client(REMOTE_ADDR="192.0.2.1")), "device")


def sent(client):
    """The answer to *Send Code* of somebody new."""
    user = person_with_phone()
    give_password(client, user.user_id)
    return ask_for_code(client, user)
