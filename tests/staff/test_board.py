"""The staff site's first page: how the season goes, and what waits."""

import re
from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import DeviceReset, Message
from organizations.models import DirectoryImport
from registrations.enums import Product
from registrations.models import Offering, PerformanceYear, Registration
from registrations.years.plot import BASE, LONGEST, WIDTH, plot
from tests.accounts.role_steps import asked
from tests.factories import DURING_2022, ApmEntityFactory, OrganizationFactory, UserFactory
from tests.registrations.enrolled import enroll, words

pytestmark = pytest.mark.django_db
BESIDE = 6  # session, person, device, the rights of person and groups, the frame's role
CAHPS, WEB = Product.CAHPS, Product.WEB_INTERFACE


def told(client: Client, query: str = "") -> str:
    return words(client.get(f"/staff/{query}").content.decode())


def section(html: str, name: str) -> str:
    return words(html.split(f"{name}</a>")[1].split("</section>", maxsplit=1)[0])


def test_figures_of_each_offering_by_status_origin_kind_and_size(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    enroll(OrganizationFactory(), offerings, [CAHPS], size="2-24")
    enroll(OrganizationFactory(), offerings, [CAHPS, WEB], size="25-99")
    enroll(ApmEntityFactory(), offerings, [CAHPS], size="100+", origin="automatic")
    ended = enroll(OrganizationFactory(), offerings, [WEB])
    ended.enrollments.update(status="cancelled", cancelled_at=offerings[WEB].opens_at)
    html = reader.get("/staff/").content.decode()
    cahps, web = section(html, "CAHPS for MIPS Survey"), section(html, "CMS Web Interface")
    assert "3 Registered 0 Incomplete 0 Not registered" in cahps
    assert "2 Security Official 1 Registered automatically 0 CMS staff" in cahps
    assert "2 Group 0 Virtual Group 1 APM Entity" in cahps
    assert "1 2-24 1 25-99 1 100 or greater" in cahps
    assert "1 Registered 0 Incomplete 1 Not registered" in web


def lost_message(number: int, status: str, at: datetime) -> None:
    Message.objects.create(
        channel="email",
        to="jane.doe@example.org",
        subject="Registered",
        body="You are registered.",
        dedupe_key=str(number),
        status=status,
        due_at=at,
        sent_at=at if status == "bounced" else None,
    )


def test_each_figure_leads_to_the_list_that_it_counts(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    for number in range(3):
        enroll(OrganizationFactory(), offerings, [CAHPS], size="2-24" if number else "25-99")
    enroll(ApmEntityFactory(), offerings, [CAHPS, WEB], origin="automatic", size="")
    asked(UserFactory(), None)
    asked(UserFactory(), OrganizationFactory())
    DeviceReset.objects.create(
        person=UserFactory(),
        status="requested",
        begun_at=offerings[CAHPS].opens_at,
        expires_at=offerings[CAHPS].closes_at,
    )
    for number, status in enumerate(("failed", "bounced", "queued")):
        lost_message(number, status, offerings[CAHPS].opens_at)
    html = reader.get("/staff/").content.decode()
    links = re.findall(r'figures__number">(\d+)</span>.*?href="(/staff/[^"]+)"', html, re.DOTALL)
    assert len(links) == 2 * 13 + 4
    assert [int(number) for number, _ in links[-4:]] == [2, 1, 1, 2]
    for number, address in links:
        answer = reader.get(address.replace("&amp;", "&"))
        assert (answer.status_code, address) == (200, address)
        rows = answer.context["cl"].queryset.count()
        assert (rows, address) == (int(number), address)


def test_days_are_drawn_and_listed_on_eastern_clocks(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    enroll(OrganizationFactory(), offerings, [CAHPS])
    html = reader.get("/staff/").content.decode()
    assert html.count("<rect") == 1
    assert "June 2, 2022 1" in section(html, "CAHPS for MIPS Survey")
    assert "Nobody is registered yet" in section(html, "CMS Web Interface")


def test_plot_has_a_bar_for_each_day_and_no_more_than_fit() -> None:
    assert plot({}) is None
    drawn = plot({date(2022, 6, 1): 5, date(2022, 6, 30): 10})
    assert drawn is not None
    assert [len(drawn.bars), len(drawn.listed), drawn.most] == [30, 2, 10]
    highest = drawn.bars[-1]
    assert (highest.day, round(highest.y + highest.height)) == ("June 30, 2022", BASE)
    assert drawn.bars[0].height * 2 == highest.height
    assert highest.x + highest.width <= WIDTH
    long = plot({date(2021, 1, 1): 1, date(2022, 6, 30): 10})
    assert long is not None
    assert len(long.bars) == LONGEST


def test_chosen_year_is_shown_and_an_unknown_one_is_not_there(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    PerformanceYear.objects.create(year=2021, completion="explicit")
    assert "CAHPS for MIPS Survey" in told(reader)
    assert "CAHPS for MIPS Survey" not in told(reader, "?year=2021")
    for unknown in ("2019", "x", ""):
        assert reader.get("/staff/", {"year": unknown}).status_code == 404


def test_what_waits_for_staff(reader: Client, offerings: dict[Product, Offering]) -> None:
    asked(UserFactory(), None)
    for number, status in enumerate(("failed", "bounced", "queued")):
        lost_message(number, status, offerings[CAHPS].opens_at)
    text = told(reader)
    assert "1 Undecided role requests" in text
    assert "2 Messages that failed or came back" in text
    assert "The directory was never imported." in text


def test_last_import_is_told_with_the_way_to_it(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    for year in (2021, 2022):
        last = DirectoryImport.objects.create(
            file_name=f"directory-{year}.csv",
            sha256="0" * 64,
            performance_year=year,
            loaded_by="Operations",
            loaded_at=DURING_2022.replace(year=year),
            created=1200,
            changed=3,
            unchanged=0,
            refused=2,
        )
    html = reader.get("/staff/").content.decode()
    assert "directory-2021" not in html
    assert "directory-2022.csv for 2022, June 2, 2022 at 2:31 p.m. ET: 1,200 added" in words(html)
    assert reader.get(f"/staff/organizations/directoryimport/{last.pk}/change/").status_code == 200
    assert f'href="/staff/organizations/directoryimport/{last.pk}/change/"' in html


def test_incomplete_longest_first(reader: Client, offerings: dict[Product, Offering]) -> None:
    for name in ("Younger Practice", "Older Practice"):
        begun = enroll(OrganizationFactory(name=name), offerings, [CAHPS], status="complete")
        begun.enrollments.update(status="incomplete", completed_at=None)
    Registration.objects.filter(name="Older Practice").update(started_at=offerings[CAHPS].opens_at)
    text = told(reader)
    assert text.index("Older Practice") < text.index("Younger Practice")


def test_figures_are_counted_once_a_minute_and_say_so(
    reader: Client, offerings: dict[Product, Offering], june_2022
) -> None:
    told(reader)
    enroll(OrganizationFactory(), offerings, [CAHPS])
    assert "Figures of June 2, 2022 at 2:31 p.m. ET" in told(reader)
    assert "0 Registered" in told(reader)
    june_2022.shift(60)
    assert "1 Registered" in told(reader)


def test_queries_stay_the_same_however_many_registrations(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    numbers = []
    for more in (1, 3, 10):
        for _ in range(more):
            enroll(OrganizationFactory(), offerings)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            told(reader)
        numbers.append(len(queries))
    assert len(set(numbers)) == 1
    assert numbers[0] <= BESIDE + 10


def test_without_a_year_it_says_how_to_begin(reader: Client) -> None:
    assert "There is no performance year yet." in told(reader)
