"""An organization's record in a year, with its own copy of name and address."""

from datetime import datetime

from accounts.actors import Actor
from organizations.models import Organization
from registrations.models import Registration
from registrations.policy import ORGANIZATION_FIELDS


def begin_registration(
    organization: Organization, year: int, *, actor: Actor, received_at: datetime
) -> Registration:
    """The organization's registration in the year, made now if there is none.

    Call it with the organization locked. What officials change later stays in the copy; the
    directory never overwrites it.
    """
    registration, _ = Registration.objects.get_or_create(
        organization=organization,
        year_id=year,
        defaults={
            **{name: getattr(organization, name) for name in ORGANIZATION_FIELDS},
            "started_at": received_at,
            "changed_at": received_at,
            "changed_by": actor.name,
        },
    )
    return registration
