"""A save with a session that has just ended: 401, the reason, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEvent, ChannelDevice, User
from accounts.sessions import live
from qpp_registration import clock
from registrations.models import Contact, Registration
from tests.accounts.steps import sign_in_again
from tests.registrations.conftest import RegisterPage, Script


def another_password(jane: User) -> None:
    jane.set_password("an entirely new pass phrase")
    jane.save()


def device_removed(jane: User) -> None:
    ChannelDevice.objects.filter(user=jane).delete()


def disabled(jane: User) -> None:
    User.objects.filter(pk=jane.pk).update(is_active=False)


def ended_from_another_browser(jane: User) -> None:
    live.end_other_sessions(user=jane, own_key=None, received_at=clock.now())


def ended_by_operations(jane: User) -> None:
    call_command("end_sessions", user=jane.user_id)


ENDS: dict[Callable[[User], None], str] = {
    another_password: "because your password was changed",
    device_removed: "because the device that you signed in with was removed",
    disabled: "You were signed out. Sign in again to go on.",
    ended_from_another_browser: "because you ended this session from another browser",
    ended_by_operations: "by the people who run this site",
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_next_save_is_refused_with_the_reason_and_nothing_is_written(
    complete_page: RegisterPage, jane: User, end: Callable[[User], None]
) -> None:
    script = Script(complete_page)
    before = Registration.objects.values().get(), list(Contact.objects.values())
    end(jane)
    answer = script.send(phone="202-555-0188", size="100+")
    assert answer.status_code == 401
    assert answer.json()["status"] == "signed_out"
    assert ENDS[end] in answer.json()["because"]
    assert (Registration.objects.values().get(), list(Contact.objects.values())) == before
    assert not AuditEvent.objects.filter(action="registration.saved", at__gt=clock.now()).exists()


@pytest.mark.parametrize("end", [ended_from_another_browser, ended_by_operations])
def test_what_was_typed_without_javascript_comes_back_after_signing_in(
    complete_page: RegisterPage, jane: User, end: Callable[[User], None]
) -> None:
    complete_page.type(phone="202-555-0188")
    end(jane)
    refused = complete_page.client.post(
        complete_page.url,
        complete_page.values,
        HTTP_REFERER=f"http://testserver{complete_page.url}",
    )
    html = sign_in_again(complete_page.client, jane, refused)
    assert 'value="202-555-0188"' in html
    assert Contact.objects.get().phone == "2025550123"


def test_somebody_elses_cookie_of_an_ended_session_keeps_nothing_for_others(
    complete_page: RegisterPage, jane: User, sign_in: Any
) -> None:
    """What is typed with an ended session is the words of the person whose session it was."""
    ended_from_another_browser(jane)
    complete_page.client.post(complete_page.url, {"size": "100+"})
    kept = complete_page.client.session["typed_before_signing_in"]
    assert kept["user"] == str(jane.pk)
    stranger = Client()
    stranger.cookies["session"] = "x" * 32
    stranger.post(complete_page.url, {"size": "100+"})
    assert "typed_before_signing_in" not in stranger.session
