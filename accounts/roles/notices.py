"""Who is told what about roles. Call these in the transaction of the change that they tell of."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import RoleRequestStatus
from accounts.messages.outbox import Email, queue_emails
from accounts.models import OfficialsQuestion, RoleRequest, User
from accounts.roles.access import security_officials_of
from accounts.words import role_mail
from accounts.words.letter import Letter
from organizations.models import Organization
from qpp_registration.addresses import whole_address

LOT = 50  # told in one look of a sender


def deciders_of(request: RoleRequest) -> QuerySet[User]:
    """The Security Officials who may decide the request; none where it isn't matched."""
    if request.organization_id is None:
        return User.objects.none()
    return security_officials_of(request.organization_id).exclude(pk=request.user_id)


def tell_person(request: RoleRequest, letter: Letter, *, step: str, at: datetime) -> None:
    """Tell who asked. `step` names what happened; each is told once."""
    _queue(letter, [request.user], key=f"role_request.{step}:{request.pk}", at=at)


def tell_deciders(request: RoleRequest, *, at: datetime, reminds: bool = False) -> int:
    """Ask those who decide for a decision; gives how many they are."""
    if request.organization is None:
        return 0
    letter = role_mail.to_decide(
        person=request.user.full_name,
        request=as_told(request, link=whole_address("requests_to_decide")),
        organization=request.organization.name,
        reminds=reminds,
    )
    step = "chase" if reminds else f"decide:{request.waits_since:%Y%m%dT%H%M%S}"
    return _queue(
        letter,
        deciders_of(request),
        key=f"role_request.{step}:{request.pk}",
        at=at,
        organization_id=request.organization_id,
    )


def tell_it_ended(
    request: RoleRequest,
    why: str,
    *,
    at: datetime,
    but: User | None = None,
    always: bool = False,
) -> None:
    """Tell those who were asked for a decision that none is needed any more.

    `but`: who did it, or who is told something else. `always`: also those who weren't asked yet,
    because somebody has a role now.
    """
    if request.organization is None or (request.told_at is None and not always):
        return
    letter = role_mail.no_longer_to_decide(
        person=request.user.full_name,
        request=as_told(request, link=whole_address("connected_users", request.organization_id)),
        organization=request.organization.name,
        why=why,
    )
    _queue(
        letter,
        deciders_of(request).exclude(pk=but.pk) if but else deciders_of(request),
        key=f"role_request.ended:{request.pk}",
        at=at,
        organization_id=request.organization_id,
    )


def tell_role_changed(
    person: User, organization: Organization, *, before: str, after: str, by: User, at: datetime
) -> None:
    """Tell the person, and the organization's other Security Officials. `after` empty: it ended."""
    key = f"role.changed:{organization.pk}:{person.pk}:{at:%Y%m%dT%H%M%S%f}"
    said = {"organization": organization.name, "before": before, "after": after}
    if person.pk != by.pk:
        letter = role_mail.role_changed(
            **said, by=by.full_name, link=whole_address("manage_access")
        )
        _queue(letter, [person], key=key, at=at)
    letter = role_mail.role_changed_of(
        **said,
        person=person.full_name,
        by=by.full_name,
        link=whole_address("connected_users", organization.pk),
    )
    others = security_officials_of(organization.pk).exclude(pk__in=[person.pk, by.pk])
    _queue(letter, others, key=key, at=at, organization_id=organization.pk)


def tell_what_waits(*, at: datetime) -> int:
    """Pass on what was asked since the last look: requests to those who decide, and questions.

    Done by the sender and not while the person waits, so that the time of an answer doesn't tell
    whether the organization exists. Any number of senders may do so at once. Gives how many.
    """
    waiting = RoleRequest.objects.filter(
        status=RoleRequestStatus.PENDING, told_at=None, organization__isnull=False
    )
    requests = list(waiting.order_by("asked_at").values_list("pk", flat=True)[:LOT])
    unasked = OfficialsQuestion.objects.filter(passed_at=None).order_by("asked_at")
    questions = list(unasked.values_list("pk", flat=True)[:LOT])
    told = sum(_tell_of_request(key, at) for key in requests)
    return told + sum(_pass_on(key, at) for key in questions)


def _tell_of_request(key: UUID, at: datetime) -> bool:
    with transaction.atomic():
        request = (
            RoleRequest.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user", "organization")
            .filter(pk=key, status=RoleRequestStatus.PENDING, told_at=None)
            .first()
        )
        if request is None:
            return False
        tell_deciders(request, at=at)
        request.told_at = at
        request.save(update_fields=["told_at"])
    return True


def _pass_on(key: UUID, at: datetime) -> bool:
    with transaction.atomic():
        question = (
            OfficialsQuestion.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user", "organization")
            .filter(pk=key, passed_at=None)
            .first()
        )
        if question is None:
            return False
        if question.organization is not None:
            letter = role_mail.question(
                person=question.user.full_name,
                email=question.user.email,
                organization=question.organization.name,
                text=question.text,
            )
            _queue(
                letter,
                security_officials_of(question.organization.pk),
                key=f"officials.asked:{key}",
                at=at,
                organization_id=question.organization.pk,
            )
        question.text, question.passed_at = "", at
        question.save(update_fields=["text", "passed_at"])
    return True


def as_told(request: RoleRequest, *, link: str = "") -> role_mail.Request:
    """The request as mails tell of it; without a link, its own page."""
    return role_mail.Request(
        role=request.get_role_display(),
        what=request.kind_label,
        asked_at=request.asked_at,
        link=link or whole_address("role_request", request.pk),
    )


def _queue(
    letter: Letter,
    people: Iterable[User],
    *,
    key: str,
    at: datetime,
    organization_id: UUID | None = None,
) -> int:
    return queue_emails(
        Email(
            to=person.email,
            subject=letter.subject,
            body=letter.body,
            due_at=at,
            dedupe_key=f"{key}:{person.pk}",
            organization_id=organization_id,
        )
        for person in people
    )
