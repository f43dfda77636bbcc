"""What the pages show of uploaded sheets: a few queries each, however long the sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from accounts.enums import RoleName
from accounts.models import Role, User
from registrations.enums import RowState, SheetStatus
from registrations.models import Offering, SheetUpload, WindowExtension
from registrations.policy.sheet_plan import Plan, Problem
from registrations.words.sheets import NO_ROLE, sentences

PAGE_SIZE = 25
LISTED_UPLOADS = 10
WHOLE_ROW = "row"
ERROR_COLUMNS = ("line", "identifier", "column", "value", "reason")


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A row as the page shows it. `name` is empty for what isn't one of the person's."""

    line: int
    name: str
    identifier: str
    state: RowState
    sentences: Sequence[str]
    problems: Sequence[Problem]


def sheets_of(user: User) -> QuerySet[SheetUpload]:
    """The person's own sheets, those that couldn't be read to their end left out."""
    return (
        SheetUpload.objects.filter(user=user)
        .exclude(status=SheetStatus.CHECKING)
        .select_related("offering__year")
    )


def recent_sheets(user: User, offering: Offering) -> list[SheetUpload]:
    """The sheets that the person uploaded last for the offering, newest first."""
    found = sheets_of(user).filter(offering=offering).order_by("-uploaded_at")
    return list(found[:LISTED_UPLOADS])


def counts_of(upload: SheetUpload) -> dict[RowState, int]:
    """How many rows stand where."""
    counted = upload.sheet_rows.values("state").annotate(number=Count("pk"))
    found = {row["state"]: row["number"] for row in counted}
    return {state: found.get(state, 0) for state in RowState}


def page_of_sheet_rows(
    upload: SheetUpload,
    user: User,
    *,
    state: RowState,
    number: str | int | None,
    total: int,
) -> tuple[Page[Any], list[ShownRow]]:
    """A page of the rows in that state. `number` out of range gives the nearest page.

    What a row would change is shown only as long as the person has the role.
    """
    rows = (
        upload.sheet_rows.filter(state=state)
        .order_by("line")
        .values(
            "line",
            "identifier",
            "state",
            "plan",
            "problems",
            "outcome",
            "organization",
            "organization__name",
        )
    )
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = total
    page = paginator.get_page(number)
    found = list(page.object_list)
    held = _roles_on(user, [row["organization"] for row in found])
    return page, [_shown(row, held.get(row["organization"])) for row in found]


def error_rows(upload: SheetUpload) -> Iterator[Sequence[str]]:
    """Every reason why a row wasn't or won't be applied, for the download, in constant memory."""
    rows = (
        upload.sheet_rows.filter(state__in=[RowState.ERROR, RowState.REFUSED])
        .order_by("line")
        .values_list("line", "identifier", "problems", "outcome")
    )
    for line, identifier, problems, outcome in rows.iterator(chunk_size=500):
        for problem in problems or [["", "", outcome]]:
            column, value, reason = problem
            yield str(line), identifier, column or WHOLE_ROW, value, reason


def may_upload(user: User, offering: Offering, at: datetime) -> bool:
    """Whether the window is open for some organization whose Security Official the person is."""
    if offering.opens_at <= at < offering.closes_at:
        return True
    return (
        at >= offering.closes_at
        and WindowExtension.objects.filter(
            offering=offering,
            until__gt=at,
            organization__roles__user=user,
            organization__roles__name=RoleName.SECURITY_OFFICIAL,
        ).exists()
    )


def _roles_on(user: User, organization_ids: Sequence[UUID | None]) -> dict[UUID, str]:
    roles = Role.objects.filter(
        user=user, organization__in=[key for key in organization_ids if key]
    )
    return dict(roles.values_list("organization", "name"))


def _shown(row: Mapping[str, Any], role: str | None) -> ShownRow:
    state = RowState(row["state"])
    lines: list[str] = []
    if state == RowState.PLANNED:
        is_official = role == RoleName.SECURITY_OFFICIAL
        lines = list(sentences(Plan.from_json(row["plan"]))) if is_official else [NO_ROLE]
    elif row["outcome"]:
        lines = [row["outcome"]]
    return ShownRow(
        line=row["line"],
        name=row["organization__name"] or "" if role else "",
        identifier=row["identifier"],
        state=state,
        sentences=lines,
        problems=[Problem(*problem) for problem in row["problems"]],
    )
