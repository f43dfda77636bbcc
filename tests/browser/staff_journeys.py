"""Every list, row and deed of the staff site that CMS staff can come to by its links."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.core.cache import cache
from django.urls import resolve, reverse

from accounts.models import DeviceReset, Message, RoleRequest, User
from accounts.policy.rights import StaffGroup
from qpp_registration import clock
from registrations.models import Enrollment
from tests.accounts.role_steps import DAY
from tests.browser.visitor import Visitor
from tests.factories import DeviceFactory, UserFactory, explicit_year
from tests.staff.rows import SHOWN, fill

Stops = Iterator[tuple[str, str]]
FILES = {"registrations_finalroster_download"}  # what a link gives instead of a page


def administrator(visitor: Visitor) -> None:
    """CMS staff with all rights, who has just given password and code."""
    user = UserFactory(staff_group=StaffGroup.ADMINISTRATOR, first_name="Casey")
    DeviceFactory(user=user)
    visitor.signed_in(user)


def first_page_and_empty_lists(visitor: Visitor) -> Stops:
    """Before anything is there, and without any rights."""
    cache.clear()
    administrator(visitor)
    visitor.go("/staff/")
    yield "index", "no year"
    for model in admin.site._registry:
        visitor.go(_address(model, "changelist"))
        yield _name(visitor), "empty"
    lost = UserFactory()
    User.objects.filter(pk=lost.pk).update(is_staff=True)
    visitor.signed_in(User.objects.get(pk=lost.pk)).go("/staff/")
    yield "index", "no rights"


def every_row_and_deed(visitor: Visitor) -> Stops:
    """The first page, each list with rows, each row, and each deed that a row leads to."""
    cache.clear()
    fill(2, explicit_year())
    _states_of_rows()
    administrator(visitor)
    visitor.go("/staff/")
    yield "index", "a season"
    met: set[str] = set()
    for model, shown in SHOWN.items():
        visitor.go(_address(model, "changelist"))
        yield _name(visitor), "rows"
        yield from _deeds(visitor, ".object-tools a", met)
        for number, row in enumerate(_rows(model, shown)):
            visitor.go(_address(model, "change", row.pk))
            yield _name(visitor), f"row {number}"
            yield from _deeds(visitor, ".staff-deeds__link, .staff-folded__list a", met)


def writing_to_contacts(visitor: Visitor) -> Stops:
    """A text, what will happen, and that it did."""
    fill(1, explicit_year())
    administrator(visitor)
    visitor.go(f"{_address(Enrollment, 'changelist')}write/")
    page = visitor.page
    page.get_by_label("Subject").fill("The survey begins")
    page.get_by_label("Text").fill("The survey begins in October.")
    page.get_by_label("Reason").fill("Asked for by the program")
    visitor.press("Review")
    yield "registrations_enrollment_write", "to be confirmed"
    visitor.press("Confirm: Write to the contacts")
    yield "registrations_enrollment_changelist", "written to"


def _states_of_rows() -> None:
    """What can be done with a row depends on its state: one of each stands in another one."""
    ended = Enrollment.objects.order_by("-pk")[0]
    ended.status, ended.cancelled_at = "cancelled", ended.completed_at
    ended.save()
    lost = Message.objects.order_by("-pk")[0]
    lost.status, lost.last_error = "failed", "550 No such mailbox"
    lost.save()
    unknown = RoleRequest.objects.order_by("-pk")[0]
    unknown.organization = None
    unknown.save()
    DeviceReset.objects.update(expires_at=clock.now() + DAY)
    # Longer than its officials have for themselves, and not so long that it ended.
    RoleRequest.objects.update(asked_at=clock.now() - 10 * DAY)
    disabled = User.objects.filter(roles=None, is_staff=False).order_by("pk")[0]
    disabled.is_active = False
    disabled.save()


def _rows(model: type[Any], shown: Any) -> list[Any]:
    """The row that tests open, and one in another state where that offers other deeds."""
    others = {
        Enrollment: lambda: Enrollment.objects.get(status="cancelled"),
        Message: lambda: Message.objects.get(status="failed"),
        RoleRequest: lambda: RoleRequest.objects.get(organization=None),
        User: lambda: User.objects.get(is_active=False),
    }
    return [shown(), *([others[model]()] if model in others else [])]


def _deeds(visitor: Visitor, links: str, met: set[str]) -> Stops:
    """The pages that the links lead to, each kind once."""
    found = [link.get_attribute("href") or "" for link in visitor.page.locator(links).all()]
    for address in found:
        path = urlsplit(address)
        name = str(resolve(path.path).url_name)
        if name in met or name in FILES:
            continue
        met.add(name)
        visitor.go(f"{path.path}?{path.query}" if path.query else path.path)
        yield name, "empty"


def _address(model: type[Any], page: str, *key: object) -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=key)


def _name(visitor: Visitor) -> str:
    return str(resolve(visitor.path.partition("?")[0]).url_name)


STAFF_JOURNEYS: list[Any] = [first_page_and_empty_lists, every_row_and_deed, writing_to_contacts]
