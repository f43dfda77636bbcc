"""The staff's queue of role requests: the first Security Official, unknown identifiers, delays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, DateTimeField, Exists, OuterRef, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.timesince import timesince

from accounts.actors import Actor, staff
from accounts.admin.base import StaffModelAdmin
from accounts.enums import RoleName, RoleRequestStatus
from accounts.models import Role, RoleRequest
from accounts.role_decisions import approve_request, deny_request, match_request, why_not
from accounts.role_forms import OrganizationForm, ReasonForm, StaffReasonForm
from accounts.role_words import explain
from accounts.views.lookup import person
from accounts.views.proof import recent_proof_required
from organizations.enums import OrganizationKind
from qpp_registration.errors import Refused
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

ONE = "admin:accounts_rolerequest_change"
PENDING_FIRST = Case(When(status=RoleRequestStatus.PENDING, then=Value(0)), default=Value(1))
Deed = Callable[[forms.Form, Actor], RoleRequest]


class WhoDecides(admin.SimpleListFilter):
    """Whether the organization was found, and has anybody who can decide."""

    title = "organization"
    parameter_name = "organization"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The cases that need CMS staff first."""
        return [
            ("unknown", "Not found"),
            ("nobody", "Without a Security Official"),
            ("officials", "With a Security Official"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The requests of the chosen case."""
        officials = Role.objects.filter(
            organization=OuterRef("organization"),
            name=RoleName.SECURITY_OFFICIAL,
            user__is_active=True,
        ).exclude(user=OuterRef("user"))
        match self.value():
            case "unknown":
                return queryset.filter(organization=None)
            case "nobody":
                return queryset.filter(~Exists(officials), organization__isnull=False)
            case "officials":
                return queryset.filter(Exists(officials))
        return queryset


@admin.register(RoleRequest)
class RoleRequestAdmin(StaffModelAdmin):
    """Read here, decided on pages that call the services. No search: addresses hold no TIN."""

    list_display = ("who", "role", "given", "found", "waiting", "status")
    list_filter = ("status", WhoDecides, "role")
    list_select_related = ("user", "organization")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleRequest]:
        """All requests, with the time at which they are looked at."""
        looked_at = Value(received_at(request), output_field=DateTimeField())
        return super().get_queryset(request).annotate(looked_at=looked_at)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Pending ones first, and of them the one that waits longest."""
        return (PENDING_FIRST, "asked_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """The pages that decide, before the admin's own."""
        pages = {"approve": self.approve, "deny": self.deny, "match": self.match}
        decide: list[Any] = [
            path(
                f"<uuid:request_id>/{name}/",
                self.admin_site.admin_view(recent_proof_required(page)),
                name=f"role_request_{name}",
            )
            for name, page in pages.items()
        ]
        return decide + super().get_urls()

    @admin.display(description="Who asks", ordering="user__last_name")
    def who(self, asked: RoleRequest) -> str:
        """The person's name."""
        return asked.user.full_name

    @admin.display(description="As given")
    def given(self, asked: RoleRequest) -> str:
        """Kind and identifier that the person gave."""
        return f"{asked.kind_label}, {asked.identifier_label} {asked.given_identifier}"

    @admin.display(description="Organization", ordering="organization__name")
    def found(self, asked: RoleRequest) -> str:
        """Which organization has the identifier."""
        return asked.organization.name if asked.organization else "Not found"

    @admin.display(description="Undecided for", ordering="asked_at")
    def waiting(self, asked: Any) -> str:
        """How long it has waited, or did."""
        return timesince(asked.asked_at, asked.decided_at or asked.looked_at)

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """One request, with what may be done about it."""
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return self._page(request, "request", self._asked(key))

    def approve(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Grant the role."""
        return self._decide(
            request,
            request_id,
            StaffReasonForm,
            "approve",
            lambda _form, actor: approve_request(
                request_id=request_id, actor=actor, received_at=received_at(request)
            ),
        )

    def deny(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Deny with a reason that the person reads."""
        return self._decide(
            request,
            request_id,
            ReasonForm,
            "deny",
            lambda form, actor: deny_request(
                request_id=request_id,
                reason=form.cleaned_data["reason"],
                actor=actor,
                received_at=received_at(request),
            ),
        )

    def match(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Say which organization was meant."""
        return self._decide(
            request,
            request_id,
            OrganizationForm,
            "match",
            lambda form, actor: match_request(
                request_id=request_id,
                kind=OrganizationKind(form.cleaned_data["kind"]),
                identifier=form.cleaned_data["identifier"],
                actor=actor,
                received_at=received_at(request),
            ),
        )

    def _decide(
        self,
        request: HttpRequest,
        request_id: UUID,
        form_class: type[forms.Form],
        name: str,
        deed: Deed,
    ) -> HttpResponse:
        """The form of one deed; afterwards the request as it is then."""
        asked = self._asked(request_id)
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid():
            actor = staff(person(request), form.cleaned_data.get("reason", ""))
            try:
                deed(form, actor)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, DONE[name].format(asked.user.full_name))
                return redirect(ONE, request_id)
        return self._page(request, name, asked, form=form)

    def _asked(self, request_id: UUID) -> RoleRequest:
        found = RoleRequest.objects.select_related("user", "organization", "decided_by")
        return get_object_or_404(found, pk=request_id)

    def _page(
        self, request: HttpRequest, name: str, asked: RoleRequest, **more: Any
    ) -> HttpResponse:
        actor, at = staff(person(request)), received_at(request)
        why = why_not(asked, actor, at)
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[name],
            "opts": self.opts,
            "asked": asked,
            "given": self.given(asked),
            "work_phone": show_phone(asked.work_phone),
            "why_not": explain(why, waits_since=asked.waits_since) if why else "",
            **more,
        }
        template = f"admin/accounts/rolerequest/{name}.html"
        form = more.get("form")
        status = 422 if form and form.errors else 200
        return render(request, template, context, status=status)


TITLES = {
    "request": "Role request",
    "approve": "Approve the role request",
    "deny": "Deny the role request",
    "match": "Find the organization",
}
DONE = {
    "approve": "Approved. {} is told by e-mail.",
    "deny": "Denied. {} is told by e-mail.",
    "match": "The organization that {} meant is set.",
}
