"""Moving a window for everybody: who is affected, and telling them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from accounts.enums import RoleName
from accounts.messages import Email, queue_emails
from accounts.models import Role
from registrations.enums import EnrollmentStatus, WindowState
from registrations.letters import Letter
from registrations.models import Enrollment, Offering, WindowExtension
from registrations.policy import BEGUN, window_state
from registrations.staff_letters import window_moved

LOT = 500  # people
OPEN = {WindowState.OPEN, WindowState.LAST_DAY}


@dataclass(frozen=True, kw_only=True)
class Affected:
    """Whom the move of a window concerns.

    `moot`: extensions that end no later than the new close. `longer`: those that end after it.
    `people`: active Security Officials of all these, who are told. `opens`, `ends`: whether the
    window is open now and not afterwards, or the other way.
    """

    registered: int
    incomplete: int
    moot: int
    longer: int
    people: int
    opens: bool
    ends: bool


def affected_by(
    offering: Offering, *, opens_at: datetime, closes_at: datetime, at: datetime
) -> Affected:
    """Whom it concerns to move the offering's window there. Three queries, none of them a list."""
    enrollments = Enrollment.objects.filter(offering=offering)
    counted = enrollments.aggregate(
        registered=Count("pk", filter=Q(status=EnrollmentStatus.COMPLETE)),
        incomplete=Count("pk", filter=Q(status=EnrollmentStatus.INCOMPLETE)),
    )
    extensions = WindowExtension.objects.filter(offering=offering, until__gt=at).aggregate(
        moot=Count("pk", filter=Q(until__lte=closes_at, until__gt=offering.closes_at)),
        longer=Count("pk", filter=Q(until__gt=closes_at)),
    )
    was = window_state(at, opens_at=offering.opens_at, closes_at=offering.closes_at) in OPEN
    will_be = window_state(at, opens_at=opens_at, closes_at=closes_at) in OPEN
    return Affected(
        **counted,
        **extensions,
        people=_roles(offering).values("user").distinct().count(),
        opens=will_be and not was,
        ends=was and not will_be,
    )


def tell_of_move(
    offering: Offering,
    *,
    before: Sequence[datetime],
    after: Sequence[datetime],
    received_at: datetime,
) -> int:
    """Queue one mail to each Security Official of an organization that the move concerns.

    In the transaction of the move, a lot at a time: memory doesn't grow with people. How many.
    """
    what = f"{offering.year_id} {offering.get_product_display()}"
    drawn: dict[int, tuple[Letter, str]] = {}
    moved = f"window:{offering.pk}:{received_at.isoformat()}"
    queued = 0
    for lot in _lots(_people(offering)):
        for number in {person["organizations"] for person in lot} - drawn.keys():
            letter = window_moved(
                what=what,
                before=before,
                after=after,
                organizations=number,
                site=settings.SITE_URL,
            )
            drawn[number] = letter, render_to_string("mail/letter.html", {"letter": letter})
        queued += queue_emails(
            _email(person, drawn[person["organizations"]], moved, received_at) for person in lot
        )
    return queued


def _email(
    person: dict[str, Any], drawn: tuple[Letter, str], key: str, received_at: datetime
) -> Email:
    letter, html = drawn
    return Email(
        to=person["user__email"],
        subject=letter.subject,
        body=letter.as_text(),
        html=html,
        due_at=received_at,
        dedupe_key=f"{key}:{person['user']}",
    )


def _roles(offering: Offering) -> QuerySet[Role]:
    """Active Security Officials of organizations with a registration or an extension there."""
    organization = OuterRef("organization")
    running = Enrollment.objects.filter(
        offering=offering, status__in=BEGUN, registration__organization=organization
    )
    extended = WindowExtension.objects.filter(offering=offering, organization=organization)
    return Role.objects.filter(
        Exists(running) | Exists(extended),
        name=RoleName.SECURITY_OFFICIAL,
        user__is_active=True,
    )


def _people(offering: Offering) -> QuerySet[Any]:
    return (
        _roles(offering)
        .values("user", "user__email")
        .annotate(organizations=Count("organization"))
        .order_by("user")
    )


def _lots(people: QuerySet[Any]) -> Iterator[list[dict[str, Any]]]:
    rows = people.iterator(chunk_size=LOT)
    while lot := list(islice(rows, LOT)):
        yield lot
