"""Runs of `auto_register`, and organizations of an explicit year as it meets them."""

import io
from typing import Any

from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Message
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import DURING_2022, ApmEntityFactory, ParticipationFactory, YearFactory

WEB_INTERFACE, CAHPS = Product.WEB_INTERFACE, Product.CAHPS
DANIEL = {
    "first_name": "Daniel",
    "last_name": "Okafor",
    "email": "daniel.okafor@example.org",
    "phone": "2025550123",
    "extension": "14",
}


class Run:
    """A run of the command with what it printed."""

    def __init__(self, *arguments: object):
        out, err, self.error = io.StringIO(), io.StringIO(), ""
        try:
            call_command("auto_register", *map(str, arguments), stdout=out, stderr=err)
        except CommandError as error:
            self.error = str(error)
        self.out, self.err = out.getvalue().splitlines(), err.getvalue().splitlines()


def aco(year: int = 2022, **participation: Any) -> Organization:
    """A Shared Savings Program ACO of the year."""
    organization = ApmEntityFactory()
    ParticipationFactory(
        organization=organization,
        performance_year=year,
        shared_savings_program=True,
        **participation,
    )
    return organization


def registration_of(organization: Organization, year: int, **values: Any) -> Registration:
    """A registration as an official left it."""
    YearFactory(year=year, completion="explicit")
    values = {"name": organization.name, "started_at": DURING_2022, **values}
    return Registration.objects.create(
        organization=organization, year_id=year, changed_at=DURING_2022, **values
    )


def enroll(registration: Registration, offering: Offering, status: str) -> Enrollment:
    """What an official made of an offering."""
    return Enrollment.objects.create(
        registration=registration,
        offering=offering,
        status=status,
        origin="official",
        completed_at=DURING_2022 if status == "complete" else None,
        cancelled_at=DURING_2022 if status == "cancelled" else None,
    )


def enrolled(organization: Organization) -> dict[str, tuple[str, str]]:
    """Status and origin of what the organization is registered for, by product."""
    found = Enrollment.objects.filter(registration__organization=organization)
    return {
        product: (status, origin)
        for product, status, origin in found.values_list("offering__product", "status", "origin")
    }


def everything() -> list[Any]:
    """All rows that a run could write."""
    models = (Registration, Enrollment, Contact, RegistrationNumber, Message, AuditEvent)
    return [sorted(model.objects.values_list(), key=str) for model in models]


AUTOMATIC = ("complete", "automatic")
