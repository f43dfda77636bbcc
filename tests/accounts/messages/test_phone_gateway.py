"""Codes over a gateway that speaks Twilio's HTTP API: what goes wrong is told at the field."""

import logging
import os
import re
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from accounts.channels import DeliveryFailed, DeliveryRefused, open_channel
from accounts.enums import AuditAction
from accounts.models import AuditEvent, ChannelDevice
from tests.accounts.gateway_server import (
    ACCOUNT,
    NUMBER,
    TOKEN,
    dripping,
    hanging,
    hanging_up,
    running,
    saying,
    slow,
)
from tests.accounts.steps import (
    ask_for_code,
    enter,
    error,
    give_password,
    is_signed_in,
    person,
    person_with_phone,
    phone_of,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db

PATH = "accounts.channels.phone_gateway.PhoneGateway"
PHONE = "2025550142"
TRY_AGAIN = "Try again in a minute, or use a different device."


@pytest.fixture
def gateway(settings):
    with running() as gateway:
        settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "text": PATH, "voice": PATH}
        settings.GATEWAY_URL = gateway.url
        settings.GATEWAY_ACCOUNT, settings.GATEWAY_TOKEN = ACCOUNT, TOKEN
        settings.GATEWAY_NUMBER = NUMBER
        settings.GATEWAY_CONNECT_SECONDS, settings.GATEWAY_TOTAL_SECONDS = 0.5, 1
        yield gateway


def send(channel="text", body="123456 is your code."):
    open_channel(channel).send(to=PHONE, subject="Code", body=body, message_id="1")


def test_text_is_posted_as_the_api_wants_it(gateway):
    send()
    assert gateway.got == [
        {
            "path": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            "To": f"+1{PHONE}",
            "From": NUMBER,
            "Body": "123456 is your code.",
        }
    ]


def test_call_says_each_digit_and_everything_twice(gateway):
    send("voice", "Your <code> is 123456. It works for 10 minutes.")
    assert gateway.newest["path"] == f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    said = [say.text for say in ET.fromstring(gateway.newest["Twiml"]).iter("Say")]
    assert said == ["Your <code> is 1. 2. 3. 4. 5. 6. It works for 10 minutes."] * 2


@pytest.mark.parametrize("code", [21211, 21614, 21610, 13224])
def test_number_that_never_works_is_refused(gateway, code):
    gateway.mood = saying(400, {"code": code, "message": f"The 'To' number +1{PHONE} is not valid"})
    with pytest.raises(DeliveryRefused, match=f"^The gateway answered 400 with the code {code}.$"):
        send()


@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        (429, {"code": 20429, "message": "Too many"}, "429 with the code 20429"),
        (500, {"code": 20500}, "500 with the code 20500"),
        (503, "<html>Unavailable</html>", "503"),
        (401, {"code": 20003}, "401 with the code 20003"),
        (400, {"code": 21606, "message": "The From number isn't yours"}, "400 with the code 21606"),
        (400, "{broken", "400"),
        (404, {"code": 21211}, "404 with the code 21211"),
        (201, "{broken", "201"),
        (200, "<html>A page that has nothing to do with it</html>", "200"),
        (201, "[]", "201"),
        (400, {"code": PHONE}, "400"),
    ],
)
def test_what_may_pass_is_a_failure(gateway, status, answer, says):
    gateway.mood = saying(status, answer)
    with pytest.raises(DeliveryFailed, match=rf"^The gateway answered {says}\.$"):
        send()


def test_slow_gateway_is_waited_for(gateway):
    gateway.mood = slow
    send()


@pytest.mark.parametrize("mood", [hanging, dripping])
def test_gateway_that_never_ends_is_hung_up_on(gateway, mood):
    gateway.mood = mood
    with pytest.raises(DeliveryFailed, match=r"^TimeoutError while talking to the gateway\.$"):
        send()


def test_gateway_that_hangs_up_is_a_failure(gateway):
    gateway.mood = hanging_up
    with pytest.raises(DeliveryFailed, match="while talking to the gateway"):
        send()


def test_gateway_that_isnt_there_is_a_failure(gateway, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.GATEWAY_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(DeliveryFailed, match="ConnectionRefusedError"):
        send()


def test_redirect_isnt_followed(gateway):
    with running() as elsewhere:
        gateway.mood = saying(307, "", Location=f"{elsewhere.url}/2010-04-01/Messages.json")
        with pytest.raises(DeliveryFailed, match="answered 307"):
            send()
        gateway.mood = saying(302, "", Location=f"{elsewhere.url}/")
        with pytest.raises(DeliveryFailed, match="answered 302"):
            send()
        assert elsewhere.got == []


def test_certificate_is_checked(gateway, settings):
    settings.GATEWAY_URL = gateway.url.replace("http:", "https:")
    with pytest.raises(DeliveryFailed, match="SSLError while talking to the gateway"):
        send()


def test_person_signs_in_with_a_code_of_the_gateway(gateway, client):
    user = person_with_phone()
    give_password(client, user.user_id)
    ask_for_code(client, user)
    enter(client, gateway.newest["Body"][:6])
    assert is_signed_in(client)


def test_person_signs_in_with_a_code_of_a_call(gateway, client):
    user = person()
    DeviceFactory(user=user, channel="voice")
    give_password(client, user.user_id)
    assert "Voice call to" in client.get("/sign-in/verify/").content.decode()
    page = client.get(ask_for_code(client, user).url).content.decode()
    assert f"We are calling ***-***-{phone_of(user).address[-4:]}." in page
    said = next(ET.fromstring(gateway.newest["Twiml"]).iter("Say")).text
    enter(client, "".join(re.findall(r"\b(\d)\.", said)))
    assert is_signed_in(client)


@pytest.mark.parametrize("mood", [hanging, hanging_up, saying(500, ""), saying(429, {"code": 1})])
def test_failure_is_told_at_the_field_with_what_to_do(gateway, client, mood, caplog):
    gateway.mood = mood
    user = person_with_phone()
    give_password(client, user.user_id)
    with caplog.at_level(logging.DEBUG):
        assert TRY_AGAIN in error(ask_for_code(client, user), "device")
    assert AuditEvent.objects.filter(action=AuditAction.CODE_NOT_SENT).count() == 1
    assert "couldn't be sent as text" in caplog.text
    assert phone_of(user).address not in caplog.text
    assert gateway.newest["Body"][:6] not in caplog.text


def test_number_that_takes_no_codes_is_told_at_the_field(gateway, client):
    gateway.mood = saying(400, {"code": 21614})
    give_password(client, person().user_id)
    answer = client.post("/sign-in/set-up/text-message/", {"phone": "(202) 555-0142"})
    assert "can’t send codes to ***-***-0142" in error(answer, "phone")
    assert not ChannelDevice.objects.get().confirmed


def test_production_names_what_the_gateway_lacks(tmp_path):
    given = {
        "DEBUG": "off",
        "SECRET_KEY": "s" * 60,
        "CODE_KEY": "c" * 60,
        "AUDIT_KEY": "a" * 60,
        "ALLOWED_HOSTS": "qpp.example.org",
        "SITE_URL": "https://qpp.example.org",
        "EMAIL_URL": "smtp://localhost",
        "TEXT_CHANNEL": PATH,
        "GATEWAY_ACCOUNT": "AC1",
        "VAR_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "manage.py", "check"]
    refused = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert "GATEWAY_TOKEN, GATEWAY_NUMBER" in refused.stderr
    assert "GATEWAY_ACCOUNT" not in refused.stderr.splitlines()[-1]
    given |= {"GATEWAY_TOKEN": "t", "GATEWAY_NUMBER": "+12025550100"}
    assert subprocess.run(command, env=given, capture_output=True, check=False).returncode == 0
