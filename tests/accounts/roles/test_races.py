"""Deciding and ending roles at the same moment, on connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.actors import operations
from accounts.models import AuditEvent, Message, Role, RoleRequest, User
from accounts.roles.access import security_officials_of
from accounts.roles.decisions import expire_and_chase
from accounts.roles.notices import tell_what_waits
from organizations.models import Organization
from qpp_registration import clock
from tests.accounts.role_steps import DAY, approve_page, asked, deny_page, own_page, submit
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.parallel import at_once, statuses

pytestmark = pytest.mark.django_db(transaction=True)
IN_PARALLEL = 8


@pytest.fixture
def people(june: object, jane: User, practice: Organization) -> list[User]:
    """Jane and seven other Security Officials."""
    others = RoleFactory.create_batch(IN_PARALLEL - 1, organization=practice)
    return [jane, *(role.user for role in others)]


@pytest.fixture
def browsers(people: list[User], sign_in: Callable[[User], Client]) -> list[Client]:
    """A browser of each."""
    return [sign_in(person) for person in people]


@pytest.fixture
def request_(people: list[User], nell: User, practice: Organization) -> RoleRequest:
    """What Nell asks for."""
    return asked(nell, practice)


def count(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def post_all(browsers: list[Client], pages: list[str], **values: str) -> list[Any]:
    """Post each page in its browser at the same moment."""
    pairs = zip(browsers, pages, strict=True)
    return at_once(
        *(lambda browser=browser, page=page: browser.post(page, values) for browser, page in pairs)
    )


# --- Deciding -----------------------------------------------------------------------------------


def test_eight_approvals_at_once_are_one(
    browsers: list[Client], request_: RoleRequest, nell: User
) -> None:
    answers = post_all(browsers, [approve_page(request_)] * IN_PARALLEL)
    assert statuses(answers) == [302] * IN_PARALLEL
    assert count("role_request.approved") == count("role.granted") == 1
    assert Role.objects.filter(user=nell).count() == 1
    assert Message.objects.filter(to=nell.email, subject__startswith="You are").count() == 1


def test_without_the_lock_two_approvals_would_be_two_events(
    request_: RoleRequest, people: list[User]
) -> None:
    """The race exists: the same reads and writes, without locking the request first."""
    both_have_read = threading.Barrier(2)

    def approve_without_lock(official: User) -> None:
        found = RoleRequest.objects.get(pk=request_.pk)
        is_pending = found.status == "pending"
        both_have_read.wait(timeout=20)
        if is_pending:
            with transaction.atomic():
                RoleRequest.objects.filter(pk=found.pk).update(
                    status="approved",
                    decided_at=clock.now(),
                    decided_by=official,
                    decided_by_name=official.full_name,
                )
                AuditEvent.objects.create(
                    action="role_request.approved", actor_kind="official", object_id=str(found.pk)
                )

    at_once(*(lambda official=official: approve_without_lock(official) for official in people[:2]))
    assert count("role_request.approved") == 2


def test_approving_and_denying_at_once_is_one_of_both(
    browsers: list[Client], request_: RoleRequest, nell: User
) -> None:
    pages = [approve_page(request_), deny_page(request_)] * (IN_PARALLEL // 2)
    answers = post_all(browsers, pages, reason="Nobody knows her.")
    assert set(statuses(answers)) == {302, 409}
    assert count("role_request.approved") + count("role_request.denied") == 1
    request_.refresh_from_db()
    assert Role.objects.filter(user=nell).exists() == (request_.status == "approved")


def test_withdrawing_and_approving_at_once_is_one_of_both(
    browsers: list[Client], request_: RoleRequest, nell: User, sign_in: Callable[[User], Client]
) -> None:
    pages = [f"{own_page(request_)}withdraw/", approve_page(request_)]
    answers = post_all([sign_in(nell), browsers[0]], pages)
    assert statuses(answers) == [302, 409]
    assert count("role_request.approved") + count("role_request.withdrawn") == 1
    request_.refresh_from_db()
    assert Role.objects.filter(user=nell).exists() == (request_.status == "approved")


# --- Somebody stays -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["end", "change"])
def test_of_eight_officials_who_go_at_once_one_stays(
    browsers: list[Client], people: list[User], practice: Organization, way: str
) -> None:
    roles = [Role.objects.get(user=person, organization=practice) for person in people]
    pages = [f"/manage-access/roles/{role.pk}/{way}/" for role in roles]
    answers = post_all(browsers, pages, role="staff_user")
    assert statuses(answers) == [302] * (IN_PARALLEL - 1) + [409]
    assert security_officials_of(practice.pk).count() == 1


def test_two_last_officials_who_end_each_others_role_leave_one(
    june: object, jane: User, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    for _ in range(5):
        other = RoleFactory(organization=practice)
        official = security_officials_of(practice.pk).exclude(pk=other.user.pk).get()
        mine = Role.objects.get(user=official, organization=practice)
        pages = [f"/manage-access/roles/{role.pk}/end/" for role in (other, mine)]
        answers = post_all([sign_in(official), sign_in(other.user)], pages)
        assert statuses(answers) == [302, 404]  # who isn't connected any more finds nothing
        assert security_officials_of(practice.pk).count() == 1


def test_without_the_lock_both_last_officials_would_go(
    june: object, jane: User, practice: Organization
) -> None:
    """The race exists: the same reads and writes, without locking the organization first."""
    RoleFactory(organization=practice)
    roles = list(Role.objects.filter(organization=practice))
    both_have_read = threading.Barrier(2)

    def leave_without_lock(role: Role) -> None:
        officials = security_officials_of(practice.pk).count()
        both_have_read.wait(timeout=20)
        if officials > 1:
            Role.objects.filter(pk=role.pk).delete()

    at_once(*(lambda role=role: leave_without_lock(role) for role in roles))
    assert security_officials_of(practice.pk).count() == 0


# --- Asking -------------------------------------------------------------------------------------


def test_limit_holds_for_requests_at_once(
    june: object, nell: User, sign_in: Callable[[User], Client]
) -> None:
    for _ in range(8):
        asked(nell, OrganizationFactory())
    browsers = [sign_in(nell) for _ in range(IN_PARALLEL)]
    answers = at_once(
        *(
            lambda browser=browser, place=place: submit(browser, identifier=f"00-999990{place}")
            for place, browser in enumerate(browsers)
        )
    )
    assert statuses(answers) == [302] * 2 + [409] * 6
    assert RoleRequest.objects.count() == 10


def test_one_request_sent_eight_times_at_once_is_one(
    june: object, nell: User, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    browsers = [sign_in(nell) for _ in range(IN_PARALLEL)]
    answers = at_once(*(lambda browser=browser: submit(browser) for browser in browsers))
    assert statuses(answers) == [302] * IN_PARALLEL
    assert RoleRequest.objects.count() == count("role_request.asked") == 1


# --- What runs by itself ------------------------------------------------------------------------


def test_parallel_senders_tell_once(request_: RoleRequest, people: list[User]) -> None:
    told = at_once(*[lambda: tell_what_waits(at=clock.now())] * 4)
    assert sorted(told) == [0, 0, 0, 1]
    assert Message.objects.filter(subject__startswith="To decide").count() == len(people)


def test_parallel_runs_expire_and_remind_once(
    people: list[User], nell: User, practice: Organization, june: Any
) -> None:
    asked(nell, practice)
    june.shift(26 * DAY)
    others = UserFactory.create_batch(5)
    for person in others:
        asked(person, practice)
    june.shift(5 * DAY)
    at = clock.now()
    swept = at_once(*[lambda: expire_and_chase(actor=operations(), received_at=at)] * 4)
    assert sum(one.expired for one in swept) == 1
    assert sum(one.chased for one in swept) == 5
    assert count("role_request.expired") == 1
    subjects = list(Message.objects.values_list("subject", flat=True))
    assert subjects.count("Your role request has expired") == 1
    assert subjects.count("Your role request is still waiting") == 5
    assert sum(subject.startswith("Still to decide") for subject in subjects) == 5 * len(people)
