"""`manage.py add_year` and `manage.py change_window`."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from registrations.models import Offering, PerformanceYear, ResourceLink
from tests.factories import CLOSES, OPENS

pytestmark = pytest.mark.django_db

CAHPS = ("--offering", "cahps", "2-24", "2024-04-01 10:00", "2024-07-01 20:00")
WEB_INTERFACE = ("--offering", "web_interface", "25-99", "2024-04-01 10:00", "2024-07-01 20:00")


class Run:
    """A run of a command with what it printed."""

    error: Any

    def __init__(self, *arguments: str):
        self.out, self.error = io.StringIO(), None
        try:
            call_command(*arguments, stdout=self.out, stderr=io.StringIO())
        except CommandError as error:
            self.error = error

    @property
    def said(self) -> list[str]:
        return [line.strip() for line in self.out.getvalue().splitlines()]


def add(*arguments: str) -> Run:
    return Run("add_year", "2024", "--completion=automatic", *arguments)


# --- add_year


def test_a_year_is_added_with_its_window_in_eastern_time():
    run = add(*CAHPS)

    assert run.said == [
        "Added the performance year 2024, automatic:",
        (
            "CAHPS for MIPS Survey, 2-24 and more: opens April 1, 2024 at 10:00 a.m. ET, "
            "closes July 1, 2024 at 8:00 p.m. ET"
        ),
    ]
    offering = Offering.objects.get()
    assert offering.opens_at == datetime(2024, 4, 1, 14, tzinfo=UTC)
    assert offering.closes_at == datetime(2024, 7, 2, 0, tzinfo=UTC)
    assert offering.registers_shared_savings
    assert offering.year.minimum_sample_small is None


def test_a_year_takes_everything_in_which_years_differ():
    run = add(
        *CAHPS,
        *WEB_INTERFACE,
        *("--not-automatic", "web_interface"),
        "--mails-contacts",
        *("--omb-control-number", "0938-1222"),
        *("--burden-hours", "0.25"),
        *("--minimum-samples", "1", "2", "3"),
        *("--sampling-notices", "fall of 2024"),
        *("--notice", "Be on time."),
        *("--link", "access_guide", "https://example.org/guide.zip"),
    )

    assert run.error is None
    year = PerformanceYear.objects.get()
    assert (year.completion, year.mails_contacts) == ("automatic", True)
    assert (year.omb_control_number, str(year.burden_hours)) == ("0938-1222", "0.25")
    assert (year.minimum_sample_small, year.minimum_sample_large) == (1, 3)
    assert (year.sampling_notices, year.notice) == ("fall of 2024", "Be on time.")
    automatic = dict(Offering.objects.values_list("product", "registers_shared_savings"))
    assert automatic == {"cahps": True, "web_interface": False}
    assert ResourceLink.objects.get().url == "https://example.org/guide.zip"


def test_adding_a_year_is_audited():
    add(*CAHPS)

    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name) == ("year.added", "Operations")
    assert event.details["year"] == 2024
    assert event.details["offerings"][0]["closes_at"] == "2024-07-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((*CAHPS, *CAHPS), "Offering with this Year and Product already exists."),
        ((*CAHPS[:3], "2024-07-01 20:00", "2024-07-01 20:00"), "must close after it opens"),
        ((*CAHPS[:3], "2024-03-10 02:30", "2024-07-01 20:00"), "2024-03-10 02:30 doesn't exist"),
        ((*CAHPS[:3], "April", "2024-07-01 20:00"), '"April" is not a time like'),
        (("--offering", "survey", *CAHPS[2:]), '"survey" is none of web_interface, cahps.'),
        (("--offering", "cahps", "5", *CAHPS[3:]), "Give the size as 2-24, 25-99"),
        (("--offering", "cahps", "", *CAHPS[3:]), "Give the minimum size."),
        ((*CAHPS, "--link", "access_guide", "http://example.org"), "must start with https://."),
        ((*CAHPS, "--link", "guide", "https://example.org"), '"guide" is none of fact_sheet'),
        ((*CAHPS, "--burden-hours", "an hour"), '"an hour" is no number of hours'),
        ((*CAHPS, "--burden-hours", "1000"), "burden_hours: "),
        ((*CAHPS, "--omb-control-number", "0938-12222"), "omb_control_number: "),
        ((), "--offering"),
    ],
)
def test_a_year_that_is_not_right_is_not_added(arguments, reason):
    run = add(*arguments)

    assert reason in str(run.error)
    assert not PerformanceYear.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_year_out_of_range_is_not_added():
    assert Run("add_year", "2016", "--completion=explicit", *CAHPS).error
    assert not PerformanceYear.objects.exists()


def test_a_year_is_added_once():
    add(*CAHPS)

    assert str(add(*CAHPS).error) == "The performance year 2024 exists already."


# --- change_window


def change(*arguments: str, reason: str = "Storm") -> Run:
    return Run("change_window", "2023", "cahps", *arguments, f"--reason={reason}")


def test_a_changed_close_is_shown_before_and_after(offering):
    run = change("--closes", "2023-07-05 20:00")

    assert run.said == [
        "CAHPS for MIPS Survey 2023",
        "before: opens April 3, 2023 at 10:00 a.m. ET, closes June 30, 2023 at 8:00 p.m. ET",
        "after:  opens April 3, 2023 at 10:00 a.m. ET, closes July 5, 2023 at 8:00 p.m. ET",
    ]
    offering.refresh_from_db()
    assert (offering.opens_at, offering.closes_at) == (OPENS, datetime(2023, 7, 6, tzinfo=UTC))


def test_a_changed_window_is_audited_with_its_reason(offering):
    change("--opens", "2023-04-04 10:00", "--closes", "2023-07-05 20:00")

    event = AuditEvent.objects.get()
    assert (event.action, event.reason) == ("window.changed", "Storm")
    assert event.object_id == str(offering.pk)
    assert event.details["before"] == [OPENS.isoformat(), CLOSES.isoformat()]
    assert event.details["after"] == ["2023-04-04T14:00:00+00:00", "2023-07-06T00:00:00+00:00"]


def test_the_same_window_again_writes_nothing(offering):
    run = change("--closes", "2023-06-30 20:00")

    assert run.said[-1] == "after:  the same"
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--closes", "2023-04-03 10:00"), "The window must close after it opens."),
        (("--opens", "2023-07-01 10:00"), "The window must close after it opens."),
        (("--opens", "2023-03-12 02:30"), "--opens: 2023-03-12 02:30 doesn't exist"),
        (("--closes", "2023-11-05 01:30"), "--closes: 2023-11-05 01:30 is ambiguous"),
        (("--closes", "2023-06-30 20:00-04:00"), "--closes: "),
        (("--closes", "tomorrow"), '--closes: "tomorrow" is not a time'),
        ((), "Give --opens, --closes, or both."),
    ],
)
def test_a_window_that_is_not_right_is_refused(offering, arguments, reason):
    run = change(*arguments)

    assert str(run.error).startswith(reason)
    assert run.error.returncode == 1
    offering.refresh_from_db()
    assert (offering.opens_at, offering.closes_at) == (OPENS, CLOSES)
    assert not AuditEvent.objects.exists()


def test_a_window_is_not_changed_without_a_reason(offering):
    for reason in (" ", "x" * 301):
        error = change("--closes", "2023-07-05 20:00", reason=reason).error
        assert str(error) == "Give a reason of at most 300 characters."
    with pytest.raises(CommandError):
        call_command("change_window", "2023", "cahps", "--closes=2023-07-05 20:00")


def test_an_offering_that_is_not_there_is_named(offering):
    run = Run("change_window", "2023", "web_interface", "--closes=2023-07-05 20:00", "--reason=x")

    assert str(run.error) == "There is no CMS Web Interface in 2023."
