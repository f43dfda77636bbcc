"""An organization's record in a year, with its own copy of name and address."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.enums import ActorKind
from organizations.models import Organization
from registrations.enums import Origin
from registrations.models import Registration
from registrations.policy.registration import ORGANIZATION_FIELDS


def begin_registration(
    organization: Organization, year: int, *, actor: Actor, received_at: datetime
) -> Registration:
    """The organization's registration in the year, made now if there is none, and locked.

    Call it with the organization locked. What officials change later stays in the copy; the
    directory never overwrites it.
    """
    registration, _ = Registration.objects.select_for_update(
        of=("self",), no_key=True
    ).get_or_create(
        organization=organization,
        year_id=year,
        defaults=first_values(organization, actor=actor, received_at=received_at),
    )
    return registration


def origin_of(actor: Actor) -> Origin:
    """Who begins an enrollment, as it keeps it."""
    return Origin.STAFF if actor.kind == ActorKind.STAFF else Origin.OFFICIAL


def first_values(
    organization: Organization,
    *,
    actor: Actor,
    received_at: datetime,
    carried: Registration | None = None,
) -> dict[str, Any]:
    """What a registration begins with. `carried`: an earlier year's registration whose size, name
    and address are taken over instead of the directory's name and address."""
    source = carried or organization
    return {
        **{name: getattr(source, name) for name in ORGANIZATION_FIELDS},
        "size": carried.size if carried else "",
        "carried_from": carried.year_id if carried else None,
        "started_at": received_at,
        "changed_at": received_at,
        "changed_by": actor.shown_name,
    }
