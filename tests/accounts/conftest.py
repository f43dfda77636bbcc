"""What the tests of signing in need beside the rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connections

from accounts import audit_triggers


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the messages of each test."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True, scope="session")
def audit_can_be_flushed() -> Iterator[None]:
    """Take the audit's triggers away while a transactional test empties the database."""
    handle = flush.Command.handle

    def around(command: flush.Command, **options: Any) -> None:
        connection = connections[options["database"]]
        audit_triggers.remove(connection)
        try:
            handle(command, **options)
        finally:
            audit_triggers.install(connection)

    flush.Command.handle = around  # type: ignore[assignment,method-assign]
    yield
    flush.Command.handle = handle  # type: ignore[method-assign]
