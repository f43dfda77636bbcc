"""Asking for a role and deciding it, as tests do it with Django's client."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client

from accounts.actors import official
from accounts.enums import RoleName
from accounts.models import Message, RoleRequest, User
from accounts.roles.requests import Wanted, ask_for_role
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration import clock

CONNECT = "/manage-access/connect/"
INBOX = "/manage-access/requests/"
ACCESS = "/manage-access/"
DAY = timedelta(days=1)
TYPED = {
    "kind": "group",
    "identifier": "00-0765630",
    "role": "staff_user",
    "job_title": "Practice Manager",
    "work_phone": "(202) 555-0123",
    "note": "I keep our registrations.\nSince May.",
}


def submit(client: Client, **typed: str) -> Any:
    """Send the reviewed request."""
    return client.post(CONNECT, {**TYPED, "submit": "1", **typed})


def asked(user: User, organization: Organization | None, role: str = "staff_user") -> RoleRequest:
    """A pending request of the person; without an organization, for a TIN that nobody has."""
    return ask_for_role(
        wanted=Wanted(
            kind=OrganizationKind(organization.kind) if organization else OrganizationKind.GROUP,
            identifier=organization.identifier if organization else "009999999",
            role=RoleName(role),
            job_title="Practice Manager",
            work_phone="2025550123",
        ),
        actor=official(user),
        received_at=clock.now(),
    )


def send() -> None:
    """The sender looks once."""
    call_command("send_messages", "--once")


def mails_to(*people: User) -> list[str]:
    """The subjects of the mails to these people, in the order of the alphabet."""
    found = Message.objects.filter(to__in=[person.email for person in people])
    return sorted(found.values_list("subject", flat=True))


def approve_page(request: RoleRequest) -> str:
    return f"{INBOX}{request.pk}/approve/"


def deny_page(request: RoleRequest) -> str:
    return f"{INBOX}{request.pk}/deny/"


def own_page(request: RoleRequest) -> str:
    return f"/manage-access/my-requests/{request.pk}/"
