"""Moving a window for everybody: who is affected, and telling them."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from accounts.enums import RoleName
from accounts.messages.outbox import Email, queue_emails
from accounts.models import Role
from registrations.enums import EnrollmentStatus, WindowState
from registrations.models import Enrollment, Offering, WindowExtension, WindowMove
from registrations.policy.registration import BEGUN, window_state
from registrations.words.letters import Letter
from registrations.words.staff_letters import window_moved

LOT = 500  # people
log = logging.getLogger(__name__)
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
        people=people_told(offering),
        opens=will_be and not was,
        ends=was and not will_be,
    )


def people_told(offering: Offering) -> int:
    """How many active Security Officials hear of a move of the offering's window."""
    return _roles(offering).values("user").distinct().count()


def compose_moves(*, at: datetime) -> int:
    """Queue the mails of the next lot of people for the oldest move; gives 0 when nothing waits.

    One mail to each active Security Official of an organization that the move concerns. Any number
    of senders may do so at once, and whoever stops halfway is followed by the next: each lot is one
    transaction, under the lock of the move. Memory doesn't grow with people.
    """
    try:
        return _compose(at)
    except Exception:  # other mail is to be sent all the same
        log.exception("The move of a window can't be told.")
        return 0


def _compose(at: datetime) -> int:
    with transaction.atomic():
        move = (
            WindowMove.objects.select_for_update(of=("self",), no_key=True)
            .select_related("offering")
            .order_by("moved_at", "pk")
            .first()
        )
        if move is None:
            return 0
        people = _people(move.offering)
        if move.told_up_to:
            people = people.filter(user__gt=move.told_up_to)
        lot = list(people[:LOT])
        queue_emails(_emails(move, lot, at))
        if len(lot) < LOT:
            move.delete()
        else:
            move.told_up_to = lot[-1]["user"]
            move.save(update_fields=["told_up_to"])
    return 1


def _emails(move: WindowMove, lot: Sequence[dict[str, Any]], at: datetime) -> Iterator[Email]:
    drawn: dict[int, tuple[Letter, str]] = {}
    for person in lot:
        number = person["organizations"]
        if number not in drawn:
            letter = window_moved(
                what=f"{move.offering.year_id} {move.offering.get_product_display()}",
                before=(move.opened_at, move.closed_at),
                after=(move.opens_at, move.closes_at),
                organizations=number,
                site=settings.SITE_URL,
            )
            drawn[number] = letter, render_to_string("mail/letter.html", {"letter": letter})
        letter, html = drawn[number]
        yield Email(
            to=person["user__email"],
            subject=letter.subject,
            body=letter.as_text(),
            html=html,
            due_at=at,
            dedupe_key=f"window:{move.pk}:{person['user']}",
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
