"""Another's object is answered like a missing one."""

from uuid import uuid4

import pytest

from tests.access.alike import without_what_differs
from tests.access.world import EXPLICIT, World


@pytest.mark.parametrize("person", ["no_role", "staff_user", "official", "other", "cms"])
@pytest.mark.parametrize(
    "name",
    [
        "start",
        "register",
        "summary",
        "delete_registration",
        "delete_contact",
        "sheet",
        "confirm_sheet",
        "sheet_errors",
        "copy_contacts",
        "apply_contact",
        "connected_users",
        "organization_history",
        "registration_history",
        *("role_request", "withdraw_request", "approve_request", "deny_request"),
        *("change_role", "end_role", "hand_over"),
        *sorted(EXPLICIT),
    ],
)
def test_others_object_is_answered_like_a_missing_one(world: World, name: str, person: str) -> None:
    if person == "other":
        theirs = world.address(name)
    else:
        theirs = world.address(
            name,
            registration=world.foreign.pk,
            organization=world.elsewhere.pk,
            contact=world.foreign.contacts.earliest("position").pk,
            sheet=world.foreign_sheet.pk,
            role=world.foreign_role.pk,
            request=world.foreign_request.pk,
        )
    missing = world.address(
        name,
        registration=uuid4(),
        organization=uuid4(),
        contact=uuid4(),
        sheet=uuid4(),
        role=uuid4(),
        request=uuid4(),
    )
    for method in ("GET", "POST"):
        answers = [
            without_what_differs(world.client(person).generic(method, address))
            for address in (theirs, missing)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] in {404, 405}


@pytest.mark.parametrize("name", ["delete_contact", "apply_contact", "edit_contact"])
def test_contact_of_another_registration_is_answered_like_a_missing_one(
    world: World, name: str
) -> None:
    registration = world.foreign_explicit if name in EXPLICIT else world.foreign
    foreign = registration.contacts.earliest("position").pk
    for method in ("GET", "POST"):
        answers = [
            without_what_differs(
                world.client("official").generic(method, world.address(name, contact=contact))
            )
            for contact in (foreign, uuid4())
        ]
        assert answers[0] == answers[1]
    assert world.foreign.contacts.count() == 2
