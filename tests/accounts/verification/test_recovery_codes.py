"""Ten recovery codes: shown once, kept hashed, each once in place of a device."""

import re
from base64 import b64decode
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message, RecoveryCode, RecoveryCodes
from accounts.verification.devices import handle_of
from tests.accounts.parallel import at_once
from tests.accounts.steps import (
    START,
    enter,
    error,
    give_password,
    is_signed_in,
    person_with_phone,
    phone_of,
    walk_in,
)

pytestmark = pytest.mark.django_db

PAGE = "/account/recovery-codes/"
NONE = "This is none of your recovery codes, or it was used before."


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    return person_with_phone()


@pytest.fixture
def client(user):
    client = Client()
    walk_in(client, user)
    return client


def make(client):
    return client.post(PAGE).context["codes"]


def come_to_code(user):
    """As far as the page that asks for a recovery code."""
    client = Client()
    give_password(client, user.user_id)
    codes = RecoveryCodes.objects.get(user=user)
    assert client.post("/sign-in/verify/", {"device": codes.persistent_id}).status_code == 302
    return client


def test_ten_codes_are_shown_once_and_kept_hashed(client, user):
    answer = client.post(PAGE)
    codes = answer.context["codes"]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-?){4}", code) for code in codes)  # 80 bits
    page = answer.content.decode()
    assert all(code in page for code in codes)
    assert "no-store" in answer.headers["Cache-Control"]
    kept = str([*RecoveryCode.objects.values(), *RecoveryCodes.objects.values()])
    sessions = client.get(PAGE).content.decode()
    for code in codes:
        assert code not in kept
        assert code.replace("-", "") not in kept
        assert code not in sessions
    assert "10 codes left" in sessions


def test_codes_can_be_saved_as_text(client, user):
    page = client.post(PAGE)
    link = re.search(
        r'href="data:text/plain;charset=utf-8;base64,([^"]+)"\s+download="qpp-recovery-codes.txt"',
        page.content.decode(),
    )
    assert link
    text = b64decode(link[1]).decode()
    assert all(code in text for code in page.context["codes"])
    assert user.user_id in text


def test_code_stands_for_the_second_factor_and_is_told(client, user):
    code = make(client)[3]
    other = come_to_code(user)
    page = other.get("/sign-in/verify/code/").content.decode()
    assert "Enter one of your recovery codes." in page
    answer = enter(other, f" {code.lower().replace('-', ' ')} ")
    assert answer.url == "/home/"
    page = other.get("/home/").content.decode()
    assert "You used a recovery code; 9 are left." in page
    assert 'href="/account/devices/">remove it and add a new one' in page
    mail = Message.objects.get(subject="A recovery code was used")
    assert mail.to == user.email
    assert code not in mail.body
    assert AuditEvent.objects.filter(action=AuditAction.RECOVERY_CODE_USED).count() == 1


def test_letters_that_look_like_digits_are_read_as_them(client, user):
    code = next(code for code in make(client) if "0" in code or "1" in code)
    other = come_to_code(user)
    assert enter(other, code.replace("0", "o").replace("1", "l")).url == "/home/"


def test_code_works_once(client, user):
    code = make(client)[0]
    enter(come_to_code(user), code)
    other = come_to_code(user)
    assert NONE in error(enter(other, code), "code")
    assert not is_signed_in(other)


@pytest.mark.parametrize("typed", ["", "123456", "ABCD-EFGH-JKMN", "é" * 16, "U" * 16, "0" * 61])
def test_what_cant_be_a_code_is_said_and_not_counted(client, user, typed):
    make(client)
    assert error(enter(come_to_code(user), typed), "code")
    user.refresh_from_db()
    assert user.code_failures == 0


def test_wrong_ones_count_with_all_wrong_codes(client, user):
    code = make(client)[0]
    other = come_to_code(user)
    for _ in range(9):
        assert NONE in error(enter(other, "0000-0000-0000-0000"), "code")
    assert "locked" in error(enter(other, "0000-0000-0000-0000"), "code")
    assert "locked" in error(enter(other, code), "code")
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_new_codes_replace_the_old_and_keep_the_session(client, user):
    first = make(client)
    other = come_to_code(user)
    enter(other, first[0])
    second = make(client)
    assert NONE in error(enter(come_to_code(user), first[1]), "code")
    assert enter(come_to_code(user), second[0]).url == "/home/"
    assert is_signed_in(other)


def test_new_codes_are_told_by_mail(client, user, travel):
    for number in (1, 2):
        make(client)
        travel.shift(1)
        assert Message.objects.filter(subject="You have new recovery codes").count() == number
    assert AuditEvent.objects.filter(action=AuditAction.RECOVERY_CODES_MADE).count() == 2


def test_codes_of_another_person_dont_work(client, user):
    make(client)
    stranger = Client()
    other_person = person_with_phone()
    walk_in(stranger, other_person)
    theirs = make(stranger)
    assert NONE in error(enter(come_to_code(user), theirs[0]), "code")
    mine = Client()
    give_password(mine, user.user_id)
    their_set = RecoveryCodes.objects.get(user=other_person).persistent_id
    assert error(mine.post("/sign-in/verify/", {"device": their_set}), "device")


def test_without_unused_codes_there_is_no_such_choice(client, user):
    make(client)
    RecoveryCode.objects.update(used_at=START)
    other = Client()
    give_password(other, user.user_id)
    assert "Recovery code" not in other.get("/sign-in/verify/").content.decode()


def test_thirty_sign_ins_by_text_leave_the_codes_usable(client, user, travel):
    code = make(client)[0]
    for _ in range(12):
        travel.shift(1300)
        walk_in(Client(), user)
    assert enter(come_to_code(user), code).url == "/home/"


def test_codes_dont_save_the_last_device_from_staying(client, user):
    make(client)
    way = f"/account/devices/{handle_of(phone_of(user))}/remove/"
    assert client.post(way).status_code == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_uses_succeeds(client, user):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    for code in make(client)[:5]:
        answers = at_once(come_to_code(user), partial(enter, code=code))
        assert answers.count("/home/") == 1
    assert RecoveryCode.objects.filter(used_at=None).count() == 5
