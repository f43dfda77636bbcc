"""From which organizations contacts can be copied, and which contacts those are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.enums import RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.policy import show_identifier
from registrations.models import Contact, Registration
from registrations.policy.contact_plans import Values
from registrations.policy.registration import CONTACT_FIELDS

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Source:
    """A registration, of this or an earlier year, with so many complete contacts."""

    registration_id: UUID
    organization: str
    identifier: str
    year: int
    number_of_contacts: int


def sources(
    user: User, *, target: Registration, name: str, number: str | None
) -> tuple[Page[Any], list[Source]]:
    """A page of the registrations that contacts can be copied from, the newest year first.

    Only those of organizations whose Security Official the person is: Staff Users don't see
    e-mails and phones. Three queries.
    """
    found = _with_contacts(user, target)
    if name:
        found = found.filter(organization__search_name__contains=name.casefold())
    rows = _rows(found.order_by("-year", "organization__search_name", "pk"))
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    return page, _sources(list(page.object_list))


def source(user: User, *, target: Registration, registration_id: UUID) -> Source | None:
    """One of them, or None when there is none such."""
    found = _sources(list(_rows(_with_contacts(user, target).filter(pk=registration_id))))
    return found[0] if found else None


def contacts_to_copy(source: Source) -> tuple[Values, ...]:
    """The complete contacts of the source, in their order."""
    rows = Contact.objects.complete().filter(registration=source.registration_id)
    return tuple(rows.order_by("position").values(*CONTACT_FIELDS))


def _with_contacts(user: User, target: Registration) -> QuerySet[Any]:
    complete = Contact.objects.complete().filter(registration=OuterRef("pk"))
    return Registration.objects.filter(
        Exists(complete),
        organization__roles__user=user,
        organization__roles__name=RoleName.SECURITY_OFFICIAL,
        year__lte=target.year_id,
    ).exclude(pk=target.pk)


def _rows(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.values(
        "pk", "year", "organization__name", "organization__kind", "organization__identifier"
    )


def _sources(rows: Iterable[dict[str, Any]]) -> list[Source]:
    rows = list(rows)
    complete = Contact.objects.complete().filter(registration__in=[row["pk"] for row in rows])
    counts = dict(complete.values_list("registration").annotate(number=Count("pk")))
    return [
        Source(
            registration_id=row["pk"],
            organization=row["organization__name"],
            identifier=_identifier(row["organization__kind"], row["organization__identifier"]),
            year=row["year"],
            number_of_contacts=counts[row["pk"]],
        )
        for row in rows
    ]


def _identifier(kind: str, identifier: str) -> str:
    return f"{OrganizationKind(kind).identifier_label} {show_identifier(kind, identifier)}"
