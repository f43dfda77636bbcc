"""`manage.py create_user`, `grant_role` and `load_roles`."""

import pytest

from accounts.models import AuditEvent, Message, Role, User
from tests.accounts.commands import Run
from tests.factories import ApmEntityFactory, OrganizationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

JANE = ("jane.doe", "Jane@Example.org", "--first-name=Jane", "--last-name=Doe")


# --- create_user


def test_a_new_person_gets_a_link_and_no_password():
    run = Run("create_user", *JANE)

    jane = User.objects.get(user_id="jane.doe")
    assert (jane.full_name, jane.email, jane.is_staff) == ("Jane Doe", "Jane@example.org", False)
    assert not jane.has_usable_password()
    message = Message.objects.get()
    assert message.to == "Jane@example.org"
    assert "/open-link/" in message.body
    assert "jane.doe" in message.body
    assert message.body.partition("http")[2].split()[0] not in run.said


def test_creating_a_person_is_audited_without_the_address():
    Run("create_user", *JANE, "--staff-group", "reader")

    event = AuditEvent.objects.get()
    assert (event.action, event.actor_kind, event.actor_name) == (
        *("user.created", "system", "Operations"),
    )
    assert event.source_address == "command line"
    assert event.details == {
        "user_id": "jane.doe",
        "email": "***@example.org",
        "staff_group": "Reader",
    }
    assert User.objects.get().is_staff


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("JANE.DOE", "other@example.org"), "This user ID is taken."),
        (("jane.doe", "other@example.org"), "user id: "),
        (("other.person", "JANE@EXAMPLE.ORG"), "An account with this e-mail exists."),
        (("jan", "other@example.org"), "user id: A user ID has 5 to 64 letters"),
        (("jané.doe", "other@example.org"), "user id: A user ID has 5 to 64 letters"),
        (("other.person", "no address"), "email: Enter a valid email address."),
        (("other.person", "a@example.org\nBcc: b@example.org"), "email: "),
    ],
)
def test_a_person_that_can_not_be_created_leaves_nothing(arguments, reason):
    Run("create_user", *JANE)

    run = Run("create_user", *arguments, "--first-name=A", "--last-name=B")

    assert reason in str(run.error)
    assert run.error.returncode == 1
    counts = (User.objects.count(), Message.objects.count(), AuditEvent.objects.count())
    assert counts == (1, 1, 1)


def test_all_reasons_are_given_one_a_line():
    run = Run("create_user", "jan", "no address", "--first-name=", "--last-name=B")

    assert [line.split(":")[0] for line in str(run.error).splitlines()] == [
        *("user id", "first name", "email"),
    ]


def test_an_invisible_character_in_a_name_is_refused():
    run = Run("create_user", *JANE[:2], "--first-name=Ja\u200bne", "--last-name=Doe")

    assert str(run.error) == "first name: Remove the line break or invisible character."


# --- grant_role


@pytest.fixture
def jane():
    return UserFactory(user_id="jane.doe")


@pytest.fixture
def better():
    return OrganizationFactory(identifier="000765630", name="Better Business Health")


def test_a_role_is_granted_and_audited(jane, better):
    run = Run("grant_role", "JANE.DOE", "group:00-0765630", "security_official")

    assert run.said == ("jane.doe is now Security Official of Better Business Health (00-0765630).")
    role = Role.objects.get()
    assert (role.user, role.organization, role.name) == (jane, better, "security_official")
    assert role.granted_by == "Operations"
    event = AuditEvent.objects.get()
    assert event.action == "role.granted"
    assert event.organization_id == str(better.pk)
    assert event.details == {"user_id": "jane.doe", "before": "", "role": "security_official"}


def test_granting_the_same_role_again_writes_nothing(jane, better):
    Run("grant_role", "jane.doe", "group:000765630", "staff_user")

    run = Run("grant_role", "jane.doe", "group:000765630", "staff_user")

    assert run.said == "jane.doe already is Staff User of Better Business Health (00-0765630)."
    assert (Role.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_another_role_replaces_the_one_before(jane, better):
    Run("grant_role", "jane.doe", "group:000765630", "staff_user")

    run = Run("grant_role", "jane.doe", "group:000765630", "security_official")

    assert run.said.endswith("(00-0765630), instead of Staff User.")
    assert Role.objects.get().name == "security_official"
    assert AuditEvent.objects.order_by("-id")[0].details["before"] == "staff_user"


def test_taking_the_last_security_official_away_is_said(jane, better):
    RoleFactory(user=jane, organization=better)

    run = Run("grant_role", "jane.doe", "group:000765630", "staff_user")

    assert run.warned == [
        "Take care: Better Business Health (00-0765630) has no Security Official any more."
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("john.doe", "group:000765630"), 'Nobody has the user ID "john.doe".'),
        (("jane.doe", "group:000765631"), "There is no Group 000765631."),
        (("jane.doe", "group:76563"), "A TIN has nine digits"),
        (("jane.doe", "practice:000765630"), "The kind is one of group, virtual_group"),
        (("jane.doe", "000765630"), '"000765630" is not written as KIND:IDENTIFIER'),
    ],
)
def test_a_role_that_can_not_be_granted_is_explained(jane, better, arguments, reason):
    run = Run("grant_role", *arguments, "staff_user")

    assert str(run.error).startswith(reason)
    assert not Role.objects.exists()


def test_an_unknown_role_fails(jane, better):
    assert Run("grant_role", "jane.doe", "group:000765630", "boss").error.returncode == 1


# --- load_roles


@pytest.fixture
def load(tmp_path):
    """Load a file with these lines below the header."""

    def load(*lines: str, options=()) -> Run:
        file = tmp_path / "roles.csv"
        file.write_text("\n".join(["user_id,kind,identifier,role", *lines, ""]))
        return Run("load_roles", str(file), *options)

    return load


OFFICIAL = "jane.doe,group,00-0765630,security_official"


def test_a_file_grants_roles(jane, better, load):
    ApmEntityFactory(identifier="A9901")

    run = load(OFFICIAL, "Jane.Doe,apm_entity,a9901,STAFF_USER")

    assert run.said == "2 granted, 0 changed, 0 unchanged, 0 refused."
    roles = Role.objects.values_list("organization__identifier", "name")
    assert set(roles) == {("000765630", "security_official"), ("A9901", "staff_user")}
    assert AuditEvent.objects.filter(action="role.granted").count() == 2


def test_a_second_load_of_the_roles_changes_nothing(jane, better, load):
    load(OFFICIAL)

    assert load(OFFICIAL).said == "0 granted, 0 changed, 1 unchanged, 0 refused."
    assert AuditEvent.objects.count() == 1


def test_a_changed_role_is_replaced_and_a_lost_official_is_said(jane, better, load):
    load(OFFICIAL)

    run = load(OFFICIAL.replace("security_official", "staff_user"))

    assert run.said == "0 granted, 1 changed, 0 unchanged, 0 refused."
    assert run.warned == ["Take care: Better Business Health has no Security Official any more."]


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (
            "john.doe,group,000765630,staff_user",
            'Line 3, user_id "john.doe": Nobody has this user ID.',
        ),
        (
            "jane.doe,group,000765631,staff_user",
            'Line 3, identifier "000765631": There is no such organization.',
        ),
        (
            "jane.doe,apm_entity,000765630,staff_user",
            'Line 3, identifier "000765630": There is no such organization.',
        ),
        (
            "jane.doe,clinic,000765630,staff_user",
            'Line 3, kind "clinic": The kind is one of group, virtual_group, apm_entity.',
        ),
        (
            "jane.doe,group,000765630,boss",
            'Line 3, role "boss": The role is one of security_official, staff_user.',
        ),
        (
            "JANE.DOE,group,000765630,staff_user",
            'Line 3, user_id "JANE.DOE": Line 2 has it already.',
        ),
        ("jane.doe,group,000765630", "Line 3: 3 values, but the header names 4."),
    ],
)
def test_a_refused_role_is_named_and_nothing_is_granted(jane, better, load, row, refusal):
    run = load(OFFICIAL, row)

    assert run.warned == [refusal]
    assert run.error.returncode == 1
    assert not Role.objects.exists()
    assert not AuditEvent.objects.exists()


def test_good_roles_are_granted_when_refused_ones_are_skipped(jane, better, load):
    run = load("john.doe,group,1,x", OFFICIAL, options=["--skip-refused"])

    assert run.error is None
    assert len(run.warned) == 2
    assert run.said == "1 granted, 0 changed, 0 unchanged, 1 refused."
    assert Role.objects.count() == 1


def test_a_dry_run_grants_nothing(jane, better, load):
    run = load(OFFICIAL, options=["--dry-run"])

    assert run.said.endswith("Would be: 1 granted, 0 changed, 0 unchanged, 0 refused.")
    assert not Role.objects.exists()
    assert load("x,group,1,x", options=["--dry-run"]).error.returncode == 1
