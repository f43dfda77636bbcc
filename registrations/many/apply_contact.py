"""To which registrations a contact can be applied."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.enums import RoleName
from accounts.models import User
from organizations.models import Organization
from registrations.enums import ListStatus
from registrations.many.plans import MAX_AT_ONCE
from registrations.models import Offering
from registrations.querysets import organizations_with_status


def targets(
    user: User, offering: Offering, *, apart_from: Organization, name: str
) -> QuerySet[Any]:
    """The other organizations of the Security Official with a registration that wasn't deleted,
    by name."""
    found = (
        organizations_with_status(user, offering)
        .filter(
            role=RoleName.SECURITY_OFFICIAL,
            list_status__in=[ListStatus.INCOMPLETE, ListStatus.COMPLETE],
        )
        .exclude(pk=apart_from.pk)
    )
    if name:
        found = found.filter(search_name__contains=name.casefold())
    return found.order_by("search_name", "pk")


def page_of_targets(found: QuerySet[Any], number: str | None) -> Page[Any]:
    """As many on a page as can be done at once; two queries."""
    rows = found.values("pk", "kind", "identifier", "name", "list_status")
    return Paginator(rows, MAX_AT_ONCE).get_page(number)
