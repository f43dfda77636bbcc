"""The staff's pages on two PostgreSQL databases, a small and a large one, asked in turn."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import exports, staff_data
from bench.load import WrongAnswer, answer
from bench.server import serving
from bench.staff_data import StaffWorld
from bench.staff_pages import StaffPage, pages
from qpp_registration import clock

SMALL = 1_000  # organizations, each registered
LARGE = (1_000_000, 100_000)  # organizations, registrations
GOAL = 2
SMALL_NAME = "qpp_small"


@dataclass(frozen=True, kw_only=True)
class Times:
    """The milliseconds of the answers of a page, small and large."""

    label: str
    small: Sequence[float]
    large: Sequence[float]

    @property
    def ratio(self) -> float:
        """The large 95th percentile in times of the small one."""
        return p95(self.large) / p95(self.small)

    @property
    def ratio_of_medians(self) -> float:
        """The same of the medians, which a busy machine disturbs less."""
        return median(self.large) / median(self.small)


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20, method="inclusive")[-1]


def measure(rounds: int, database_url: str) -> Iterator[str]:
    """Fill both databases, ask every page so many times of each in turn; the report as it comes."""
    if connection.vendor != "postgresql":
        yield "The staff's pages are measured on PostgreSQL only."
        return
    at = clock.now()
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    staff_data.begin(at)
    staff_data.fill(first=1, organizations=SMALL, registrations=SMALL, at=at)
    world = staff_data.look(at)
    with serving(DATABASE_URL=database_url) as small:
        few = exports.export_everything(small)
    _vacuum()
    small_url = _copy_to_small(database_url)
    organizations, registrations = LARGE
    staff_data.fill(
        first=SMALL + 1, organizations=organizations, registrations=registrations, at=at
    )
    _vacuum()
    yield from _heading(rounds, time.perf_counter() - began)
    with serving(DATABASE_URL=small_url) as small, serving(DATABASE_URL=database_url) as large:
        for page in pages():
            yield _line(_ask(page, world, small, large, rounds))
        many = exports.export_everything(large)
    yield ""
    yield from exports.lines(few, many)


def _vacuum() -> None:
    """What autovacuum would soon do by itself."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy_to_small(database_url: str) -> str:
    """Keep what is stored so far as a database of its own; its address."""
    name = str(settings.DATABASES["default"]["NAME"])
    parts = urlsplit(database_url)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE {SMALL_NAME} TEMPLATE "{name}"')
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    return urlunsplit(parts._replace(path=f"/{SMALL_NAME}"))


def _ask(page: StaffPage, world: StaffWorld, small: int, large: int, rounds: int) -> Times:
    took: dict[int, list[float]] = {small: [], large: []}
    for number in range(rounds + 2):
        # Neither is always first, and the first two warm up.
        for port in (small, large) if number % 2 else (large, small):
            milliseconds = _one(page, world, port)
            if number > 1:
                took[port].append(milliseconds)
    return Times(label=page.label, small=took[small], large=took[large])


def _one(page: StaffPage, world: StaffWorld, port: int) -> float:
    request = page.request(world)
    began = time.perf_counter()
    received = answer(port, request)
    took = time.perf_counter() - began
    if not page.is_answer(received):
        raise WrongAnswer(f"{page.label}: {received[:300].decode(errors='replace')}")
    return 1000 * took


def _heading(rounds: int, took: float) -> Iterator[str]:
    version = ".".join(map(str, connection.get_database_version()))
    organizations, registrations = LARGE
    yield (
        f"Staff's pages, {connection.display_name} {version}: {organizations:,} organizations and "
        f"{registrations:,} registrations against {SMALL:,} of each"
    )
    yield f"{rounds} answers of each page, in turn; filled in {took:.0f} s"
    yield ""
    yield f"{'milliseconds':28}{'p95 of':>10}{'p95 of':>10}{'':>8}{'of':>9}"
    yield f"{'':28}{f'{SMALL:,}':>10}{f'{organizations:,}':>10}{'times':>8}{'medians':>9}"


def _line(page: Times) -> str:
    verdict = "met" if page.ratio <= GOAL else "MISSED"
    return (
        f"{page.label:28}{p95(page.small):10.0f}{p95(page.large):10.0f}"
        f"{page.ratio:8.2f}{page.ratio_of_medians:9.2f}   ≤ {GOAL} {verdict}"
    )
