"""What blocks a caller and what to say: each case, through the pages that staff read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import FailedPassword, Message, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Offering, WindowExtension
from tests.accounts.role_steps import asked
from tests.accounts.steps import give_password
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OPENS_2022,
    DeviceFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import begun, enroll, words

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
Told = Callable[[User | Organization], str]


@pytest.fixture
def practice(offerings: Offerings) -> Organization:
    return OrganizationFactory(name="Better Business Health", identifier="000765630")


@pytest.fixture
def jane(practice: Organization) -> User:
    """A Security Official for whom everything is in order."""
    jane = UserFactory(
        user_id="jane.doe",
        first_name="Jane",
        last_name="Doe",
        created_at=DURING_2022 - timedelta(days=30),
    )
    RoleFactory(user=jane, organization=practice)
    DeviceFactory(user=jane)
    return jane


@pytest.fixture
def told(june_2022: object, casey: User, sign_in: Callable[[User], Client]) -> Told:
    """The look-up's page of a person or an organization, and nothing else of theirs."""

    def read(row: User | Organization) -> str:
        kind = "people" if isinstance(row, User) else "organizations"
        client = sign_in(casey)  # each time, because the clock moves on by weeks
        return words(client.get(f"/staff/callers/{kind}/{row.pk}/").content.decode())

    return read


def test_nothing_blocks_who_is_in_order(told: Told, jane: User, service_center: Client) -> None:
    assert "In order: Nothing blocks this account." in told(jane)
    own_page = service_center.get(f"/staff/accounts/user/{jane.pk}/change/").content.decode()
    assert "In order: Nothing blocks this account." in words(own_page)


@pytest.mark.parametrize(
    ("change", "what", "say"),
    [
        ({"is_active": False}, "CMS disabled the account", "Your account is disabled."),
        (
            {"password": make_password(None)},
            "The account has no password yet",
            "You haven’t set a password yet.",
        ),
        (
            {"created_at": DURING_2022 - timedelta(days=60)},
            "Paused after 60 days without use; last used on April 3, 2022",
            "Your password is paused because you didn’t sign in for 60 days.",
        ),
        (
            {"codes_locked_until": DURING_2022 + timedelta(minutes=9)},
            "One-time codes aren’t looked at until June 2, 2022 at 2:40 p.m. ET",
            "Wait until June 2, 2022 at 2:40 p.m. ET",
        ),
    ],
)
def test_account_that_is_blocked(
    change: dict[str, Any], what: str, say: str, told: Told, jane: User, service_center: Client
) -> None:
    User.objects.filter(pk=jane.pk).update(**change)
    own_page = service_center.get(f"/staff/accounts/user/{jane.pk}/change/").content.decode()
    for page in (told(jane), words(own_page)):
        assert f"Blocks: {what}" in page
        assert say in page
        assert "Nothing blocks" not in page


def test_account_that_is_locked_until_an_hour_after_the_fifth_wrong_password(
    told: Told, jane: User
) -> None:
    for _ in range(5):
        give_password(Client(), jane.user_id, password="wrong wrong wrong")
    assert "Blocks: Sign-in is locked until June 2, 2022 at 3:31 p.m. ET" in told(jane)


def test_account_that_only_a_new_password_opens(told: Told, jane: User) -> None:
    for _ in range(5):
        give_password(Client(), jane.user_id, password="wrong wrong wrong")
    first = FailedPassword.objects.first()
    assert first is not None
    FailedPassword.objects.bulk_create(
        FailedPassword(
            user_key=first.user_key,
            browser="",
            source_address=f"192.0.2.{number}",
            at=DURING_2022 - timedelta(days=number),
        )
        for number in range(95)
    )
    assert "locked after 100 wrong ones; only a new one helps" in told(jane)


def test_devices_that_are_missing_or_disabled(told: Told, jane: User) -> None:
    jane.channeldevice_set.all().update(wrong_codes=100)
    assert "All verification devices are disabled after too many wrong codes." in told(jane)
    TOTPDevice.objects.create(user=jane, confirmed=True, name="Authenticator app")
    assert "In order: Nothing blocks this account." in told(jane)
    TOTPDevice.objects.all().delete()
    jane.channeldevice_set.all().delete()
    assert "Blocks: No verification device yet." in told(jane)


def test_roles_that_are_missing_or_too_little(told: Told, jane: User) -> None:
    jane.roles.update(name="staff_user")
    assert "Blocks: Staff User only: sees registrations and changes nothing." in told(jane)
    jane.roles.all().delete()
    assert "Blocks: No role on any organization." in told(jane)


def test_pending_request_tells_who_decides_and_until_when(
    told: Told, jane: User, practice: Organization
) -> None:
    nell = UserFactory(first_name="Nell")
    DeviceFactory(user=nell)
    request = asked(nell, practice, role="security_official")
    page = told(nell)
    assert "1 Security Official decides; CMS staff may decide from June 7, 2022" in page
    assert "The request ends by itself on July 2, 2022" in page
    assert f"/staff/accounts/rolerequest/{request.pk}/change/" not in page
    jane.roles.all().delete()
    assert "The organization has no other Security Official, so CMS staff decide." in told(nell)
    assert "Your organization has no Security Official yet, so we decide." in told(nell)
    assert "1 role request not decided." in told(practice)


def test_request_for_an_identifier_that_nobody_has(told: Told, offerings: Offerings) -> None:
    nell = UserFactory()
    asked(nell, None)
    assert "CMS staff find the organization first, or deny the request." in told(nell)


def test_organization_that_nobody_can_act_for(
    told: Told, jane: User, practice: Organization
) -> None:
    User.objects.filter(pk=jane.pk).update(is_active=False)
    assert "The accounts of all its Security Officials are disabled." in told(practice)
    jane.roles.all().delete()
    page = told(practice)
    assert "No Security Official at all: nobody can register it." in page
    assert "ask for the role Security Official. We decide about the first one." in page


def test_window_that_is_not_open_closed_or_extended(
    told: Told, jane: User, practice: Organization, offerings: Offerings, june_2022: Any
) -> None:
    june_2022.move_to(OPENS_2022 - timedelta(seconds=1))
    assert "Blocks: The window isn’t open yet. Say: “Registration opens on April 1" in told(
        practice
    )
    june_2022.move_to(CLOSES_2022)
    User.objects.update(last_login=CLOSES_2022)
    assert "Blocks: The window is closed. Say: “Registration closed on June 30" in told(practice)
    WindowExtension.objects.create(
        organization=practice,
        offering=offerings[Product.CAHPS],
        until=CLOSES_2022 + timedelta(days=2),
        reason="Flood",
        granted_by="Casey Moreau",
        granted_at=CLOSES_2022,
    )
    page = told(practice)
    assert "In order: Window extended for this organization until July 2, 2022 at 8:00 p.m." in page
    assert page.count("The window is closed.") == 1  # of the other offering


def test_registration_that_misses_something_or_was_not_pressed(
    told: Told, jane: User, practice: Organization, offerings: Offerings
) -> None:
    assert "Not registered; nothing was begun." in told(practice)
    registration = begun(
        practice, offerings, size="2-24", contacts=(), address1="1 Main Street", city="", state="MD"
    )
    page = told(practice)
    assert "missing: City, ZIP code, one complete contact." in page
    assert "Too small with 2-24 clinicians." in page
    registration.delete()
    begun(practice, offerings, address1="1 Main", city="Bow", state="MD", zip_code="21239")
    assert "Nothing is missing, but Register wasn’t pressed." in told(practice)


def test_registration_that_was_cancelled_tells_by_whom(
    told: Told, jane: User, practice: Organization, offerings: Offerings, casey: User
) -> None:
    enroll(practice, offerings)
    Enrollment.objects.update(status="cancelled", cancelled_at=DURING_2022, cancelled_by=jane)
    assert "cancelled by Jane Doe on June 2, 2022 at 2:31 p.m. ET" in told(practice)
    Enrollment.objects.update(cancelled_by=casey)
    page = told(practice)
    assert "Not registered: cancelled by Casey Moreau (CMS staff) on" in page
    assert "was cancelled by CMS on" in page


def test_automatic_ones_and_groups_that_are_not_approved(
    told: Told, jane: User, practice: Organization, offerings: Offerings
) -> None:
    group = VirtualGroupFactory()
    assert "Blocks: Not a CMS-approved virtual group." in told(group)
    ParticipationFactory(organization=practice, performance_year=2022, shared_savings_program=True)
    assert "Registered automatically, as a Shared Savings Program ACO." in told(practice)
    enroll(practice, offerings, origin="automatic", contacts=())
    assert "In order: Registered automatically; not there yet:" in told(practice)


def test_mail_that_failed_or_came_back(
    told: Told, jane: User, practice: Organization, service_center: Client
) -> None:
    Message.objects.create(
        channel="email",
        to=jane.email,
        subject="You are registered",
        body="x",
        organization=practice,
        dedupe_key="1",
        status="failed",
        due_at=DURING_2022,
        last_error="No such mailbox",
    )
    assert "1 mail failed or came back." in told(practice)
    for row in (practice, jane):
        page = told(row)
        assert "You are registered June 2, 2022" in page
        assert "Failed No such mailbox" in page
