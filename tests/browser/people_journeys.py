"""The pages of registering, of recovering an account, and of My Account, as in `journeys`."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from accounts.models import MailRequest, StatementAcceptance
from qpp_registration import clock
from tests.accounts.steps import give_password, newest_link
from tests.browser.visitor import Visitor
from tests.browser.world import person
from tests.factories import PASSWORD, UserFactory

Stops = Iterator[tuple[str, str]]
NEW = "four words and more"


def registering_oneself(visitor: Visitor) -> Stops:
    """From the sign-in page to an account of one's own."""
    page = visitor.page
    UserFactory(user_id="taken.user")
    visitor.go("/sign-in/")
    visitor.follow("Don’t have an account? Register")
    yield "create_account", "empty"
    visitor.press("Continue")
    yield "create_account", "nothing entered"
    page.get_by_label("First name").fill("Nell")
    page.get_by_label("Last name").fill("Abara")
    page.get_by_label("E-mail").fill("nell@example.org")
    page.get_by_label("Phone").fill("(202) 555-0123")
    visitor.press("Continue")
    yield "create_account_sent", ""
    visitor.go(newest_link("nell@example.org"))
    yield "finish_account", "empty"
    page.get_by_text("What is a good password?").click()
    fill_finish(visitor, "taken.user", "medicaremedicare")
    yield "finish_account", "refused"
    page.get_by_text("What is a good password?").click()
    fill_finish(visitor, "taken.user", NEW)
    yield "finish_account", "taken"
    fill_finish(visitor, "nell.abara", NEW)
    yield "sign_in", "account ready"
    visitor.go("/register/finish/")
    yield "finish_account", "no link"


def fill_finish(visitor: Visitor, user_id: str, password: str) -> None:
    """Fill in user ID and password and press the button."""
    visitor.page.get_by_label("User ID").fill(user_id)
    visitor.page.get_by_label("New password", exact=True).fill(password)
    visitor.page.get_by_label("New password again").fill(password)
    visitor.press("Create account")


def recovering(visitor: Visitor) -> Stops:
    """User ID and password forgotten."""
    page = visitor.page
    user = person()
    visitor.go("/sign-in/")
    visitor.follow("Recover ID or reset password")
    yield "recover", "empty"
    visitor.press("Recover ID")
    yield "recover", "no e-mail"
    visitor.press("Reset password")
    yield "recover", "no user ID"
    page.get_by_label("E-mail").fill(user.email)
    visitor.press("Recover ID")
    yield "recover_sent", ""
    visitor.follow("try again")
    page.get_by_label("User ID").fill(user.user_id)
    visitor.press("Reset password")
    visitor.go(newest_link(user.email))
    yield "set_password", "after forgetting"
    now = clock.now()
    MailRequest.objects.bulk_create(
        MailRequest(asked=str(number), source_address="127.0.0.1", at=now) for number in range(100)
    )
    visitor.allowed = (*visitor.allowed, 429)
    visitor.go("/recover/")
    page.get_by_label("User ID").fill(user.user_id)
    visitor.press("Reset password")
    yield "recover", "too many"


def my_account(visitor: Visitor) -> Stops:
    """Profile, password, e-mail and history."""
    page = visitor.page
    user = person()
    give_password(Client(), user.user_id, "not the right password")
    StatementAcceptance.objects.bulk_create(
        StatementAcceptance(user=user, accepted_at=clock.now(), text_version="2022-1")
        for _ in range(30)
    )
    visitor.signed_in(user)
    visitor.go("/account/")
    visitor.follow("Change profile")
    yield "profile", "empty"
    page.get_by_label("Phone").fill("555")
    visitor.press("Save", exact=True)
    yield "profile", "refused"
    page.get_by_label("Phone").fill("(202) 555-0123")
    visitor.press("Save", exact=True)
    yield "account", "profile changed"
    visitor.follow("Change password")
    yield "change_password", "empty"
    fill_password_change(visitor, "wrong", NEW)
    yield "change_password", "wrong"
    fill_password_change(visitor, PASSWORD, "JaneDoe JaneDoe 2026")
    yield "change_password", "refused"
    fill_password_change(visitor, PASSWORD, NEW)
    yield "account", "password changed"
    visitor.follow("Change e-mail")
    yield "change_email", "empty"
    visitor.press("Send link")
    yield "change_email", "nothing entered"
    page.get_by_label("New e-mail").fill("jane.new@example.org")
    visitor.press("Send link")
    yield "change_email", "waiting"
    visitor.go(newest_link("jane.new@example.org"))
    yield "confirm_email", ""
    visitor.press("Use this e-mail")
    yield "account", "e-mail changed"
    visitor.follow("Sign-in history")
    yield "sign_in_history", ""
    visitor.go("/account/statements/?page=2")
    yield "statements", "second page"


def fill_password_change(visitor: Visitor, current: str, new: str) -> None:
    """Fill in the old and the new password and press the button."""
    visitor.page.get_by_label("Current password", exact=True).fill(current)
    visitor.page.get_by_label("New password", exact=True).fill(new)
    visitor.page.get_by_label("New password again").fill(new)
    visitor.press("Change password", exact=True)


PEOPLE_JOURNEYS: list[Any] = [registering_oneself, recovering, my_account]
