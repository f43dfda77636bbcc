"""Nobody decides about the account of staff with more rights: devices, sessions, disabling."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.actors import operations, staff
from accounts.models import AuditEvent, ChannelDevice, DeviceReset, Session, User
from accounts.people.disabling import disable_person, enable_person
from accounts.people.signing_out import sign_out_everywhere
from accounts.policy.rights import StaffGroup, rights_of, why_out_of_reach
from accounts.verification import resets
from qpp_registration import clock
from qpp_registration.errors import Refused
from tests.factories import DeviceFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
READER, CENTER = StaffGroup.READER, StaffGroup.SERVICE_CENTER
MANAGER, ADMINISTRATOR = StaffGroup.PROGRAM_MANAGER, StaffGroup.ADMINISTRATOR
GROUPS = (None, READER, CENTER, MANAGER, ADMINISTRATOR)
WHY = "Only somebody with all rights of that group decides about the account."
ASKED = {"reason": "Phone and laptop stolen", "identity_proof": "Called back"}


@pytest.fixture(autouse=True)
def now(june: object) -> None:
    """In the open window."""


def of(group: StaffGroup | None, **fields: str) -> User:
    user = UserFactory(staff_group=group, **fields)
    DeviceFactory(user=user)
    return user


def page(user: User, deed: str = "change") -> str:
    return f"/staff/accounts/user/{user.pk}/{deed}/"


def told(client: Client, path: str, **typed: str) -> str:
    """What the page says, or the one that sending a form leads to."""
    answer = client.post(path, typed, follow=True) if typed else client.get(path)
    return words(answer.content.decode())


def asked(person: User, by: User) -> DeviceReset:
    return resets.ask(person=person, asked_by=by, received_at=clock.now(), **ASKED)


@pytest.mark.parametrize("theirs", GROUPS)
@pytest.mark.parametrize("own", GROUPS)
def test_policy_wants_all_rights_of_the_person(
    own: StaffGroup | None, theirs: StaffGroup | None
) -> None:
    why = why_out_of_reach(own=rights_of(own) if own else (), group=theirs)
    assert (why == "") is (GROUPS.index(theirs) <= GROUPS.index(own) or theirs is None)
    assert not why or f"group {theirs.label}." in why


@pytest.mark.parametrize("theirs", GROUPS)
@pytest.mark.parametrize("own", [CENTER, MANAGER, ADMINISTRATOR])
def test_every_deed_about_an_account_by_every_group(
    own: StaffGroup, theirs: StaffGroup | None, sign_in: SignIn
) -> None:
    """Reset, approve, deny, end sessions: done where the rights are enough, else nothing."""
    actor, person = of(own), of(theirs, user_id="pat.example")
    within = GROUPS.index(theirs) <= GROUPS.index(own)
    client, browser = sign_in(actor), sign_in(person)
    answers = [told(client, page(person, "end-sessions"), reason="Stolen")]
    assert Session.objects.filter(user=person).exists() is not within
    add = "/staff/accounts/devicereset/add/"
    answers.append(told(client, add, user_id="pat.example", **ASKED))
    assert DeviceReset.objects.exists() is within
    DeviceReset.objects.all().delete()
    for deed in ("deny", "approve"):
        reset = asked(person, of(ADMINISTRATOR))
        path = f"/staff/accounts/devicereset/{reset.pk}/{deed}/"
        answers.append(told(client, path, reason="Made sure"))
        reset.refresh_from_db()
        assert (reset.status == "asked") is not within
        DeviceReset.objects.all().delete()
    assert ChannelDevice.objects.filter(user=person).exists() is not within
    assert (browser.get("/account/").status_code == 200) is not within
    assert [WHY in answer for answer in answers] == [not within] * 4
    by_actor = AuditEvent.objects.filter(actor_id=str(actor.pk), object_id=str(person.pk))
    assert by_actor.exists() is within


@pytest.mark.parametrize("is_active", [True, False])
def test_services_refuse_disabling_and_enabling_too(*, is_active: bool) -> None:
    """Today only Administrators have the right; the services don't rely on it."""
    boss, manager = of(ADMINISTRATOR), of(MANAGER)
    User.objects.filter(pk=boss.pk).update(is_active=is_active)
    for service in (disable_person, enable_person, sign_out_everywhere):
        with pytest.raises(Refused, match=WHY):
            service(user=boss, actor=staff(manager, "Stolen"), received_at=clock.now())
    assert User.objects.get(pk=boss.pk).is_active is is_active
    for service in (disable_person, enable_person, sign_out_everywhere):
        service(user=boss, actor=operations("Stolen"), received_at=clock.now())
    assert User.objects.get(pk=boss.pk).is_active


def test_pages_say_why_instead_of_a_button(sign_in: SignIn) -> None:
    colleague, boss = of(CENTER), of(ADMINISTRATOR)
    client = sign_in(of(CENTER))
    assert "Not possible now End all sessions This person is CMS staff" in told(client, page(boss))
    for person, is_offered in ((boss, False), (colleague, True)):
        html = client.get(page(person)).content.decode()
        assert (page(person, "end-sessions") in html) is is_offered


def test_reset_of_more_rights_has_no_button(sign_in: SignIn) -> None:
    casey, boss = of(CENTER), of(ADMINISTRATOR)
    reset = resets.request_reset(user=boss, phone="", received_at=clock.now())
    path = f"/staff/accounts/devicereset/{reset.pk}/change/"
    says = told(sign_in(casey), path)
    assert WHY in says
    assert "Ask for this reset" not in says
    assert "asks for the reset" not in says  # which this person can't do either
    assert "Ask for this reset" in told(sign_in(of(ADMINISTRATOR)), path)
    reset = asked(boss, of(ADMINISTRATOR))
    assert WHY in told(sign_in(casey), path)
    assert "Approve the reset" not in told(sign_in(casey), path)
    assert "Approve the reset" in told(sign_in(of(ADMINISTRATOR)), path)


def test_rights_that_rise_meanwhile_count(sign_in: SignIn) -> None:
    """Asked for when the person was no staff; approving needs all rights they have by then."""
    casey, person = of(CENTER), of(None)
    reset = asked(person, of(CENTER))
    path = f"/staff/accounts/devicereset/{reset.pk}/approve/"
    client = sign_in(casey)
    assert "Approve" in told(client, path)
    told(sign_in(of(ADMINISTRATOR)), page(person, "rights"), group="administrator", reason="New")
    assert WHY in told(client, path, reason="Made sure")
    assert ChannelDevice.objects.filter(user=person).exists()
