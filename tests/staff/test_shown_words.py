"""How messages, role requests and resets stand: icon, word and colour together, in each status."""

import re

import pytest
from django.db.models import Model
from django.test import Client

from accounts.enums import Channel, MessageStatus, ResetStatus, RoleRequestStatus
from accounts.models import DeviceReset, Message, RoleRequest, User
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import DURING_2022, OrganizationFactory
from tests.registrations.enrolled import begun, enroll, words
from tests.staff.pages import list_of, opened, page_of
from tests.staff.rows import fill

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
Status = MessageStatus | RoleRequestStatus | ResetStatus
WAITS, GOOD = ("waiting", "schedule"), ("good", "check_circle")
BAD, OVER = ("bad", "cancel"), ("quiet", "remove_circle")
LOOKS = {
    (Message, MessageStatus.QUEUED): WAITS,
    (Message, MessageStatus.SENT): GOOD,
    (Message, MessageStatus.FAILED): BAD,
    (Message, MessageStatus.BOUNCED): BAD,
    (RoleRequest, RoleRequestStatus.PENDING): WAITS,
    (RoleRequest, RoleRequestStatus.APPROVED): GOOD,
    (RoleRequest, RoleRequestStatus.DENIED): BAD,
    (RoleRequest, RoleRequestStatus.WITHDRAWN): OVER,
    (RoleRequest, RoleRequestStatus.EXPIRED): OVER,
    (DeviceReset, ResetStatus.REQUESTED): WAITS,
    (DeviceReset, ResetStatus.ASKED): WAITS,
    (DeviceReset, ResetStatus.APPROVED): GOOD,
    (DeviceReset, ResetStatus.DENIED): BAD,
    (DeviceReset, ResetStatus.WITHDRAWN): OVER,
    (DeviceReset, ResetStatus.EXPIRED): OVER,
}
EVERY_STATUS = [
    (RoleRequest, RoleRequestStatus),
    (DeviceReset, ResetStatus),
    (Message, MessageStatus),
]


def stands(model: type[Model], status: Status, by: User) -> Model:
    """A row with the status, and with what a row of that status has."""
    values: dict[str, object] = {"status": status}
    if status in {MessageStatus.SENT, MessageStatus.BOUNCED}:
        values["sent_at"] = DURING_2022
    if model is RoleRequest and status != RoleRequestStatus.PENDING:
        values |= {"decided_at": DURING_2022, "decided_by_name": by.full_name, "reason": "x"}
    if status in {ResetStatus.APPROVED, ResetStatus.DENIED}:
        values |= {"decided_at": DURING_2022, "decided_by": by}
    model._default_manager.update(**values)
    row = model._default_manager.first()
    assert row is not None
    return row


def shown(html: str) -> list[tuple[str, str, str]]:
    """Colour, icon and word of each status on the page."""
    return re.findall(
        r'<span class="status status--(\w+)"><svg[^>]*><use href="[^"#]*#(\w+)"></use></svg>'
        r"([^<]+)</span>",
        html,
    )


@pytest.mark.parametrize(
    ("model", "status"), [(model, one) for model, every in EVERY_STATUS for one in every]
)
def test_list_and_page_show_icon_word_and_colour(
    model: type[Model], status: Status, offerings: Offerings, manager: Client, casey: User
) -> None:
    fill(1, offerings)
    row = stands(model, status, casey)
    expected = (*LOOKS[model, status], status.label)
    assert expected in shown(opened(manager, list_of(model)))
    assert expected in shown(opened(manager, page_of(row)))


def test_identifier_of_a_request_does_not_break(offerings: Offerings, manager: Client) -> None:
    fill(1, offerings)
    asked = RoleRequest.objects.get()
    whole = f'<span class="unbroken">{asked.identifier_label} {asked.given_identifier}</span>'
    assert whole in opened(manager, list_of(RoleRequest))


# --- From a message to its registration ---------------------------------------------------------


def message(**more: object) -> Message:
    return Message.objects.create(
        channel=Channel.EMAIL, to="ada@example.org", subject="Hello", due_at=DURING_2022, **more
    )


def test_message_leads_to_the_registrations_that_it_tells_of(
    offerings: Offerings, reader: Client
) -> None:
    registration = enroll(OrganizationFactory(name="Harbor"), offerings)
    html = opened(reader, page_of(message(about=registration.pk)))
    for enrollment in registration.enrollments.all():
        assert f'href="{page_of(enrollment)}"' in html
    assert "2022 CMS Web Interface Complete 2022 CAHPS for MIPS Survey Complete" in words(html)


def test_message_of_what_was_only_begun_leads_there(offerings: Offerings, reader: Client) -> None:
    registration = begun(OrganizationFactory(), offerings)
    assert f'href="{page_of(registration)}"' in opened(
        reader, page_of(message(about=registration.pk))
    )


def test_message_of_something_else_leads_to_no_registration(
    offerings: Offerings, reader: Client
) -> None:
    enroll(OrganizationFactory(), offerings)
    html = opened(reader, page_of(message()))
    assert "/registrations/enrollment/" not in html.split('class="facts"')[1]
