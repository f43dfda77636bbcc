"""Sealing while others write, and twice at once."""

import threading

import pytest
from django.db import connection, connections, transaction

from accounts import audit
from accounts.actors import operations
from accounts.enums import AuditAction
from accounts.models import AuditEvent, AuditSeal
from accounts.seals import sealing
from accounts.seals.checking import check
from qpp_registration import clock
from qpp_registration.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def write(number: int = 1) -> None:
    for _ in range(number):
        audit.record(AuditAction.SIGNED_OUT, actor=operations())


def problems() -> list[str]:
    told: list[str] = []
    check(report=told.append)
    return told


class Held:
    """A transaction on a connection of its own that wrote one event and isn't committed yet."""

    def __init__(self) -> None:
        self.wrote, self.go_on = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with transaction.atomic():
                write()
                self.wrote.set()
                self.go_on.wait(30)
        finally:
            connections.close_all()

    def __enter__(self) -> "Held":
        self.thread.start()
        assert self.wrote.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.thread.join(30)


@pytest.fixture
def on_postgresql() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite: one writer at a time, so keys are committed in their order")


@pytest.mark.postgres
@pytest.mark.usefixtures("on_postgresql")
def test_keys_appear_out_of_order_and_a_seal_without_the_lock_would_miss_one() -> None:
    """The trap exists: what can be read now isn't all that will be below the newest key."""
    with Held():
        write()
        newest = AuditEvent.objects.latest("id").id
        assert AuditEvent.objects.count() == 1
    assert AuditEvent.objects.filter(id__lt=newest).exists()


@pytest.mark.postgres
@pytest.mark.usefixtures("on_postgresql")
def test_nothing_is_sealed_while_a_transaction_could_still_precede_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "LOCK_TRIES", 2)
    with Held():
        write()
        with pytest.raises(Refused, match="open for too long"):
            sealing.seal(at=clock.now())
        assert not AuditSeal.objects.exists()
        write()  # we stepped back: others go on writing
    assert sealing.seal(at=clock.now()).events == 3
    assert problems() == []


@pytest.mark.postgres
@pytest.mark.usefixtures("on_postgresql")
def test_sealing_waits_for_it_and_seals_it_too() -> None:
    with Held() as held:
        write()
        threading.Timer(1, held.go_on.set).start()
        assert sealing.seal(at=clock.now()).events == 2
    assert problems() == []


def test_sealing_beside_writers_leaves_a_whole_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 7)
    errors: list[BaseException] = []

    def run(action) -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connections.close_all()

    def write_slowly() -> None:
        for _ in range(15):
            with transaction.atomic():
                write(2)

    threads = [
        threading.Thread(target=run, args=[action])
        for action in (*[write_slowly] * 4, *[lambda: sealing.seal(at=clock.now())] * 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    sealing.seal(at=clock.now())
    assert problems() == []
    assert sum(AuditSeal.objects.values_list("events", flat=True)) == 120


def test_two_at_once_seal_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 5)
    write(100)
    sealed: list[int] = []

    def run() -> None:
        try:
            sealed.append(sealing.seal(at=clock.now()).events)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sealed) == 100
    assert len(sealed) == 4
    assert AuditSeal.objects.count() == 20
    assert problems() == []


def test_killed_in_the_middle_it_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 5)
    write(20)

    def stop(_events: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealing.seal(at=clock.now(), progress=stop)
    assert AuditSeal.objects.count() == 1
    assert sealing.seal(at=clock.now()).events == 15
    assert problems() == []
