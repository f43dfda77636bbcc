"""The close as a calendar file, read as strictly as RFC 5545 has it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from registrations.enums import Product
from registrations.words.calendar_file import close_as_calendar
from tests.factories import CLOSES, DURING, OPENS, OfferingFactory

FILE = "/registration/2023/cahps/close.ics"


class Component:
    """The properties of a calendar component, and the components in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.properties: dict[str, str] = {}
        self.inside: list[Component] = []

    def __getitem__(self, name: str) -> str:
        return self.properties[name]

    def text(self, name: str) -> str:
        """The value of a text property, with what was escaped in it."""
        assert not re.search(r"(?<!\\)(\\\\)*[,;]", self[name])
        meant = {"n": "\n", "N": "\n", "\\": "\\", ",": ",", ";": ";"}
        return re.sub(r"\\(.)", lambda found: meant[found[1]], self[name])


def parse(file: bytes) -> Component:
    """The calendar of a file. Whatever RFC 5545 doesn't allow fails."""
    assert file.endswith(b"\r\n")
    assert not re.search(rb"[^\r]\n|\r[^\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    root = Component("")
    open_ = [root]
    for line in re.sub(rb"\r\n[ \t]", b"", file).decode().split("\r\n")[:-1]:
        found = re.fullmatch(r"([A-Z-]+):(.*)", line)
        assert found, line
        name, value = found.groups()
        if name == "BEGIN":
            open_[-1].inside.append(Component(value))
            open_.append(open_[-1].inside[-1])
        elif name == "END":
            assert open_.pop().name == value
        else:
            assert name not in open_[-1].properties
            open_[-1].properties[name] = value
    assert open_ == [root]
    (calendar,) = root.inside
    assert (calendar.name, calendar["VERSION"]) == ("VCALENDAR", "2.0")
    assert calendar["PRODID"]
    return calendar


def time_of(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def test_everybody_gets_the_close_as_an_event_with_two_alarms(client: Client, offering, june):
    answer = client.get(FILE)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="cahps-2023-registration-closes.ics"'
    )
    (event,) = parse(answer.content).inside
    assert event.name == "VEVENT"
    assert time_of(event["DTSTART"]) == CLOSES
    assert time_of(event["DTSTAMP"]) == DURING
    assert event.text("SUMMARY") == "2023 CAHPS for MIPS Survey registration closes"
    assert "closes on Friday, June 30, 2023 at 8:00 p.m. ET." in event.text("DESCRIPTION")
    assert [(alarm.name, alarm["ACTION"], alarm["TRIGGER"]) for alarm in event.inside] == [
        ("VALARM", "DISPLAY", "-P3D"),
        ("VALARM", "DISPLAY", "-P1D"),
    ]
    assert all(alarm.text("DESCRIPTION") == event.text("SUMMARY") for alarm in event.inside)


def test_a_moved_close_keeps_the_event(client: Client, offering, june):
    (before,) = parse(client.get(FILE).content).inside
    offering.closes_at += timedelta(days=7)
    offering.save()
    (after,) = parse(client.get(FILE).content).inside

    assert before["UID"] == after["UID"] == "cahps-2023-close@127.0.0.1"
    assert time_of(after["DTSTART"]) == CLOSES + timedelta(days=7)


def test_each_year_is_an_event_of_its_own(client: Client, offering, june):
    OfferingFactory(
        year__year=2024, opens_at=OPENS.replace(year=2024), closes_at=CLOSES.replace(year=2024)
    )

    (this,) = parse(client.get(FILE).content).inside
    (next_,) = parse(client.get(FILE.replace("2023", "2024")).content).inside
    assert this["UID"] != next_["UID"]
    assert time_of(next_["DTSTART"]).year == 2024


def test_the_file_tells_of_no_organization(sign_in, jane, practice, offering, june):
    file = sign_in(jane).get(FILE).content.decode()

    assert file == Client().get(FILE).content.decode()
    assert practice.name not in file
    assert practice.identifier not in file


def test_long_and_special_text_is_folded_and_escaped_without_breaking_a_letter():
    site = "https://" + "ünïcode," * 30 + "example.org"
    file = close_as_calendar(
        year=2023, product=Product.CAHPS, closes_at=CLOSES, written_at=DURING, site_url=site
    )

    (event,) = parse(file.encode()).inside
    assert event.text("DESCRIPTION").endswith(f"\n\n{site}/")
    assert event["URL"] == f"{site}/"


def test_there_is_no_file_for_what_cannot_be_registered(client: Client, offering, june):
    assert client.get(FILE.replace("2023", "2024")).status_code == 404
    assert client.get(FILE.replace("cahps", "web-interface")).status_code == 404
    assert client.post(FILE).status_code == 405


@pytest.mark.parametrize("page", ["/", "/home/", "/registration/"])
def test_pages_offer_the_file_until_the_close(sign_in, jane, practice, offering, june, page):
    client = sign_in(jane)
    assert FILE in client.get(page).content.decode()
    june.move_to(CLOSES)
    assert FILE not in sign_in(jane).get(page).content.decode()


def test_an_extended_organization_is_not_offered_the_others_close(started, practice, offering):
    assert FILE in started.client.get(started.url).content.decode()
    practice.window_extensions.create(
        offering=offering,
        until=CLOSES + timedelta(days=7),
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )
    html = started.client.get(started.url).content.decode()
    assert FILE not in html
    assert 'data-closes="2023-07-08T00:00:00+00:00"' in html
