"""Who may undo what ended a registration, and when: CMS staff, if size and approval allow it."""

from dataclasses import replace

import pytest

from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind
from registrations.enums import EnrollmentStatus, Product, WindowState
from registrations.policy.registration import Action, Refusal, Situation, refusal

ENDED = Situation(
    kind=OrganizationKind.GROUP,
    product=Product.WEB_INTERFACE,
    actor=ActorKind.STAFF,
    role=None,
    window=WindowState.CLOSED,
    status=EnrollmentStatus.CANCELLED,
    approved=False,
    shared_savings=False,
    size="25-99",
    minimum_size="25-99",
)
GROUP = OrganizationKind.VIRTUAL_GROUP


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({}, None),
        ({"window": WindowState.OPEN}, None),
        ({"window": WindowState.NOT_OPEN}, None),
        ({"size": ""}, None),
        ({"size": "2-24"}, Refusal.TOO_SMALL),
        ({"kind": GROUP}, Refusal.NOT_APPROVED),
        ({"kind": GROUP, "approved": True}, None),
        ({"status": EnrollmentStatus.COMPLETE}, None),
        ({"status": EnrollmentStatus.INCOMPLETE}, None),
        ({"status": None}, Refusal.NOT_REGISTERED),
        ({"actor": ActorKind.SYSTEM}, Refusal.STAFF_ONLY),
        ({"actor": ActorKind.OFFICIAL}, Refusal.NO_ROLE),
        (
            {
                "actor": ActorKind.OFFICIAL,
                "role": RoleName.SECURITY_OFFICIAL,
                "window": WindowState.OPEN,
            },
            Refusal.STAFF_ONLY,
        ),
    ],
)
def test_restoring(differs: dict[str, object], why: Refusal | None) -> None:
    assert refusal(Action.RESTORE, replace(ENDED, **differs)) is why
