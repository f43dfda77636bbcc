"""What a row of a sheet does, as a decision on plain values."""

import itertools

import pytest

from organizations.enums import OrganizationKind
from registrations.enums import EnrollmentStatus, Missing
from registrations.policy.sheet_plan import Line, Plan, Standing, make_plan
from registrations.words.sheet_columns import extension_cell, read_extension, read_size, size_cell

BLANK = {"first_name": "", "last_name": "", "email": "", "phone": "", "extension": ""}
PAT = BLANK | {
    "first_name": "Pat",
    "last_name": "Example",
    "email": "pat@example.org",
    "phone": "2025550144",
}
ALEX = PAT | {"first_name": "Alex", "email": "alex@example.org"}
COMPLETE = Standing(status=EnrollmentStatus.COMPLETE, size="2-24", contacts={"p": PAT})


def plan(standing: Standing, *contacts: dict[str, str], size: str = "") -> Plan:
    made, problems = plan_and_problems(standing, *contacts, size=size)
    assert problems == []
    return made


def plan_and_problems(standing: Standing, *contacts: dict[str, str], size: str = ""):
    keys = (f"new{n}" for n in itertools.count(1))
    line = Line(number=2, kind=OrganizationKind.GROUP, identifier="x", size=size, contacts=contacts)
    return make_plan(line, standing, new_key=lambda: next(keys))


@pytest.mark.parametrize("status", [None, *EnrollmentStatus])
def test_row_in_which_nothing_is_filled_in_does_nothing(status: EnrollmentStatus | None) -> None:
    standing = Standing(status=status, size="2-24", contacts={"p": PAT})
    assert not plan(standing, BLANK, BLANK).changes


def test_row_that_repeats_what_is_stored_does_nothing() -> None:
    assert not plan(COMPLETE, PAT, size="2-24").changes


def test_size_and_contact_register_and_complete() -> None:
    made = plan(Standing(status=None), PAT, size="25-99")
    assert (made.start, made.again, made.size, made.completes) == (True, False, ("", "25-99"), True)
    assert made.contacts[0].fields == {name: ("", value) for name, value in PAT.items() if value}


def test_size_alone_registers_and_says_what_is_missing() -> None:
    made = plan(Standing(status=None), size="25-99")
    assert (made.start, made.completes, made.missing) == (True, False, [Missing.CONTACT])


def test_deleted_registration_asks_for_its_size_anew_and_has_its_contacts_again() -> None:
    deleted = Standing(status=EnrollmentStatus.CANCELLED, size="2-24", contacts={"p": PAT})
    made = plan(deleted, size="2-24")
    assert (made.start, made.again, made.size, made.completes) == (True, True, ("", "2-24"), True)
    assert plan(deleted, PAT).missing == [Missing.SIZE]


def test_contact_with_a_known_mail_is_changed() -> None:
    made = plan(COMPLETE, PAT | {"email": "PAT@example.org", "last_name": "Ito"})
    (change,) = made.contacts
    assert (change.id, change.is_new) == ("p", False)
    assert change.fields["last_name"] == ("Example", "Ito")


def test_contact_with_a_known_name_and_another_mail_is_changed() -> None:
    (change,) = plan(COMPLETE, PAT | {"email": "new@example.org"}).contacts
    assert (change.id, change.fields) == ("p", {"email": ("pat@example.org", "new@example.org")})


def test_contact_with_another_name_and_mail_is_added() -> None:
    (change,) = plan(COMPLETE, ALEX).contacts
    assert (change.id, change.is_new) == ("new1", True)


def test_name_that_two_contacts_have_says_nothing() -> None:
    twins = Standing(
        status=EnrollmentStatus.COMPLETE,
        size="2-24",
        contacts={"p": PAT, "q": PAT | {"email": "other@example.org"}},
    )
    (change,) = plan(twins, PAT | {"email": "third@example.org"}).contacts
    assert change.is_new


def test_blank_changes_nothing_of_a_contact() -> None:
    (change,) = plan(COMPLETE, BLANK | {"email": "pat@example.org", "extension": "7"}).contacts
    assert change.fields == {"extension": ("", "7")}


def test_contacts_may_stand_in_another_order() -> None:
    both = Standing(status=EnrollmentStatus.COMPLETE, size="2-24", contacts={"p": PAT, "a": ALEX})
    assert not plan(both, ALEX, PAT).changes


def test_unfinished_contact_that_comes_back_changes_nothing() -> None:
    half = Standing(
        status=EnrollmentStatus.INCOMPLETE, contacts={"h": BLANK | {"first_name": "Pat"}}
    )
    assert not plan(half, BLANK | {"first_name": "Pat"}).changes


def test_new_contact_has_to_be_complete() -> None:
    _, problems = plan_and_problems(COMPLETE, ALEX | {"phone": "", "last_name": ""})
    assert [problem.column for problem in problems] == ["contact_1_last_name", "contact_1_phone"]


def test_same_contact_twice_in_a_row_is_told() -> None:
    _, problems = plan_and_problems(COMPLETE, ALEX, ALEX)
    assert [tuple(problem) for problem in problems] == [("contact_2", "", "The same as contact 1.")]


def test_registration_has_no_room_for_a_fifty_first_contact() -> None:
    full = {f"c{n}": PAT | {"email": f"c{n}@example.org"} for n in range(50)}
    standing = Standing(status=EnrollmentStatus.COMPLETE, size="2-24", contacts=full)
    _, problems = plan_and_problems(standing, ALEX)
    assert [problem.reason for problem in problems] == ["A registration has at most 50 contacts."]


def test_plan_comes_back_from_storage_as_it_was() -> None:
    made = plan(Standing(status=None), PAT, ALEX, size="2-24")
    assert Plan.from_json(made.as_json()) == made


@pytest.mark.parametrize("size", ["2-24", "25-99", "100+"])
def test_size_survives_a_spreadsheet(size: str) -> None:
    assert read_size(size_cell(size)) == size


@pytest.mark.parametrize(
    "text", ["2-24", "2–24", " 2 TO 24 ", "24-Feb", "Feb-24", "2/24/2023", "02/24", "2023-02-24"]
)
def test_smallest_band_is_understood_as_typed_and_as_a_spreadsheet_makes_it(text: str) -> None:
    assert read_size(text) == "2-24"


@pytest.mark.parametrize("text", ["24", "2-25", "25-Feb", "many", "100 +"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Give the size as 2 to 24, 25 to 99 or 100 or greater"):
        read_size(text)


def test_extension_keeps_its_zeros() -> None:
    assert read_extension(extension_cell("007")) == "007"
    assert [read_extension(text) for text in ("x12", "EXT 12", "12")] == ["12", "12", "12"]
