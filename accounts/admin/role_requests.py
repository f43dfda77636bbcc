"""The staff's queue of role requests: the first Security Official, unknown identifiers, delays."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timesince import timesince

from accounts.actors import Actor, staff
from accounts.admin.deeds import Deed, Fact, Link
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.person_sections import organization_page
from accounts.admin.words import status_of, unbroken
from accounts.enums import RoleName, RoleRequestStatus
from accounts.exports.lists import ROLE_REQUESTS
from accounts.forms.roles import MatchForm, ReasonForm, StaffReasonForm
from accounts.models import Role, RoleRequest
from accounts.models.role_requests import WAITS_SINCE, IsSettled
from accounts.policy.rights import Right
from accounts.roles.decisions import approve_request, deny_request, match_request, why_not
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from accounts.words.about_roles import explain
from organizations.enums import OrganizationKind
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at


class WhoDecides(admin.SimpleListFilter):
    """What waits: whether the organization was found, and has anybody who can decide."""

    title = "what waits"
    parameter_name = "organization"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The cases that need CMS staff first."""
        return [
            ("unknown", "Organization not found"),
            ("nobody", "Organization without a Security Official"),
            ("officials", "Organization with a Security Official"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The pending requests of the chosen case."""
        pending = queryset.filter(status=RoleRequestStatus.PENDING)
        officials = Role.objects.filter(
            organization=OuterRef("organization"),
            name=RoleName.SECURITY_OFFICIAL,
            user__is_active=True,
        ).exclude(user=OuterRef("user"))
        match self.value():
            case "unknown":
                return pending.filter(organization=None)
            case "nobody":
                return pending.filter(~Exists(officials), organization__isnull=False)
            case "officials":
                return pending.filter(Exists(officials))
        return queryset


def _approve(request: HttpRequest, asked: RoleRequest, _: StaffReasonForm, actor: Actor) -> None:
    approve_request(request_id=asked.pk, actor=actor, received_at=received_at(request))


def _deny(request: HttpRequest, asked: RoleRequest, form: ReasonForm, actor: Actor) -> None:
    deny_request(
        request_id=asked.pk,
        reason=form.cleaned_data["reason"],
        actor=actor,
        received_at=received_at(request),
    )


def _match(request: HttpRequest, asked: RoleRequest, form: MatchForm, actor: Actor) -> None:
    match_request(
        request_id=asked.pk,
        kind=OrganizationKind(form.cleaned_data["kind"]),
        identifier=form.cleaned_data["identifier"],
        actor=actor,
        received_at=received_at(request),
    )


APPROVE = Deed(
    name="approve",
    title="Approve the role request",
    press="Approve",
    right=Right.DECIDE_ROLES,
    form=StaffReasonForm,
    do=_approve,
    done="Approved. {} is told by e-mail.",
    explained="The person gets the role at once, and is told by e-mail, without the reason.",
)
DENY = Deed(
    name="deny",
    title="Deny the role request",
    press="Deny",
    right=Right.DECIDE_ROLES,
    form=ReasonForm,
    do=_deny,
    done="Denied. {} is told by e-mail.",
)
MATCH = Deed(
    name="match",
    title="Find the organization",
    press="Set",
    right=Right.DECIDE_ROLES,
    form=MatchForm,
    do=_match,
    done="The organization that {} meant is set.",
)


@admin.register(RoleRequest)
class RoleRequestAdmin(ListDeedAdmin):
    """Read here, decided on pages that call the services. No search: addresses hold no TIN."""

    list_display = ("who", "role", "given", "found", "waiting", "standing")
    list_note = (
        "Pending ones first, and of them the one that waits the longest: since it was asked, or "
        "since its organization was found."
    )
    list_filter = ("status", WhoDecides, "role")
    list_select_related = ("user", "organization", "decided_by")
    deeds = (APPROVE, DENY, MATCH)
    list_deeds = (export_of("role-requests", ROLE_REQUESTS),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleRequest]:
        """All requests, with the time at which they are looked at."""
        looked_at = Value(received_at(request), output_field=DateTimeField())
        return super().get_queryset(request).annotate(looked_at=looked_at)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Pending ones first; of them the one that nobody touched for the longest time, where
        finding its organization was touching it."""
        return (IsSettled("status"), WAITS_SINCE, "pk")

    @admin.display(description="Who asks", ordering="user__last_name")
    def who(self, asked: RoleRequest) -> str:
        """The person's name."""
        return asked.user.full_name

    @admin.display(description="As given")
    def given(self, asked: RoleRequest) -> str:
        """Kind and identifier that the person gave."""
        identifier = unbroken(f"{asked.identifier_label} {asked.given_identifier}")
        return format_html("{}, {}", asked.kind_label, identifier)

    @admin.display(description="Organization", ordering="organization__name")
    def found(self, asked: RoleRequest) -> str:
        """Which organization has the identifier."""
        return asked.organization.name if asked.organization else "Not found"

    @admin.display(description="Undecided for", ordering="asked_at")
    def waiting(self, asked: Any) -> str:
        """How long it has waited, or did."""
        return timesince(asked.asked_at, asked.decided_at or asked.looked_at)

    @admin.display(description="Status")
    def standing(self, asked: RoleRequest) -> str:
        """How it stands."""
        return status_of(asked)

    def facts(self, request: HttpRequest, row: RoleRequest) -> Iterable[Fact]:
        """Who asks for what, and what became of it."""
        sees = has_right(request.user, Right.SEE_CONTACTS)
        asks = f"{row.user.full_name}, {row.job_title}"
        yield "Who asks", Link(asks, reverse("admin:accounts_user_change", args=[row.user_id]))
        if sees:
            yield "E-mail", row.user.email
            yield "Work phone", show_phone(row.work_phone)
        yield "Role", row.get_role_display()
        yield "As given", self.given(row)
        organization = row.organization
        if organization:
            identifier = unbroken(organization.shown_identifier)
            found = format_html("{}, {}", organization.name, identifier)
            yield "Organization", Link(found, organization_page(organization.pk))
        else:
            yield "Organization", "Not found"
        yield "Note", (row.note or "None") if sees else None
        yield "Requested", row.asked_moment.text
        yield "Status", _status(row)
        yield "Reason", row.reason if sees and row.reason else None

    def offered(self, request: HttpRequest, row: RoleRequest) -> Iterable[Deed]:
        """Approving needs an organization; finding it comes first."""
        if self.why_nothing(request, row):
            return ()
        return (APPROVE, DENY) if row.organization else (MATCH, DENY)

    def why_nothing(self, request: HttpRequest, row: RoleRequest) -> str:
        """Why this person doesn't decide now."""
        why = why_not(row, staff(person(request)), received_at(request))
        return explain(why, waits_since=row.waits_since) if why else ""

    def name_of(self, row: RoleRequest) -> str:
        """Who asks."""
        return row.user.full_name

    def title_of(self, row: RoleRequest) -> str:
        """Whose request it is."""
        return f"Role request of {row.user.full_name}"


def _status(asked: RoleRequest) -> str:
    if not asked.decided_moment:
        return status_of(asked)
    by = asked.decided_by.full_name if asked.decided_by else asked.decided_by_name
    return format_html("{} on {} by {}", status_of(asked), asked.decided_moment.text, by)
