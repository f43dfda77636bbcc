"""A database for one test alone, on a disk, which the test may stop, fill and take away."""

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.server import ADDRESS, database_url

PLACES = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
# What it writes by itself would hide what a save writes.
QUIET = "-c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"
SMALL = "-c min_wal_size=32MB -c max_wal_size=64MB -c shared_buffers=16MB"


def not_here(what: str) -> None:
    """Skip what can't run here. With REQUIRE_ALL=1 that is a failure."""
    (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(what)


@dataclass
class OwnFile:
    """SQLite: a folder with the file in it, away while it has another name."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "db.sqlite3"

    @property
    def settings(self) -> dict[str, Any]:
        return {"NAME": str(self.file)}

    def make(self) -> None:
        """Copy the test's database, which has the tables."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.file)])

    def take_away(self) -> None:
        """No new connection finds it, and no transaction begins on those that are kept.

        Not in the middle of one: its journal would stay, and undo it when the folder comes back.
        """
        with self.held():
            self.folder.rename(self.folder.with_suffix(".away"))

    def bring_back(self) -> None:
        self.folder.with_suffix(".away").rename(self.folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Somebody else has the whole database to themselves."""
        other = sqlite3.connect(self.file, isolation_level=None, timeout=30)
        try:
            other.execute("BEGIN EXCLUSIVE")
            yield
        finally:
            other.close()

    def problems(self) -> list[str]:
        """What the database finds wrong with itself."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            return [row[0] for row in cursor.fetchall() if row[0] != "ok"]

    def remove(self) -> None:
        """Nothing runs."""


@dataclass
class OwnCluster:
    """PostgreSQL: a cluster of its own that keeps what it promised."""

    folder: Path
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def settings(self) -> dict[str, Any]:
        who = {"USER": "qpp", "PASSWORD": self.password, "NAME": "qpp"}
        return {**who, "HOST": ADDRESS, "PORT": self.port}

    def make(self) -> None:
        """A new cluster with the tables of the test's database."""
        file = self.folder / "password"
        file.write_text(self.password)
        if os.geteuid() == 0:
            for own in (self.folder, file):
                shutil.chown(own, "postgres")
        self._run("initdb", "--username", "qpp", "--pwfile", str(file), "--auth", "scram-sha-256")
        with socket.socket() as trial:
            trial.bind((ADDRESS, 0))
            self.port = trial.getsockname()[1]
        self.bring_back()
        url = f"postgres://qpp:{self.password}@{ADDRESS}:{self.port}"
        self._run("psql", f"{url}/postgres", "--command", "CREATE DATABASE qpp", data=False)
        tables = self._run("pg_dump", "--no-owner", database_url(), data=False)
        self._run("psql", f"{url}/qpp", "--quiet", data=False, told=tables)

    def take_away(self) -> None:
        """All of its processes end where they stand."""
        connection.close()  # this test's own, too
        self._run("pg_ctl", "stop", "--mode", "immediate")

    def bring_back(self) -> None:
        """Started, and ready after its recovery."""
        place = f"-p {self.port} -c listen_addresses={ADDRESS} -c unix_socket_directories="
        options = f"{place} {DURABLE} {QUIET} {SMALL}"
        log = ("--log", str(self.folder / "log"))
        self._run("pg_ctl", "start", "--wait", *log, "--options", options)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Somebody else has the sessions and the registrations to themselves."""
        place = self.settings
        with psycopg.connect(
            host=ADDRESS, port=self.port, user="qpp", password=self.password, dbname=place["NAME"]
        ) as other:
            other.execute("LOCK TABLE accounts_session, registrations_registration")
            yield
            other.rollback()

    def problems(self) -> list[str]:
        """What the database finds wrong with itself, where it has the means to look."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
            if not cursor.fetchone():
                return []
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            cursor.execute(
                "SELECT bt_index_check(index.oid, true) FROM pg_class AS index"
                " JOIN pg_am ON pg_am.oid = index.relam AND amname = 'btree'"
                " WHERE index.relkind = 'i' AND index.relpersistence = 'p'"
            )
            cursor.execute(
                "SELECT heap.relname || ': ' || msg FROM pg_class AS heap,"
                " LATERAL verify_heapam(heap.oid) WHERE heap.relkind = 'r'"
            )
            return [row[0] for row in cursor.fetchall()]

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode", "immediate")

    def _run(self, name: str, *arguments: str, data: bool = True, told: str = "") -> str:
        place = ("--pgdata", str(self.folder / "data")) if data else ()
        as_server = ("runuser", "--user", "postgres", "--") if os.geteuid() == 0 else ()
        # What a server writes later would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            ended = subprocess.run(
                (*as_server, str(programs() / name), *arguments, *place),
                cwd=self.folder,
                input=told,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            output.seek(0)
            said = output.read()
        assert ended.returncode == 0, said
        return said


def programs() -> Path:
    """Where the server's programs are, the newest ones. Skips where there are none."""
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name)
    )
    on_path = shutil.which("initdb")
    found = [*newest_first, *([Path(on_path).parent] if on_path else [])]
    if not found:
        not_here("PostgreSQL's programs aren't here: apt-get install postgresql")
    return found[0]


OwnDatabase = OwnFile | OwnCluster


@contextmanager
def own_database(folder: Path) -> Iterator[OwnDatabase]:
    """The test's tables, empty, in a database in that folder; the test itself talks to it."""
    made: OwnDatabase = OwnFile(folder) if connection.vendor == "sqlite" else OwnCluster(folder)
    before = {name: connection.settings_dict[name] for name in PLACES}
    try:
        made.make()
        connection.close()
        connection.settings_dict.update(made.settings)
        yield made
    finally:
        connection.close()
        connection.settings_dict.update(before)
        made.remove()


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """A new folder that PostgreSQL's user may enter."""
    with tempfile.TemporaryDirectory(prefix="qpp-own-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        place = Path(name) / "database"
        place.mkdir()
        yield place


@contextmanager
def folder_of_a_size(megabytes: int) -> Iterator[Path]:
    """A file system in memory, so small that it can be filled. Skips where none may be mounted."""
    with folder_on_disk() as place:
        size = f"size={megabytes}m"
        mount = ("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place))
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            if os.geteuid():
                not_here("a small file system can be mounted by root only")
            pytest.skip("this machine lets not even root mount a file system")
        try:
            yield place
        finally:
            # What was killed a moment ago may not be gone yet.
            subprocess.run(("umount", "--lazy", str(place)), check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Nothing more can be written to the file system of the folder, whatever is freed meanwhile."""
    filler, over = folder / "filler", threading.Event()

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            while not over.wait(0.01):
                with suppress(OSError):
                    while True:
                        file.write(b"\0" * 4096)

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield
    finally:
        over.set()
        filling.join()
        filler.unlink()
