"""Two sheets that one person uploads at the same moment, in two windows: the later one counts."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import SheetUpload
from tests.factories import OfferingFactory
from tests.faults.pairs.hands import Act, Hand, held
from tests.registrations.sheet_steps import TIN, row, sheet, upload

pytestmark = pytest.mark.django_db(transaction=True)
# The upload has looked for others and is about to be shown.
KEEPING = ('UPDATE "registrations_sheetupload"',)
SHEETS = [sheet(row(TIN, size=size)) for size in ("2 to 24", "100 or greater")]


@pytest.fixture
def uploading(
    transactional_db: None,
    june: object,
    jane: User,
    practice: Organization,
    sign_in: Callable[[User], Client],
) -> list[Act]:
    """Jane in two windows, about to upload a sheet in each."""
    OfferingFactory()
    return [upload_of(content, sign_in(jane)) for content in SHEETS]


def upload_of(content: bytes, window: Client) -> Act:
    """The upload of the sheet in the window; it gives the status of the answer."""
    return lambda: str(upload(window, content).status_code)


@pytest.fixture
def hands(transactional_db: None) -> Iterator[tuple[Hand, Hand]]:
    both = Hand(), Hand()
    yield both
    for hand in both:
        hand.rests()


def test_one_of_them_is_left(uploading: list[Act], hands: tuple[Hand, Hand]) -> None:
    assert held(hands, *uploading, locks=True, before=KEEPING) == ("302", "302")
    assert SheetUpload.objects.get().status == "checked"


@pytest.mark.postgres
def test_without_the_lock_both_would_stand_there(
    uploading: list[Act], hands: tuple[Hand, Hand]
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite: a transaction takes the only write lock when it begins")
    assert held(hands, *uploading, locks=False, before=KEEPING) == ("302", "302")
    assert SheetUpload.objects.filter(status="checked").count() == 2
