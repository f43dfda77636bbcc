"""The benchmark of the staff's pages still asks for pages that are there."""

from collections.abc import Iterator

import pytest
from bench import staff_data
from bench.staff_pages import pages
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from qpp_registration import clock
from tests.benchmark import ask

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="made by PostgreSQL"),
]


@pytest.fixture
def world(db: None) -> Iterator[staff_data.StaffWorld]:
    """As much as fills a list."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    at = clock.now()
    staff_data.begin(at)
    staff_data.fill(first=1, organizations=1_000, registrations=1_000, at=at)
    staff_data.fill(first=1_001, organizations=1_010, registrations=0, at=at)
    yield staff_data.look(at)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_page_is_answered_with_rows(world: staff_data.StaffWorld) -> None:
    labels = []
    for page in pages():
        answer = ask(page.request(world))
        assert page.is_answer(answer), page.label
        if "one name" in page.label:
            assert b"1 registration." in answer or b"1 organization." in answer, page.label
        labels.append(page.label)
    assert "registrations" in labels
