"""Processes that are killed while people save: what was answered with *ok* is there afterwards.

What it would miss: a power cut, which needs a disk that forgets; that each save waits for the disk
is therefore watched (`test_answer_comes_after_the_disk`).
"""

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.conftest import Site
from tests.faults.figures import tell
from tests.faults.history import Verdict
from tests.faults.own_database import not_here
from tests.faults.savers import Load, Saver, official_of, saving
from tests.faults.sizes import often

pytestmark = pytest.mark.django_db(transaction=True)
SAVES = often(100, 2000)
AT_MOST = 60  # seconds until something is acknowledged, on a busy machine
WORKER_EVERY, ALL_EVERY = 0.2, 6  # seconds
STOPS = often(2, 10)
BETWEEN_STOPS = 20  # saves
WATCHED = often(2, 20)  # organizations with 10 contacts each


def kill_one(site: Site) -> int:
    """A random process that answers, if there is one just now; how many were killed."""
    try:
        os.kill(random.choice(site.server.workers), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return 0
    return 1


def told(name: str, load: Load, site: Site, **more: int) -> None:
    """Judge what was answered, and say it."""
    judged = load.judge()
    assert judged.lost == []
    assert judged.broken == []
    problems = site.database.problems()
    assert problems == []
    tell(
        name,
        **more,
        acknowledged=judged.counts[Verdict.OK],
        unanswered=judged.counts[Verdict.UNKNOWN],
        lost=len(judged.lost),
        doubled=0,
        problems_of_the_database=len(problems),
    )


def test_nothing_is_lost_when_processes_are_killed(own_site: Site) -> None:
    kills = restarts = 0
    began = since = time.monotonic()
    with saving(own_site.browser_of) as load:
        while load.acknowledged < SAVES or not restarts:
            time.sleep(WORKER_EVERY)
            load.wait_for(1, seconds=AT_MOST)  # so that there is always something to lose
            if time.monotonic() - since > ALL_EVERY:
                own_site.server.kill()
                own_site.server.start()
                restarts += 1
                since = time.monotonic()
            else:
                kills += kill_one(own_site)
    seconds = round(time.monotonic() - began)
    assert kills > 5
    told("kills", load, own_site, kills=kills, all_killed=restarts, seconds=seconds)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="it is a program of its own there")
def test_nothing_is_lost_when_the_database_is_killed(own_site: Site) -> None:
    with saving(own_site.browser_of) as load:
        for _ in range(STOPS):
            load.wait_for(BETWEEN_STOPS, seconds=AT_MOST)
            own_site.database.take_away()
            own_site.database.bring_back()
        load.wait_for(BETWEEN_STOPS, seconds=AT_MOST)
    told("database killed", load, own_site, stops=STOPS)


@contextmanager
def watched(processes: list[int], trace: Path) -> Iterator[None]:
    """What they read, answer and wait for on the disk is written to the file."""
    calls = "trace=fsync,fdatasync,recvfrom,sendto"
    which = (part for pid in processes for part in ("-p", str(pid)))
    command = ("strace", "-f", "-s", "200", "-e", calls, "-o", str(trace), *which)
    watching = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert watching.stderr
        waiting = set(processes)
        while waiting:
            line = watching.stderr.readline()
            if "not permitted" in line:
                pytest.skip("this machine lets nobody watch a process")
            assert "attached" in line, line
            waiting -= {pid for pid in waiting if f"Process {pid} attached" in line}
        yield
    finally:
        watching.terminate()
        watching.communicate()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the server writes there, see the next")
def test_answer_comes_after_the_disk(own_site: Site, tmp_path: Path) -> None:
    if not shutil.which("strace"):
        not_here("strace isn't here: apt-get install strace")
    trace = tmp_path / "trace"
    with watched(own_site.server.workers, trace):
        saves = save_one_after_the_other(own_site)
    synced = syncs_before_answers(trace.read_text())
    assert len(synced) == saves
    assert min(synced) > 0
    tell("answer after the disk", answers=len(synced), fewest_syncs_before_one=min(synced))


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the site itself writes there")
def test_commit_is_on_the_disk_before_the_answer(own_site: Site) -> None:
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",)
    late = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()")
            late.append(cursor.fetchone()[0])

    saves = save_one_after_the_other(own_site, look)
    assert [int(number) for number in late] == [0] * saves
    tell("answer after the disk", answers=saves, not_flushed=0)


def save_one_after_the_other(site: Site, after_each: Callable[[], None] = lambda: None) -> int:
    """One person saves, waiting for each answer; how many saves that were."""
    user, organizations = official_of(WATCHED)
    load = Load()
    saver = Saver(site.browser_of(user), organizations, load, after_each)
    saver.run()
    assert not load.failures, load.failures
    return load.acknowledged


def syncs_before_answers(trace: str) -> list[int]:
    """How often the thread of each form's answer waited for the disk since it read the form."""
    synced: dict[str, int] = {}
    answers = []
    for line in trace.splitlines():
        thread, _, call = line.partition(" ")
        call = call.strip()
        if "recvfrom" in call and '"POST /regist' in call:
            synced[thread] = 0
        elif call.startswith(("fsync(", "fdatasync(")) and thread in synced:
            synced[thread] += 1
        elif call.startswith("sendto(") and thread in synced:
            assert re.search(r'"HTTP/1.1 (200|302)', call), call
            answers.append(synced.pop(thread))
    return answers
