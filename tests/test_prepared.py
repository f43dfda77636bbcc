"""Prepared queries answer as the querysets that they were made of, each time anew."""

import threading
import uuid

import pytest
from django.db import connection
from django.db.models import CharField, Count, F, UUIDField
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from organizations.models import Organization
from qpp_registration.prepared import Prepared
from tests.factories import OrganizationFactory, RoleFactory, UserFactory

ROLES = Prepared(
    lambda user, kind: (
        Role.objects.filter(user=user, organization__kind=kind)
        .select_related("organization")
        .annotate(named=F("organization__name"))
        .order_by("organization__name")
    ),
    user=UUIDField(),
    kind=CharField(),
)


@pytest.fixture
def jane(db: None) -> User:
    user = UserFactory()
    for name in ("First", "Second"):
        RoleFactory(user=user, organization=OrganizationFactory(name=name))
    return user


def test_rows_are_objects_with_what_is_read_along(jane: User) -> None:
    ROLES.all(user=jane.pk, kind="group")
    with CaptureQueriesContext(connection) as asked:
        found = ROLES.all(user=jane.pk, kind="group")
        assert [role.organization.name for role in found] == ["First", "Second"]
        assert [role.named for role in found] == ["First", "Second"]
        assert found == list(Role.objects.filter(user=jane).order_by("organization__name"))
    assert len(asked) == 2


def test_each_use_has_its_own_values_and_asks_anew(jane: User) -> None:
    assert len(ROLES.all(user=jane.pk, kind="group")) == 2
    assert ROLES.all(user=jane.pk, kind="virtual_group") == []
    assert ROLES.first(user=uuid.uuid4(), kind="group") is None
    Role.objects.filter(user=jane, organization__name="First").delete()
    first = ROLES.first(user=jane.pk, kind="group")
    assert first is not None
    assert first.organization.name == "Second"


def test_values_come_as_a_queryset_has_them(jane: User) -> None:
    by_name = Prepared(
        lambda user: Role.objects.filter(user=user).values_list("name").annotate(Count("pk")),
        user=UUIDField(),
    )
    assert by_name.all(user=jane.pk) == [("security_official", 2)]


@pytest.mark.parametrize("text", ["' OR 1=1 --", '"%s"', "\x27;--"])
def test_values_are_never_part_of_the_sql(jane: User, text: str) -> None:
    by_name = Prepared(lambda name: Organization.objects.filter(name=name), name=CharField())
    assert by_name.all(name=text) == []
    organization = OrganizationFactory(name=text)
    assert by_name.all(name=text) == [organization]


def test_blank_without_a_value_is_a_mistake(jane: User) -> None:
    with pytest.raises(KeyError):
        ROLES.all(user=jane.pk)


@pytest.mark.django_db(transaction=True)
def test_lock_needs_a_transaction_each_time() -> None:
    lock = Prepared(
        lambda user: User.objects.select_for_update().filter(pk=user).values_list("pk"),
        user=UUIDField(),
    )
    for _ in range(2):
        with pytest.raises(TransactionManagementError):
            lock.all(user=uuid.uuid4())


@pytest.mark.django_db(transaction=True)
def test_threads_use_their_own_connections() -> None:
    jane = UserFactory()
    RoleFactory(user=jane, organization=OrganizationFactory())
    found: list[int] = []

    def ask() -> None:
        for _ in range(20):
            found.append(len(ROLES.all(user=jane.pk, kind="group")))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 80
