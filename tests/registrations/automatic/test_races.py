"""Automatic registration while an official changes the same organization: one after the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from accounts.actors import official
from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from registrations.registering.cancel import cancel_registration
from registrations.registering.delete import delete_registration
from registrations.registering.register import register
from tests.factories import (
    DURING,
    DURING_2022,
    ApmEntityFactory,
    OfferingFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)

pytestmark = pytest.mark.django_db(transaction=True)

WRITES = ('UPDATE "registrations_registration"', 'INSERT INTO "registrations_registration"')
PAUSE = 0.7  # seconds in which the official would get through without the lock
CONTACT = {"first_name": "Dan", "last_name": "Okafor", "email": "dan@example.org"}


@pytest.fixture
def jane() -> User:
    return UserFactory()


@pytest.fixture
def aco(jane: User) -> Organization:
    """An ACO of both years, of which Jane is a Security Official."""
    organization = ApmEntityFactory()
    for year in (2022, 2023):
        ParticipationFactory(
            organization=organization, performance_year=year, shared_savings_program=True
        )
    RoleFactory(user=jane, organization=organization)
    return organization


def begun(organization: Organization, offering: Offering) -> Registration:
    registration = Registration.objects.create(
        organization=organization,
        year=offering.year,
        size="100+",
        **{name: getattr(organization, name) for name in ("name", "address1", "city", "state")},
        zip_code=organization.zip_code,
        started_at=DURING_2022,
        changed_at=DURING_2022,
    )
    RegistrationNumber.objects.create(organization=organization, number=219043)
    Contact.objects.create(registration=registration, position=1, phone="2025550123", **CONTACT)
    return registration


@pytest.fixture
def meanwhile() -> Callable[..., Any]:
    """Do something while the command has read the registration and is about to write it."""
    about_to_write, got_through = threading.Event(), threading.Event()

    def pause(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(WRITES) and not about_to_write.is_set():
            about_to_write.set()
            got_through.wait(PAUSE)
        return execute(sql, *rest)

    def run(year: int, action: Callable[[], Any], *options: str) -> Any:
        outcome: list[Any] = []

        def act() -> None:
            about_to_write.wait(20)
            try:
                outcome.append(action())
            except Exception as error:  # noqa: BLE001 - shown by the assertion that follows
                outcome.append(error)
            finally:
                connections.close_all()
                got_through.set()

        thread = threading.Thread(target=act)
        thread.start()
        try:
            with connection.execute_wrapper(pause):
                call_command("auto_register", str(year), *options)
            assert about_to_write.is_set(), "It wrote no registration."
        finally:
            about_to_write.set()
            thread.join(timeout=60)
        return outcome[0]

    return run


def statuses() -> dict[str, str]:
    return dict(Enrollment.objects.values_list("offering__product", "status"))


def test_official_who_registers_at_the_same_moment_finds_it_registered(
    june_2022, jane, meanwhile, tmp_path
):
    group = RoleFactory(user=jane).organization
    begun(group, explicit_year()[Product.WEB_INTERFACE])
    file = tmp_path / "submitters.csv"
    file.write_text(f"kind,identifier\ngroup,{group.identifier}\n")

    outcome = meanwhile(
        2022,
        lambda: register(
            organization_id=group.pk,
            year=2022,
            product=Product.WEB_INTERFACE,
            actor=official(jane),
            received_at=DURING_2022,
        ),
        f"--prior-submitters={file}",
    )

    assert not isinstance(outcome, Exception), repr(outcome)
    assert not outcome.is_new
    assert Enrollment.objects.get().origin == "automatic"


def test_cancelling_the_one_while_the_other_is_registered_keeps_both_changes(
    june_2022, jane, aco, meanwhile
):
    year = explicit_year()
    registration = begun(aco, year[Product.CAHPS])
    Enrollment.objects.create(
        registration=registration,
        offering=year[Product.WEB_INTERFACE],
        status="complete",
        origin="automatic",
        completed_at=DURING_2022,
    )

    outcome = meanwhile(
        2022,
        lambda: cancel_registration(
            organization_id=aco.pk,
            year=2022,
            product=Product.WEB_INTERFACE,
            actor=official(jane),
            received_at=DURING_2022,
        ),
    )

    assert outcome is None
    assert statuses() == {Product.WEB_INTERFACE: "cancelled", Product.CAHPS: "complete"}
    assert Registration.objects.get().version == 3


def test_what_an_official_deletes_at_the_same_moment_is_not_brought_back(
    june, jane, aco, meanwhile
):
    offering = OfferingFactory(product=Product.WEB_INTERFACE)
    registration = begun(aco, offering)
    Enrollment.objects.create(
        registration=registration, offering=offering, status="incomplete", origin="official"
    )

    outcome = meanwhile(
        2023,
        lambda: delete_registration(
            registration_id=registration.pk,
            product=Product.WEB_INTERFACE,
            actor=official(jane),
            received_at=DURING,
        ),
    )

    assert not isinstance(outcome, Exception), repr(outcome)
    assert statuses() == {Product.WEB_INTERFACE: "cancelled"}
