"""Values and links that several pages of the staff site show."""

from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from accounts.admin.deeds import Link
from accounts.models import User
from qpp_registration.clock import moment
from qpp_registration.drawn import status
from registrations.enums import EnrollmentStatus
from registrations.models import Enrollment, Offering

TOLD = "The Security Officials are told by e-mail, without the reason."
ALL_TOLD = "The contacts and the Security Officials are told by e-mail, without the reason."
ELSEWHERE = (
    "Subgroups and MVP registrations aren’t kept here. Subgroups register through the Quality "
    "Payment Program Service Center, 1-866-288-8292 (TRS: 711)."
)
ICONS = {
    EnrollmentStatus.COMPLETE: "check_circle",
    EnrollmentStatus.INCOMPLETE: "cancel",
    EnrollmentStatus.CANCELLED: "remove_circle",
}


def page_of(model: str, key: object, text: str) -> Link:
    """A link to a row's page: `model` as the admin names it, such as `registrations_enrollment`.

    Only the text where the staff site has no such page.
    """
    try:
        return Link(text, reverse(f"admin:{model}_change", args=[key]))
    except NoReverseMatch:
        return Link(text)


def list_of(model: str, text: str, query: str) -> Link:
    """A link to a list, narrowed by a query string."""
    return Link(text, f"{reverse(f'admin:{model}_changelist')}?{query}")


def offering_name(offering: Offering) -> str:
    """Year and product."""
    return f"{offering.year_id} {offering.get_product_display()}"


def shown_status(value: str) -> SafeString:
    """A registration's status as officials' pages show it: icon, word and colour together."""
    known = EnrollmentStatus(value)
    return status(known.value, ICONS[known], known.label)


def who_is_told(row: Enrollment) -> str:
    """Who hears that a registration was made, restored or ended: contacts only of one that was
    complete, in years that have them told."""
    return ALL_TOLD if row.completed_at and row.offering.year.mails_contacts else TOLD


def registered(row: Enrollment) -> str:
    """What came of registering for an organization, by how its registration stands then."""
    if row.status == EnrollmentStatus.COMPLETE:
        return f"Registered. {who_is_told(row)}"
    return f"Started. Something is still missing, so it isn’t registered yet. {TOLD}"


def by(at: datetime | None, user: User | str | None) -> str | None:
    """When and by whom; None when it never was."""
    if at is None:
        return None
    name = user.full_name if isinstance(user, User) else user
    return f"{moment(at).text} by {name}" if name else moment(at).text


def yes_no(value: object) -> str:
    """Yes or no."""
    return "Yes" if value else "No"
