"""*Look up a caller*: one field, and one page with what blocks the caller and what to say.

What is typed comes by POST and leads to an address with a key, so that it stands in none.
"""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import staff
from accounts.admin.deeds import Fact, Link, Section
from accounts.admin.people import facts_of
from accounts.admin.person_sections import (
    mails_section,
    organization_page,
    requests_section,
    told_section,
    what_blocks,
)
from accounts.enums import RoleName
from accounts.models import User
from accounts.policy.account import why_not_viewed
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.support.person_state import state_of_person
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.requests import received_at
from qpp_registration.staff_site import StaffSite
from registrations.forms.staff.callers import CallerForm
from registrations.support import callers
from registrations.support.organization_state import OrganizationState, states_of

TOGETHER = 5  # organizations on the page of a person


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def look_up(request: HttpRequest) -> HttpResponse:
    """The field; what it finds, or the page of the only one that it finds."""
    _require_right(request)
    if "open" in request.POST:
        return _open(request)
    form = CallerForm(request.POST if request.method == "POST" else None, label_suffix="")
    found = None
    if form.is_valid():
        found = callers.look_up(form.cleaned_data["text"], actor=staff(person(request)))
        if len(found.hits) == 1:
            return redirect(_page_of(found.hits[0].is_person, found.hits[0].key))
    context = {"title": "Look up a caller", "form": form, "found": found}
    status = 422 if form.errors else 200
    return _render(request, "admin/callers.html", context, status=status)


@require_safe
def person_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """A caller who has an account: what blocks it, then their organizations."""
    _require_right(request)
    user = get_object_or_404(User, pk=key)
    at = received_at(request)
    state = state_of_person(user, received_at=at)
    organizations = states_of(
        [role.organization_id for role in state.roles[:TOGETHER]], received_at=at
    )
    note = f"The first {TOGETHER} of {state.number_of_roles} organizations are told of here."
    context = {
        "title": user.full_name,
        "facts": _given(facts_of(request, user)),
        "links": list(_links_of_person(request, user)),
        "note": note if state.number_of_roles > TOGETHER else "",
        "sections": [
            what_blocks(state),
            *(_organization_section(one, leads=True) for one in organizations),
            requests_section(state.requests, title="Role requests"),
            mails_section(state.lost, sees=has_right(request.user, Right.SEE_CONTACTS)),
        ],
    }
    return _render(request, "admin/caller.html", context)


@require_safe
def organization_caller_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """An organization that a caller is of."""
    _require_right(request)
    states = states_of([key], received_at=received_at(request))
    if not states:
        raise Http404
    state = states[0]
    context = {
        "title": state.organization.name,
        "facts": _given(_facts_of_organization(state)),
        "links": list(_links_of_organization(request, state)),
        "sections": [
            _organization_section(state, leads=False),
            _people(state),
            requests_section(state.requests, title="Pending role requests", with_person=True),
            mails_section(state.lost, sees=has_right(request.user, Right.SEE_CONTACTS)),
        ],
    }
    return _render(request, "admin/caller.html", context)


def _open(request: HttpRequest) -> HttpResponse:
    """One of several that were found."""
    kind, _, text = request.POST["open"].partition(":")
    try:
        key = UUID(text)
    except ValueError:
        raise Http404 from None
    is_person = kind == "person"
    if not callers.choose(is_person=is_person, key=key, actor=staff(person(request))):
        raise Http404
    return redirect(_page_of(is_person, key))


def _page_of(is_person: bool, key: UUID) -> str:  # noqa: FBT001 - of a hit
    return reverse(f"admin:callers_{'person' if is_person else 'organization'}", args=[key])


def _require_right(request: HttpRequest) -> None:
    if not has_right(request.user, Right.LOOK_UP_CALLERS):
        raise PermissionDenied


def _given(facts: Iterable[Fact]) -> list[Fact]:
    return [(label, value) for label, value in facts if value is not None]


def _facts_of_organization(state: OrganizationState) -> Iterable[Fact]:
    organization = state.organization
    kind = OrganizationKind(organization.kind)
    yield "Kind", kind.in_tab
    yield kind.identifier_label, organization.shown_identifier
    yield "Registration ID", str(state.number) if state.number else "None yet"


def _links_of_person(request: HttpRequest, user: User) -> Iterable[tuple[str, str]]:
    yield "The person’s page", reverse("admin:accounts_user_change", args=[user.pk])
    possible = not why_not_viewed(is_staff=user.is_staff, is_active=user.is_active)
    if possible and has_right(request.user, Right.VIEW_AS):
        yield "View as this person", reverse("admin:accounts_user_view-as", args=[user.pk])


def _links_of_organization(
    request: HttpRequest, state: OrganizationState
) -> Iterable[tuple[str, str]]:
    key = state.organization.pk
    yield "The organization’s page", organization_page(key)
    if not any(role.name == RoleName.SECURITY_OFFICIAL for role in state.people):
        queue = reverse("admin:accounts_rolerequest_changelist")
        yield "Requests of first Security Officials", f"{queue}?organization=nobody"
    if has_right(request.user, Right.VIEW_AS):
        address = reverse("admin:organizations_organization_view-as", args=[key])
        yield "View as this organization", address


def _organization_section(state: OrganizationState, *, leads: bool) -> Section:
    """What blocks an organization. `leads`: to its own page, from that of a person."""
    organization = state.organization
    address = _page_of(False, organization.pk) if leads else ""  # noqa: FBT003
    return told_section(
        Link(f"{organization.name}: what blocks it, and what to say", address),
        [
            (None, state.told),
            *(
                (Link(one.name, _registration_page(one.enrollment_id)), one.told)
                for one in state.offerings
            ),
        ],
    )


def _registration_page(enrollment_id: int | None) -> str:
    if enrollment_id is None:
        return ""
    return reverse("admin:registrations_enrollment_change", args=[enrollment_id])


def _people(state: OrganizationState) -> Section:
    return Section(
        title="Connected users",
        columns=("Person", "Role", "Account"),
        rows=[
            (
                Link(role.user.full_name, _page_of(True, role.user_id)),  # noqa: FBT003
                role.get_name_display(),
                "Active" if role.user.is_active else "Disabled",
            )
            for role in state.people
        ],
        empty="Nobody.",
    )


def _render(
    request: HttpRequest, template: str, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**admin.site.each_context(request), **more}
    return render(request, template, context, status=status)


SITE = cast(StaffSite, admin.site)
SITE.add_page("callers/", look_up, name="callers")
SITE.add_page("callers/people/<uuid:key>/", person_page, name="callers_person")
SITE.add_page(
    "callers/organizations/<uuid:key>/", organization_caller_page, name="callers_organization"
)
