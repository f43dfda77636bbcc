"""The staff site for those with fewer rights, and what is out of their reach."""

from collections.abc import Iterator

from django.core.cache import cache
from django.urls import reverse

from accounts.models import AuditEvent, DeviceReset, RoleRequest, User
from accounts.policy.rights import StaffGroup
from registrations.models import Enrollment, Registration
from tests.browser.visitor import Visitor
from tests.factories import DeviceFactory, UserFactory, explicit_year
from tests.staff.rows import SHOWN, fill

Stops = Iterator[tuple[str, str]]


def reader_sees_less(visitor: Visitor) -> Stops:
    """Without user IDs, contacts and what was written about people."""
    cache.clear()
    fill(2, explicit_year())
    _sign_in(visitor, StaffGroup.READER)
    visitor.go("/staff/")
    yield "index", "of a reader"
    for model in (User, DeviceReset, RoleRequest, Registration, Enrollment):
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        visitor.go(reverse(f"admin:{name}_changelist"))
        yield f"{name}_changelist", "of a reader"
        visitor.go(reverse(f"admin:{name}_change", args=[SHOWN[model]().pk]))
        yield f"{name}_change", "of a reader"


def more_rights_are_out_of_reach(visitor: Visitor) -> Stops:
    """The Service Center at an Administrator's page, and asking to reset their devices."""
    boss = UserFactory(
        user_id="boss.example",
        first_name="Dana",
        last_name="Boss",
        staff_group=StaffGroup.ADMINISTRATOR,
    )
    _sign_in(visitor, StaffGroup.SERVICE_CENTER)
    visitor.go(reverse("admin:accounts_user_change", args=[boss.pk]))
    yield "accounts_user_change", "out of reach"
    visitor.go(reverse("admin:accounts_devicereset_add"))
    page = visitor.page
    page.get_by_label("User ID").fill("boss.example")
    page.get_by_label("Why the devices are to be reset").fill("Phone lost")
    page.get_by_label("How the person’s identity was proved").fill("Called back")
    visitor.press("Ask")
    yield "accounts_devicereset_add", "out of reach"


def one_deed_with_several_events(visitor: Visitor) -> Stops:
    """Ended sessions belong to the same request as the disabled account."""
    person = UserFactory(first_name="Pat", last_name="Example")
    DeviceFactory(user=person)
    visitor.signed_in(person)
    visitor.page.context.clear_cookies()
    _sign_in(visitor, StaffGroup.ADMINISTRATOR)
    visitor.go(reverse("admin:accounts_user_disable", args=[person.pk]))
    visitor.page.get_by_label("Reason").fill("Left the practice")
    visitor.press("Disable the account")
    event = AuditEvent.objects.get(action="user.disabled")
    visitor.go(reverse("admin:accounts_auditevent_change", args=[event.pk]))
    yield "accounts_auditevent_change", "of a request with several"


def _sign_in(visitor: Visitor, group: StaffGroup) -> None:
    user = UserFactory(staff_group=group, first_name="Casey")
    DeviceFactory(user=user)
    visitor.signed_in(user)


RIGHTS_JOURNEYS = [reader_sees_less, more_rights_are_out_of_reach, one_deed_with_several_events]
