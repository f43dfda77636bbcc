"""`manage.py demo`: what a person who tries the system finds, and finds again."""

import io
import stat
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, ChannelDevice, Message, Role, RoleRequest, User
from organizations.models import DirectoryImport, Organization, Participation
from registrations.demonstration.people import PEOPLE
from registrations.demonstration.years import open_window
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    SamplingResult,
)

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet lake in autumn"


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def demo(*options: str) -> str:
    out = io.StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


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


def test_both_years_have_their_guides_rules():
    demo()

    closed, explicit, automatic = PerformanceYear.objects.order_by("year")
    assert (closed.year, closed.completion) == (2021, "explicit")
    assert (explicit.year, explicit.completion, explicit.mails_contacts) == (2022, "explicit", True)
    assert (automatic.year, automatic.completion, automatic.mails_contacts) == (
        *(2023, "automatic", False),
    )
    assert (explicit.omb_control_number, automatic.omb_control_number) == (
        *("0938-1314", "0938-1222"),
    )
    assert {str(explicit.burden_hours), str(automatic.burden_hours)} == {"0.25"}
    assert automatic.sampling_notices == "fall of 2023"
    offerings = Offering.objects.values_list("year", "product", "minimum_size")
    assert set(offerings) == {
        (2021, "web_interface", "25-99"),
        (2021, "cahps", "2-24"),
        (2022, "web_interface", "25-99"),
        (2022, "cahps", "2-24"),
        (2023, "cahps", "2-24"),
    }


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


def test_people_have_the_roles_and_organizations_they_are_for():
    demo()

    roles = Counter(
        Role.objects.values_list("user__user_id", "organization__kind", "name").order_by()
    )
    official = "security_official"
    assert roles["jane.doe", "group", official] >= 3
    assert roles["jane.doe", "virtual_group", official] == 2
    assert roles["jane.doe", "apm_entity", official] == 2
    assert roles["solo.official", "group", official] == 1
    assert roles["many.official", "group", official] == 150
    assert {name for user, _, name in roles if user == "staff.user"} == {"staff_user"}
    assert not {"new.user", "cms.staff"} & {user for user, _, _ in roles}
    staff = User.objects.filter(is_staff=True).values_list("user_id", flat=True)
    assert set(staff) == {"cms.staff", "cms.colleague", "cms.manager", "cms.reader"}

    hers = Participation.objects.filter(
        organization__roles__user__user_id="jane.doe", performance_year=2023
    )
    better = hers.get(organization__identifier="000765630")
    assert (better.organization.name, better.size) == ("Better Business Health", "25-99")
    approved = hers.filter(organization__kind="virtual_group").values_list("approved", flat=True)
    assert sorted(approved) == [False, True]
    acos = hers.filter(organization__kind="apm_entity")
    assert sorted(acos.values_list("shared_savings_program", flat=True)) == [False, True]
    of_jane = Registration.objects.filter(organization__roles__user__user_id="jane.doe")
    assert not of_jane.filter(year=2023).exists()


def test_years_with_register_show_every_state():
    demo()

    hers = Enrollment.objects.filter(registration__organization__roles__user__user_id="jane.doe")
    states = {
        identifier: set(
            hers.filter(
                registration__year=2022, registration__organization__identifier=identifier
            ).values_list("offering__product", "status", "origin")
        )
        for identifier in ("000765630", "000412875", "000187462", "000820159", "000633207")
    }
    web_interface, cahps = ("web_interface", "complete"), ("cahps", "complete")
    assert states == {
        "000765630": set(),
        "000412875": {(*cahps, "official")},
        "000187462": {(*cahps, "official"), (*web_interface, "official")},
        "000820159": {("web_interface", "cancelled", "official")},
        "000633207": {(*web_interface, "automatic")},
    }
    chosen = Registration.objects.get(year=2022, organization__identifier="000765630")
    assert chosen.size == "25-99"
    carried = Registration.objects.get(year=2022, organization__identifier="000633207")
    assert (carried.carried_from, carried.confirmed_at) == (2021, None)
    assert carried.address1 != carried.organization.address1
    assert set(
        hers.filter(registration__organization__identifier="DEMO0002").values_list(
            "offering__product", "status", "origin"
        )
    ) == {(*cahps, "automatic"), (*web_interface, "automatic")}
    results = SamplingResult.objects.filter(enrollment__registration__year=2021)
    assert set(results.values_list("outcome", flat=True)) == {
        "eligible",
        "minimum_not_met",
        "no_assigned_patients",
    }
    many = Registration.objects.filter(
        year=2022, organization__roles__user__user_id="many.official"
    )
    assert many.filter(enrollments__status="complete").exists()
    assert many.filter(enrollments__isnull=True).exists()


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


def test_a_second_run_keeps_what_somebody_changed():
    demo()
    Organization.objects.filter(identifier="000765630").update(name="Best Business Health")
    Role.objects.filter(user__user_id="solo.official").delete()
    Enrollment.objects.filter(status="incomplete").delete()

    demo()

    assert Organization.objects.get(identifier="000765630").name == "Best Business Health"
    assert not Role.objects.filter(user__user_id="solo.official").exists()
    assert not Enrollment.objects.filter(status="incomplete").exists()


def test_passphrases_are_made_once_printed_each_time_and_kept_privately(var_dir):
    printed = demo()

    file = var_dir / "demonstration_passwords"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = dict(line.split(" ", 1) for line in file.read_text().splitlines())
    assert len(set(kept.values())) == len(kept) == len(PEOPLE)
    for user in User.objects.all():
        password = kept[user.user_id]
        assert len(password) >= 15
        assert user.check_password(password)
        assert password in printed
    again = demo()
    assert all(password in again for password in kept.values())


def test_the_option_sets_everybodys_password_and_is_remembered(var_dir):
    demo()
    printed = demo("--password", PASSWORD)

    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert printed.count(PASSWORD) == len(PEOPLE)
    assert demo().count(PASSWORD) == len(PEOPLE)
    assert AuditEvent.objects.filter(action="password.set").count() == len(PEOPLE)
    # The same password again is not hashed again.
    before = set(User.objects.values_list("password", flat=True))
    demo("--password", PASSWORD)
    assert set(User.objects.values_list("password", flat=True)) == before


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


def test_a_password_of_their_own_stays_until_the_file_is_lost(var_dir):
    demo()
    jane = User.objects.get(user_id="jane.doe")
    jane.set_password(PASSWORD)
    jane.save()

    printed = demo()

    jane.refresh_from_db()
    assert jane.check_password(PASSWORD)
    assert "(their own)" in printed

    file = var_dir / "demonstration_passwords"
    file.unlink()
    demo()

    kept = dict(line.split(" ", 1) for line in file.read_text().splitlines())
    assert all(user.check_password(kept[user.user_id]) for user in User.objects.all())


def test_it_refuses_where_there_is_no_demonstration(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="DEMONSTRATION is off"):
        demo()
    assert not User.objects.exists()
