"""Passwords against somebody who guesses with many requests at once."""

import threading

import pytest

from accounts.enums import AuditAction
from accounts.models import AuditEvent, FailedPassword
from tests.attacks.conftest import NewPerson, enter, give_password, up_to_code
from tests.server import Server, at_once

WRONG = "not the right password"
A_MOMENT = 0.05  # seconds; the attack goes on, and the machine has other tests to run
pytestmark = pytest.mark.django_db(transaction=True)


def guess_at_once(server: Server, user_id: str, number: int = 60) -> set[int]:
    """Wrong passwords from as many addresses, all at the same moment; the statuses."""
    answers = at_once(
        number,
        lambda place: give_password(server.browser(f"192.0.2.{place}"), user_id, WRONG),
    )
    return {answer.status for answer in answers}


def looked_at() -> int:
    refused = AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED)
    return sum(event.details["locked"] != "locked" for event in refused)


def test_race_is_found_where_failures_are_counted_first_and_kept_later(
    unguarded: Server, new_person: NewPerson
) -> None:
    guess_at_once(unguarded, new_person().user_id, 16)
    assert FailedPassword.objects.count() > 5


@pytest.mark.parametrize("is_known", [True, False])
def test_five_of_sixty_guesses_at_once_are_looked_at(
    server: Server, new_person: NewPerson, is_known: bool
) -> None:
    user_id = new_person().user_id if is_known else "nobody.here"
    assert guess_at_once(server, user_id) == {200}
    assert (looked_at(), FailedPassword.objects.count()) == (5, 5)
    assert AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED).count() == 60


def test_addresses_that_a_client_makes_up_change_nothing(
    server: Server, new_person: NewPerson
) -> None:
    user = new_person()
    for number in range(8):
        give_password(server.browser(f"198.51.100.{number}, 192.0.2.1"), user.user_id, WRONG)
    addresses = FailedPassword.objects.values_list("source_address", flat=True)
    assert list(addresses) == ["192.0.2.1"] * 5


def test_known_browser_signs_in_while_its_person_is_attacked(
    server: Server, new_person: NewPerson
) -> None:
    user = new_person(phones=2)
    phones = list(user.channeldevice_set.order_by("pk"))
    known = server.browser("192.0.2.200")
    assert enter(known, up_to_code(server, known, user, phones[0])).location == "/home/"
    known.post("/sign-out/")
    assert known.get("/home/").location.startswith("/sign-in/")
    stop = threading.Event()

    def attack() -> None:
        while not stop.wait(A_MOMENT):
            give_password(server.browser(), user.user_id, WRONG)

    attackers = [threading.Thread(target=attack) for _ in range(6)]
    for attacker in attackers:
        attacker.start()
    try:
        while looked_at() < 5:
            stop.wait(A_MOMENT)
        assert give_password(server.browser(), user.user_id).status == 200, "everybody else"
        assert enter(known, up_to_code(server, known, user, phones[1])).location == "/home/"
        assert known.get("/home/").status == 200
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join()
    assert looked_at() == 5
