"""`manage.py demo`: how it begins, at a time of its own or not at all, and what it leaves."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from accounts.models import AuditEvent, ChannelDevice, Message, Role, RoleRequest, User
from organizations.models import DirectoryImport, Organization, Participation
from registrations.demonstration.years import open_window
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
)
from tests.registrations.demo_steps import demo

pytestmark = pytest.mark.django_db


def everything() -> list:
    """All rows of what the demonstration fills."""
    models = (
        *(
            Organization,
            Participation,
            DirectoryImport,
            User,
            Role,
            ChannelDevice,
            Message,
            RoleRequest,
        ),
        *(PerformanceYear, Offering, Registration, Enrollment, Contact, AuditEvent),
    )
    return [sorted(model.objects.values_list(), key=str) for model in models]


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        # 11 p.m. in the East is the next day in UTC.
        (datetime(2026, 8, 2, 3, tzinfo=UTC), datetime(2026, 9, 1, 0, tzinfo=UTC)),
        # The clocks go back on November 1: 8 p.m. comes an hour later in UTC.
        (datetime(2026, 10, 15, 12, tzinfo=UTC), datetime(2026, 11, 15, 1, tzinfo=UTC)),
    ],
)
def test_a_window_is_open_and_closes_in_30_days_at_8_pm_eastern(now, closes):
    assert open_window(now)[0] < now
    assert open_window(now)[1] == closes


def test_a_later_run_opens_the_windows_again(june):
    demo()
    june.move_to(datetime(2025, 1, 15, 12, tzinfo=UTC))
    demo()

    offerings = Offering.objects.exclude(year=2021)
    closes = set(offerings.values_list("closes_at", flat=True))
    assert closes == {datetime(2025, 2, 15, 1, tzinfo=UTC)}
    assert AuditEvent.objects.filter(action="window.changed").count() == 3


def test_role_requests_wait_for_an_official_and_for_cms_staff(june, sign_in):
    demo()
    pending = RoleRequest.objects.filter(status="pending").order_by("-asked_at")
    assert [(one.user.user_id, one.organization and one.organization.name) for one in pending] == [
        ("new.user", "Better Business Health"),
        ("staff.user", "Cloverdale Urgent and Primary Care"),
        ("new.user", None),
    ]
    jane = sign_in(User.objects.get(user_id="jane.doe"))
    assert "1 role request" in jane.get("/manage-access/", follow=True).content.decode()
    assert not Role.objects.filter(
        organization=pending[1].organization, name="security_official"
    ).exists()


def test_there_are_phones_registrations_and_organizations_all_invented(settings, var_dir):
    settings.SITE_URL = "http://127.0.0.1:8123"
    printed = demo()

    devices = ChannelDevice.objects.values_list("user__user_id", "address", "confirmed")
    assert len(devices) == 11
    assert len({address for _, address, _ in devices}) == 10  # one takes texts and calls
    assert "new.user" not in {user for user, _, _ in devices}
    assert all(confirmed and address.startswith("20255501") for _, address, confirmed in devices)

    assert Organization.objects.count() == 200
    groups = Organization.objects.filter(kind="group")
    assert not groups.exclude(identifier__startswith="00").exists()
    assert not User.objects.exclude(email__endswith="@example.org").exists()
    assert not Message.objects.exclude(status="sent").exists()

    automatic = Enrollment.objects.filter(registration__year=2023)
    statuses = Counter(automatic.values_list("status", flat=True))
    assert statuses == {"complete": 26, "incomplete": 13, "cancelled": 3}
    incomplete = Registration.objects.filter(year=2023, enrollments__status="incomplete")
    assert {bool(registration.size) for registration in incomplete} == {True, False}
    assert not Contact.objects.exclude(email__endswith="@example.org").exists()

    assert "http://127.0.0.1:8123/" in printed
    assert str(var_dir / "messages.jsonl") in printed
    assert all(user_id in printed for user_id in User.objects.values_list("user_id", flat=True))


def test_a_second_run_keeps_everything_as_it_is(june):
    first = demo()
    before = everything()

    assert demo() == first
    assert everything() == before


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "Use at least 15 characters."),
        ("jane.doe@example.org", "Too easy to guess"),
        ("two lines\nof a password", "can't be typed"),
        (" a quiet lake in autumn", "a space at an end"),
        ("", "Use at least 15 characters."),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(CommandError, match=reason):
        demo("--password", password)

    assert not User.objects.exists()
    assert not PerformanceYear.objects.exists()


def test_it_refuses_where_there_is_no_demonstration(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="DEMONSTRATION is off"):
        demo()
    assert not User.objects.exists()
