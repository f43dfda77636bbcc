"""Lost everything: a reset that one member of staff asks for and another one approves."""

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import (
    AuditEvent,
    ChannelDevice,
    DeviceReset,
    Message,
    RecoveryCodes,
    Session,
)
from tests.accounts.parallel import at_once
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    error,
    give_password,
    is_signed_in,
    person_with_phone,
    reset_link,
    set_new_password,
    walk_in,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db

LOST, STAFF = "/sign-in/lost-devices/", "/staff/accounts/devicereset/"
SAID = {"reason": "Phone stolen", "identity_proof": "Called back the practice’s number"}


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lost(db):
    """Somebody who can't use any of their devices."""
    user = person_with_phone(user_id="lost.person", last_name="Lost")
    TOTPDevice.objects.create(user=user)
    RecoveryCodes.objects.create(user=user, made_at="2023-05-01T00:00Z")
    return user


@pytest.fixture
def casey(db):
    return signed_in(person_with_phone(is_staff=True, last_name="Asks"))


@pytest.fixture
def coralie(db):
    return signed_in(person_with_phone(is_staff=True, last_name="Decides"))


def signed_in(user):
    client = Client()
    walk_in(client, user)
    client.user = user
    return client


def ask(client, user_id="lost.person", **said):
    return client.post(f"{STAFF}add/", {"user_id": user_id, **SAID, **said})


def decide(client, deed="approve", **said):
    if deed == "approve":
        said = {"reason": "I called back too"} | said
    return client.post(f"{STAFF}{DeviceReset.objects.get().pk}/{deed}/", said)


def events(action):
    return AuditEvent.objects.filter(action=action)


def request_it(user, phone="(202) 555-0199"):
    client = Client()
    give_password(client, user.user_id)
    return client, client.post(LOST, {"phone": phone})


def test_person_asks_after_the_password_and_staff_finds_it(lost, casey):
    client, answer = request_it(lost)
    assert answer.url == LOST
    assert "We have your request" in client.get(LOST).content.decode()
    request_it(lost)
    assert events(AuditAction.DEVICE_RESET_REQUESTED).count() == 1
    mail = Message.objects.get()
    assert (mail.to, "are to be reset" in mail.subject) == (lost.email, True)
    assert "If this wasn’t you, contact us" in mail.body
    assert "Requested by the person" in casey.get(STAFF).content.decode()
    page = casey.get(f"{STAFF}{DeviceReset.objects.get().pk}/change/").content.decode()
    assert "(202) 555-0199" in page
    assert f'href="{STAFF}add/?reset={DeviceReset.objects.get().pk}"' in page
    ask_page = casey.get(f"{STAFF}add/?reset={DeviceReset.objects.get().pk}").content.decode()
    assert 'value="lost.person"' in ask_page
    assert 'value="lost.person"' not in casey.get(f"{STAFF}add/?reset=x").content.decode()
    assert "First somebody of staff proves" in page
    assert decide(casey).status_code == 422


def test_asking_needs_the_password_and_a_phone(lost):
    assert Client().post(LOST, {"phone": "2025550199"}).url.startswith("/sign-in/")
    _, answer = request_it(lost, phone="12")
    assert error(answer, "phone")
    assert not DeviceReset.objects.exists()


def test_two_members_of_staff_reset_everything(lost, casey, coralie):
    browser = signed_in(lost)
    stranger = Client()
    assert give_password(stranger, "lost.person").status_code == 302, "who knows the password"
    request_it(lost)
    assert ask(casey).status_code == 302
    assert decide(coralie).status_code == 302
    for model in (ChannelDevice, TOTPDevice, RecoveryCodes, Session):
        assert not model.objects.filter(user=lost).exists()
    assert not is_signed_in(browser)
    assert stranger.get("/sign-in/set-up/").url == "/sign-in/?why=pending"
    assert give_password(Client(), "lost.person").status_code == 200, "the password went as well"
    again = Client()
    again.get(reset_link(lost))
    set_new_password(again)
    assert give_password(again, "lost.person", NEW_PASSWORD).url == "/sign-in/set-up/"
    reset = DeviceReset.objects.get()
    assert (reset.status, reset.asked_by, reset.decided_by) == (
        "approved",
        casey.user,
        coralie.user,
    )
    told = Message.objects.filter(to=lost.email)
    assert sorted(mail.subject for mail in told) == [
        "Set a new password",
        "Your verification devices are to be reset",
        "Your verification devices are to be reset",
        "Your verification devices were reset",
    ]
    actors = {
        AuditAction.DEVICE_RESET_ASKED: casey.user,
        AuditAction.DEVICE_RESET_APPROVED: coralie.user,
    }
    for action, user in actors.items():
        event = events(action).get()
        assert (event.actor_kind, event.actor_id) == ("staff", str(user.pk))
        assert event.object_id == str(lost.pk)


def test_approving_needs_a_reason_which_the_event_keeps(lost, casey, coralie):
    ask(casey)
    assert error(decide(coralie, reason=" "), "reason")
    assert DeviceReset.objects.get().status == "asked"
    decide(coralie, reason="I called back too")
    assert events(AuditAction.DEVICE_RESET_APPROVED).get().reason == "I called back too"


def test_who_asked_cant_decide(lost, casey):
    ask(casey)
    for deed, said in (("approve", {}), ("deny", {"reason": "No"})):
        answer = decide(casey, deed, **said)
        assert answer.status_code == 422
        assert "Another member of staff has to decide." in answer.content.decode()
    assert ChannelDevice.objects.filter(user=lost).exists()


def test_nobody_resets_their_own_devices(casey, coralie):
    assert "own devices" in ask(casey, casey.user.user_id).content.decode()
    ask(coralie, casey.user.user_id)
    for deed, said in (("approve", {}), ("deny", {"reason": "No"})):
        answer = decide(casey, deed, **said)
        assert "Nobody decides on their own devices." in answer.content.decode()
    assert is_signed_in(casey)


@pytest.mark.parametrize("missing", ["user_id", "reason", "identity_proof"])
def test_asking_says_who_why_and_how_it_was_proved(lost, casey, missing):
    assert error(ask(casey, **{missing: " "}), missing)
    assert not DeviceReset.objects.exists()


def test_unknown_person_is_said(casey):
    answer = ask(casey, "nobody.here")
    assert "Nobody has the user ID" in answer.content.decode()


def test_asking_twice_is_refused(lost, casey, coralie):
    ask(casey)
    assert "asked for this reset already" in ask(coralie).content.decode()
    assert events(AuditAction.DEVICE_RESET_ASKED).count() == 1


def test_denied_reset_changes_nothing(lost, casey, coralie):
    ask(casey)
    assert error(decide(coralie, "deny"), "reason")
    assert decide(coralie, "deny", reason="The number is new").status_code == 302
    assert decide(coralie, "deny", reason="The number is new").status_code == 302
    assert "settled already" in decide(coralie).content.decode()
    assert ChannelDevice.objects.filter(user=lost).exists()
    assert events(AuditAction.DEVICE_RESET_DENIED).count() == 1
    assert Message.objects.filter(subject="Your verification devices were not reset").count() == 1
    assert ask(casey).status_code == 302


def test_asked_reset_can_be_approved_for_seven_days(lost, casey, coralie, travel):
    ask(casey)
    coralie_later = coralie.user
    travel.shift(7 * 24 * 3600)
    answer = decide(signed_in(coralie_later))
    assert "wasn’t decided in time" in answer.content.decode()
    assert ChannelDevice.objects.filter(user=lost).exists()
    casey = signed_in(casey.user)
    assert ask(casey).status_code == 302
    assert sorted(DeviceReset.objects.values_list("status", flat=True)) == ["asked", "expired"]


def test_person_who_still_has_a_device_cancels_it(lost, casey, coralie):
    ask(casey)
    browser = signed_in(lost)
    page = browser.get("/account/devices/").content.decode()
    assert "Somebody asked us to reset your devices" in page
    assert browser.post("/account/devices/cancel-reset/").url == "/account/devices/"
    browser.post("/account/devices/cancel-reset/")
    assert "withdrawn" in decide(coralie).content.decode()
    assert events(AuditAction.DEVICE_RESET_WITHDRAWN).count() == 1
    assert ChannelDevice.objects.filter(user=lost).exists()


def test_staff_gives_password_and_code_before(lost, casey, coralie, travel):
    ask(casey)
    travel.shift(301)
    key = DeviceReset.objects.get().pk
    for way in ("add/", f"{key}/approve/", f"{key}/deny/"):
        assert casey.get(STAFF + way).url.startswith("/confirm-identity/")
        assert casey.post(STAFF + way).url.startswith("/confirm-identity/")


def test_nobody_else_finds_the_pages(lost, casey):
    ask(casey)
    key = DeviceReset.objects.get().pk
    official = signed_in(person_with_phone())
    for way in ("", "add/", f"{key}/change/", f"{key}/approve/", f"{key}/deny/"):
        assert official.get(STAFF + way).status_code == 404
        assert official.post(STAFF + way).status_code == 404
        assert Client().get(STAFF + way).url.startswith("/sign-in/")


def test_missing_reset_is_404_and_rows_cant_be_changed_or_deleted(lost, casey):
    ask(casey)
    none = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    for way in (f"{none}/change/", f"{none}/approve/", f"{none}/deny/", "x/change/"):
        assert casey.get(STAFF + way).status_code == 404
    assert casey.get(f"{STAFF}{DeviceReset.objects.get().pk}/delete/").status_code == 403


def test_database_refuses_what_one_person_does_alone(lost, casey):
    ask(casey)
    reset = DeviceReset.objects.get()
    for wrong in ({"decided_by": casey.user}, {"asked_by": lost}, {"status": "approved"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeviceReset.objects.filter(pk=reset.pk).update(**wrong)


def test_approving_again_writes_nothing_twice(lost, casey, coralie):
    ask(casey)
    for _ in range(2):
        assert decide(coralie).status_code == 302
    DeviceFactory(user=lost)
    decide(coralie)
    assert ChannelDevice.objects.filter(user=lost).count() == 1
    assert events(AuditAction.DEVICE_RESET_APPROVED).count() == 1
    assert Message.objects.filter(subject="Your verification devices were reset").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_approvals_at_once_are_one_event(lost, casey, coralie):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    ask(casey)
    answers = at_once(coralie, decide)
    assert set(answers) == {f"{STAFF}{DeviceReset.objects.get().pk}/change/"}
    assert events(AuditAction.DEVICE_RESET_APPROVED).count() == 1
    assert Message.objects.filter(subject="Your verification devices were reset").count() == 1
