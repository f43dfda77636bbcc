"""Who is signed in: read with the device in one query, and only where all of it holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import ChannelDevice, RecoveryCodes, User
from accounts.sessions.store import SessionStore
from accounts.signing_in.verified import verified_person
from qpp_registration import clock
from tests.accounts.steps import is_signed_in
from tests.factories import DeviceFactory, UserFactory

pytestmark = pytest.mark.django_db


def passkey_of(user: User) -> WebAuthnCredential:
    return WebAuthnCredential.objects.create(
        user=user,
        name="Passkey",
        credential_id=b"an identity",
        public_key=b"a key",
        sign_count=0,
        backup_eligible=False,
        backup_state=False,
        discoverable=False,
    )


DEVICES = {
    "phone": lambda user: DeviceFactory(user=user),
    "app": lambda user: TOTPDevice.objects.create(user=user, name="App"),
    "passkey": passkey_of,
    "recovery codes": lambda user: RecoveryCodes.objects.create(user=user, made_at=clock.now()),
}


@pytest.fixture
def jane_signed_in(jane: User, sign_in: Callable) -> Client:
    return sign_in(jane)


def session_of(client: Client) -> SessionStore:
    return SessionStore(client.cookies["session"].value)


def with_values(client: Client, **values: Any) -> None:
    session = client.session
    session.update(values)
    session.save()


@pytest.mark.parametrize("make", DEVICES.values(), ids=DEVICES)
def test_person_and_device_of_every_kind_are_read_in_one_query(
    make: Callable[[User], Any], jane: User, jane_signed_in: Client
) -> None:
    device = make(jane)
    with_values(jane_signed_in, otp_device_id=device.persistent_id)
    session = session_of(jane_signed_in)
    session.load()
    with CaptureQueriesContext(connection) as asked:
        person = verified_person(session)
        assert person is not None
        assert person.is_verified()
    assert (person, person.otp_device) == (jane, device)
    assert len(asked) == 2  # the session's row is one of them
    assert is_signed_in(jane_signed_in)


def disable(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_password(client: Client, user: User) -> None:
    user.set_password("quite another sentence")
    user.save()


def remove_device(client: Client, user: User) -> None:
    ChannelDevice.objects.filter(user=user).delete()


def unconfirm_device(client: Client, user: User) -> None:
    ChannelDevice.objects.filter(user=user).update(confirmed=False)


def hand_device_on(client: Client, user: User) -> None:
    ChannelDevice.objects.filter(user=user).update(user=UserFactory())


def take_anothers_device(client: Client, user: User) -> None:
    with_values(client, otp_device_id=DeviceFactory(user=UserFactory()).persistent_id)


def name_no_device(client: Client, user: User) -> None:
    with_values(client, otp_device_id="accounts.nothing/1")


def name_no_number(client: Client, user: User) -> None:
    with_values(client, otp_device_id="accounts.channeldevice/one")


def forget_device(client: Client, user: User) -> None:
    with_values(client, otp_device_id="")


def forget_password(client: Client, user: User) -> None:
    with_values(client, _auth_user_hash="")


def come_another_way(client: Client, user: User) -> None:
    with_values(client, _auth_user_backend="django.contrib.auth.backends.RemoteUserBackend")


@pytest.mark.parametrize(
    "spoil",
    [
        disable,
        change_password,
        remove_device,
        unconfirm_device,
        hand_device_on,
        take_anothers_device,
        name_no_device,
        name_no_number,
        forget_device,
        forget_password,
        come_another_way,
    ],
)
def test_whoever_lacks_anything_is_out_with_the_next_request(
    spoil: Callable[[Client, User], None], jane: User, jane_signed_in: Client
) -> None:
    assert is_signed_in(jane_signed_in)
    spoil(jane_signed_in, jane)
    assert verified_person(session_of(jane_signed_in)) is None
    assert not is_signed_in(jane_signed_in)


def test_session_that_began_with_a_replaced_key_goes_on(
    jane_signed_in: Client, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert is_signed_in(jane_signed_in)
    assert is_signed_in(jane_signed_in)


def test_session_without_a_person_has_none(client: Client) -> None:
    client.get("/sign-in/")
    assert verified_person(SessionStore()) is None
