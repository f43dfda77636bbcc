"""One-time codes against somebody who sends many requests at once.

ATTACK_ROUNDS in the environment: how many sign-ins are raced for; 200 is the full measure.
"""

import os

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import AuditEvent, OneTimeCode
from tests.attacks.conftest import NewPerson, enter, give_password, send_code, up_to_code
from tests.server import Answer, Browser, Server, at_once

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "20"))
TABS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def count(*actions: AuditAction) -> int:
    return AuditEvent.objects.filter(action__in=actions).count()


def race(server: Server, user: object, number: int) -> list[tuple[Browser, Answer]]:
    """Post one right code from eight tabs at once; what each tab got."""
    browser = server.browser(f"198.51.100.{number % 250}")
    code = up_to_code(server, browser, user)
    tabs = [browser.copy() for _ in range(TABS)]
    answers = at_once(TABS, lambda place: enter(tabs[place], code))
    return list(zip(tabs, answers, strict=True))


def test_race_is_found_where_a_code_is_looked_at_first_and_marked_later(
    unguarded: Server, new_person: NewPerson
) -> None:
    outcomes = [race(unguarded, new_person(), number) for number in range(3)]
    winners = [tab for tabs in outcomes for tab, answer in tabs if answer.location == "/home/"]
    assert len(winners) > len(outcomes)


def test_one_right_code_posted_eight_times_at_once_works_once(
    server: Server, new_person: NewPerson
) -> None:
    successes, statuses = 0, set()
    for number in range(ROUNDS):
        outcome = race(server, new_person(), number)
        winners = [tab for tab, answer in outcome if answer.location == "/home/"]
        successes += len(winners)
        statuses |= {answer.status for _, answer in outcome}
        assert [tab.get("/home/").status for tab in winners] == [200]
    assert successes == ROUNDS == count(AuditAction.SIGNED_IN)
    assert max(statuses) < 500, statuses


def test_codes_of_two_browsers_that_were_swapped_are_refused(
    server: Server, new_person: NewPerson
) -> None:
    user = new_person(phones=2)
    browsers = [server.browser(), server.browser()]
    codes = [
        up_to_code(server, browser, user, phone)
        for browser, phone in zip(browsers, user.channeldevice_set.order_by("pk"), strict=True)
    ]
    if codes[0] != codes[1]:
        for browser, code in zip(browsers, reversed(codes), strict=True):
            assert enter(browser, code).status == 200
            assert browser.get("/home/").location.startswith("/sign-in/")
    for browser, code in zip(browsers, codes, strict=True):
        assert enter(browser, code).location == "/home/"
        assert browser.get("/home/").status == 200


def test_ten_sessions_at_once_get_ten_wrong_codes_looked_at(
    server: Server, new_person: NewPerson
) -> None:
    user = new_person()
    app = TOTPDevice.objects.create(user=user, name="App", confirmed=True)
    browsers = [server.browser() for _ in range(10)]
    for browser in browsers:
        give_password(browser, user.user_id)
        send_code(browser, app)
    near = {totp(app.bin_key, drift=drift) for drift in range(-3, 4)}
    wrong = next(f"{number:06}" for number in range(10) if number not in near)
    answers = at_once(40, lambda place: enter(browsers[place % 10].copy(), wrong))
    assert {answer.status for answer in answers} == {200}
    assert count(AuditAction.CODE_REFUSED, AuditAction.CODES_LOCKED) == 10
    assert "Codes are locked until" in enter(browsers[0], f"{totp(app.bin_key):06}").body
    fresh = server.browser()
    up_to = up_to_code(server, fresh, user)
    assert "Codes are locked until" in enter(fresh, up_to).body, "nor on another device"


def test_fifty_presses_at_once_send_one_code(server: Server, new_person: NewPerson) -> None:
    user = new_person()
    phone = user.channeldevice_set.get()
    browsers = [server.browser() for _ in range(5)]
    for browser in browsers:
        give_password(browser, user.user_id)
    answers = at_once(50, lambda place: send_code(browsers[place % 5].copy(), phone))
    assert sum(answer.location == "/sign-in/verify/code/" for answer in answers) == 1
    assert max(answer.status for answer in answers) < 500
    assert OneTimeCode.objects.filter(device=phone).count() == 1


def test_one_address_gets_twenty_five_codes_for_however_many_people(
    server: Server, new_person: NewPerson
) -> None:
    people = [new_person() for _ in range(30)]
    browsers = [server.browser("203.0.113.7") for _ in people]
    for browser, user in zip(browsers, people, strict=True):
        give_password(browser, user.user_id)
    phones = [user.channeldevice_set.get() for user in people]
    answers = at_once(30, lambda place: send_code(browsers[place], phones[place]))
    assert sum(answer.location == "/sign-in/verify/code/" for answer in answers) == 25
    assert any("Too many codes were sent." in answer.body for answer in answers)
    elsewhere = server.browser("203.0.113.8")
    refused = next(n for n, answer in enumerate(answers) if not answer.location)
    give_password(elsewhere, people[refused].user_id)
    assert send_code(elsewhere, phones[refused]).location == "/sign-in/verify/code/"
