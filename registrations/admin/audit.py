"""The audit on the staff site: every event, newest first, for those who may read it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from django.db.models import BooleanField, DateTimeField, Func, Q, QuerySet, Value
from django.http import HttpRequest

from accounts.admin.deeds import Fact, Link, Section
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.lists import StaffList
from accounts.enums import ActorKind, AuditAction, Outcome
from accounts.exports.lists import AUDIT
from accounts.models import AuditEvent, User
from accounts.policy.rights import Right
from organizations.models import Organization
from qpp_registration.clock import show_to_the_second
from qpp_registration.requests import received_at
from registrations.admin.registration_sections import registrations_about
from registrations.admin.search import is_registration_id
from registrations.admin.words import page_of
from registrations.models import RegistrationNumber

OLDER = "before"  # the parameter that holds the key of the event after which a page begins
TOGETHER = 100  # events of one request that are shown
SCHEMA_VERSION = "2"  # of the file; in the first one whoever acted at the site was an official
DAYS = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "365": "Last 365 days"}


class Action(admin.SimpleListFilter):
    """What was done."""

    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind of event, by its words."""
        return sorted(AuditAction.choices, key=lambda choice: str(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events of the chosen kind."""
        return queryset.filter(action=self.value()) if self.value() else queryset


class HowItCameOut(admin.SimpleListFilter):
    """How it came out: each action has one outcome."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Done, refused, failed."""
        return [(str(outcome.value), str(outcome.label)) for outcome in Outcome]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events of the actions with the chosen outcome."""
        if not self.value():
            return queryset
        with_it = [action.value for action in AuditAction if action.outcome == self.value()]
        return queryset.filter(action__in=with_it)


class Since(admin.SimpleListFilter):
    """How long ago."""

    title = "date"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Spans that end now."""
        return list(DAYS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events of the chosen span."""
        days = self.value()
        if days not in DAYS:
            return queryset
        return queryset.filter(at__gt=received_at(request) - timedelta(days=int(days)))


class _Together(Func):
    """Several values as one, compared by the first of them that differs."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Older(Func):
    """Whether an event comes after another one where the newest stand first.

    So written, and not by AND and OR, it is a bound in the index: of events that a command left at
    one moment there may be 100,000.
    """

    template = "%(expressions)s"
    arg_joiner = " < "
    output_field = BooleanField()

    def __init__(self, at: datetime, key: int) -> None:
        moment = Value(at, output_field=DateTimeField())
        super().__init__(_Together("at", "id"), _Together(moment, Value(key)))


class AuditList(StaffList):
    """The newest events, or the newest before one: pages go on from there, however many there are.

    By the time of the event, which the dates among the filters are about, too: by key, which is
    nearly the same order, a span without such events would be looked for in all of them.
    """

    places = (PAGE_VAR, OLDER)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        told = request.GET.get(OLDER, "")
        is_key = told.isascii() and told.isdecimal() and len(told) < 19
        self.before = AuditEvent.objects.only("at").filter(pk=told).first() if is_key else None
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> Any:
        """The list's own filters; where the page begins is none."""
        found = super().get_filters_params(params)
        found.pop(OLDER, None)
        return found

    def get_results(self, request: HttpRequest) -> None:
        """One page, and where the next begins."""
        found = self.queryset
        if self.before:
            found = found.filter(_Older(self.before.at, self.before.pk))
        keys = list(found.values_list("pk", flat=True)[: self.list_per_page + 1])
        on_page = keys[: self.list_per_page]
        rows = self.root_queryset.in_bulk(on_page)
        self.paginator = Paginator(on_page, self.list_per_page)
        self.result_list = [rows[key] for key in on_page if key in rows]
        self.result_count = len(on_page)
        self.is_cut = len(keys) > len(on_page)
        self.multi_page = False
        self.full_result_count = None
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = False
        # The template of the pagination links to both.
        self.newest = self.get_query_string(remove=[OLDER]) if self.before else ""
        self.older = self.get_query_string({OLDER: on_page[-1]}) if self.is_cut else ""

    @property
    def finds_a_part(self) -> bool:
        """Never: the search is asked of all events."""
        return False

    @property
    def told(self) -> str:
        """How many are shown."""
        return f"{self.result_count} audit events." if self.result_count else "No audit events."


@admin.register(AuditEvent)
class AuditEventAdmin(ListDeedAdmin):
    """Nobody changes it: the database refuses that too."""

    right = Right.READ_AUDIT
    list_display = ("when", "what", "who", "as_what", "outcome", "reason")
    list_filter = (Action, HowItCameOut, "actor_kind", Since)
    ordering = ("-at", "-pk")
    list_deeds = (export_of("audit", AUDIT, schema_version=SCHEMA_VERSION),)
    search_fields = ("organization_id",)
    search_help_text = (
        "A registration ID, a user ID, or the key of an organization, registration, contact or "
        "person as it stands in the address of its page."
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffList]:
        """Turned from event to event."""
        return AuditList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By keys, each by its index."""
        text = search_term.strip()
        if not text:
            return queryset, False
        if is_registration_id(text):
            found = RegistrationNumber.objects.filter(number=int(text)).first()
            return queryset.filter(organization_id=str(found.pk) if found else "none"), False
        names = ["actor_id", "object_id"]
        if key := _key(text):
            names += ["organization_id", "about"]
        else:
            user = User.objects.with_user_id(text).first()
            key = user.pk if user else None
        wanted = str(key or "nobody")
        return queryset.filter(Q(*((name, wanted) for name in names), _connector=Q.OR)), False

    @admin.display(description="when")
    def when(self, row: AuditEvent) -> str:
        """To the second, in Eastern time."""
        return show_to_the_second(row.at)

    @admin.display(description="what")
    def what(self, row: AuditEvent) -> str:
        """The action in words."""
        return AuditAction(row.action).label

    @admin.display(description="who")
    def who(self, row: AuditEvent) -> str:
        """The name, as it was then."""
        return row.actor_name or "Nobody signed in"

    @admin.display(description="as")
    def as_what(self, row: AuditEvent) -> str:
        """In which capacity."""
        return ActorKind(row.actor_kind).label

    @admin.display(description="outcome")
    def outcome(self, row: AuditEvent) -> str:
        """How it came out."""
        return row.outcome.label

    def facts(self, request: HttpRequest, row: AuditEvent) -> Iterable[Fact]:
        """All that is kept of it but the details."""
        yield "When", self.when(row)
        yield "What", self.what(row)
        yield "Who", _linked("accounts_user", row.actor_id, self.who(row))
        yield "As", self.as_what(row)
        yield "Outcome", self.outcome(row)
        yield "Reason", row.reason or None
        organization = row.organization_id
        name = _name_of_organization(organization)
        yield "Organization", _linked("organizations_organization", organization, name)
        yield "Object", row.object_id or None
        yield "Part of", row.about if row.about != row.object_id else None
        yield "From", row.source_address or None
        yield "Request", row.request_id or None
        yield "Session", row.session or None

    def sections(self, request: HttpRequest, row: AuditEvent) -> Iterable[Section]:
        """The details, and the registrations that it is about."""
        yield Section(
            title="Details",
            columns=("What", "Before, or value", "After"),
            rows=list(_details(row.details)),
        )
        if together := _of_the_same_request(row):
            yield Section(
                title="Left by the same request",
                columns=("What", "Reason"),
                rows=[
                    (page_of("accounts_auditevent", one.pk, self.what(one)), one.reason)
                    for one in together
                ],
            )
        if key := _key(row.about):
            yield from registrations_about(key)

    def title_of(self, row: AuditEvent) -> str:
        """What was done."""
        return self.what(row)


def _of_the_same_request(row: AuditEvent) -> list[AuditEvent]:
    """The other events of the request: no request takes longer than a minute."""
    if not (row.request_id and row.actor_id):
        return []
    minute = timedelta(minutes=1)
    found = AuditEvent.objects.filter(
        actor_id=row.actor_id,
        at__range=(row.at - minute, row.at + minute),
        request_id=row.request_id,
    )
    return list(found.exclude(pk=row.pk).order_by("pk")[:TOGETHER])


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _name_of_organization(key: str) -> str:
    """Its name now; the key itself where no organization has it."""
    known = _key(key)
    found = Organization.objects.filter(pk=known).first() if known else None
    return found.name if found else key


def _linked(model: str, key: str, text: str) -> Link | str | None:
    if not key:
        return text or None
    return page_of(model, key, text)


def _details(details: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    for name, value in details.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(value, list) and len(value) == len(("before", "after")):
            before, after = value
            yield label, _shown(before), _shown(after)
        else:
            yield label, _shown(value), ""


def _shown(value: Any) -> str:
    if value in ("", None):
        return "empty"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
