"""Groups of staff rights: what each may do, how people get into them, and who decides that."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from accounts.policy.rights import Right, StaffGroup, rights_of
from tests.accounts.commands import Run
from tests.accounts.steps import is_signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PEOPLE = "/staff/accounts/user/"
TABLE = Path(__file__).parents[3] / "docs" / "staff-rights.md"
SignIn = Callable[[User], Client]


def give(client: Client, user: User, group: str, reason: str = "New colleague") -> str:
    sent = {"group": group, "reason": reason}
    return client.post(f"{PEOPLE}{user.pk}/rights/", sent, follow=True).content.decode()


def groups_of(user: User) -> list[str]:
    return list(user.groups.values_list("name", flat=True))


def may_see_people(sign_in: SignIn, user: User) -> bool:
    return sign_in(User.objects.get(pk=user.pk)).get(PEOPLE).status_code == 200


@pytest.fixture
def boss(sign_in: SignIn) -> Client:
    return sign_in(UserFactory(user_id="the.boss", staff_group=StaffGroup.ADMINISTRATOR))


def test_each_group_has_more_rights_than_the_one_before() -> None:
    sizes = [len(rights_of(group)) for group in StaffGroup]
    assert sizes == sorted(set(sizes))
    assert rights_of(StaffGroup.READER) == {Right.READ}
    assert rights_of(StaffGroup.ADMINISTRATOR) == set(Right)


def test_documented_table_is_what_the_code_says() -> None:
    rows = re.findall(r"^\| (.+?) \| (.*?) \|$", TABLE.read_text(), re.MULTILINE)
    documented = {
        label: {
            group for group, mark in zip(StaffGroup, cells.split(" | "), strict=True) if "✓" in mark
        }
        for label, cells in rows
        if label in Right.labels
    }
    assert documented == {
        right.label: {group for group in StaffGroup if right in rights_of(group)} for right in Right
    }


def test_administrator_gives_rights_with_a_reason_and_the_person_signs_in_anew(
    boss: Client, sign_in: SignIn
) -> None:
    sam = UserFactory(last_name="Roe")
    before = sign_in(sam)
    assert "Enter the reason." in give(boss, sam, "reader", reason="")
    assert groups_of(sam) == []
    assert "The rights of Pat Roe are changed." in give(boss, sam, "reader")
    assert groups_of(sam) == ["Reader"]
    assert not is_signed_in(before)
    assert may_see_people(sign_in, sam)
    event = AuditEvent.objects.get(action=AuditAction.RIGHTS_GIVEN)
    assert (event.reason, event.object_id) == ("New colleague", str(sam.pk))
    assert event.details == {"before": "", "after": "Reader"}


def test_rights_are_taken_away_and_end_the_persons_sessions(boss: Client, sign_in: SignIn) -> None:
    casey = UserFactory(staff_group=StaffGroup.SERVICE_CENTER)
    browser = sign_in(casey)
    give(boss, casey, "", reason="Left")
    assert not is_signed_in(browser)
    casey.refresh_from_db()
    assert (casey.is_staff, groups_of(casey)) == (False, [])
    assert sign_in(casey).get(PEOPLE).status_code == 404


def test_a_person_is_in_one_group_and_giving_it_again_writes_nothing(boss: Client) -> None:
    casey = UserFactory(staff_group=StaffGroup.SERVICE_CENTER)
    give(boss, casey, "program_manager")
    give(boss, casey, "program_manager")
    assert groups_of(casey) == ["Program manager"]
    assert AuditEvent.objects.filter(action=AuditAction.RIGHTS_GIVEN).count() == 1


def test_nobody_changes_their_own_rights(boss: Client) -> None:
    me = User.objects.get(user_id="the.boss")
    assert "Nobody changes their own rights" in give(boss, me, "reader")
    assert groups_of(me) == ["Administrator"]
    assert "/rights/" not in boss.get(f"{PEOPLE}{me.pk}/change/").content.decode()


@pytest.mark.parametrize("group", list(StaffGroup)[:-1])
def test_nobody_but_an_administrator_gives_rights(group: StaffGroup, sign_in: SignIn) -> None:
    sam, client = UserFactory(), sign_in(UserFactory(staff_group=group))
    assert "/rights/" not in client.get(f"{PEOPLE}{sam.pk}/change/").content.decode()
    assert client.post(f"{PEOPLE}{sam.pk}/rights/", {"group": "reader"}).status_code == 403
    assert groups_of(sam) == []


def test_staff_without_a_group_sees_that_it_may_do_nothing(sign_in: SignIn) -> None:
    lost = UserFactory()
    User.objects.filter(pk=lost.pk).update(is_staff=True)
    client = sign_in(User.objects.get(pk=lost.pk))
    assert "You have no rights yet" in client.get("/staff/").content.decode()
    assert client.get(PEOPLE).status_code == 403


def test_reader_sees_neither_e_mail_nor_phone(sign_in: SignIn) -> None:
    jane = UserFactory(phone="2025550143")
    for group, sees in ((StaffGroup.READER, False), (StaffGroup.SERVICE_CENTER, True)):
        page = sign_in(UserFactory(staff_group=group)).get(f"{PEOPLE}{jane.pk}/change/")
        for told in (jane.email, "(202) 555-0143"):
            assert (told in page.content.decode()) == sees


def test_command_gives_the_first_administrator_rights() -> None:
    jane = UserFactory(user_id="jane.doe")
    assert (
        "Administrator."
        in Run("give_rights", "jane.doe", "administrator", "--reason", "First").said
    )
    assert groups_of(jane) == ["Administrator"]
    event = AuditEvent.objects.get(action=AuditAction.RIGHTS_GIVEN)
    assert (event.actor_name, event.reason) == ("Operations", "First")
    Run("give_rights", "jane.doe", "none", "--reason", "Left")
    assert groups_of(jane) == []


def test_sync_mends_what_differs_and_else_writes_nothing() -> None:
    assert "Reader: made" in Run("sync_rights").said
    Group.objects.get(name="Reader").permissions.clear()
    assert Run("sync_rights").said.split() == ["Reader:", "rights", "set", "anew"]
    assert "All groups have the rights" in Run("sync_rights").said
    assert AuditEvent.objects.filter(action=AuditAction.RIGHTS_SYNCED).count() == 2
    held = Group.objects.get(name="Service Center").permissions.values_list("codename", flat=True)
    assert set(held) == set(rights_of(StaffGroup.SERVICE_CENTER))
