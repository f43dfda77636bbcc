"""*Connected users* of an organization: who they are, changing and ending roles, handing over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import official
from accounts.enums import RoleName
from accounts.forms.roles import HandOverForm
from accounts.models import Role
from accounts.policy.roles import may_change_roles
from accounts.roles.connected_users import (
    Connections,
    connected_users,
    connections_of,
    people_to_hand_over_to,
)
from accounts.roles.granting import change_role, end_role, hand_over, is_last_official
from accounts.roles.listed_requests import to_decide_of
from accounts.views.lookup import person
from accounts.views.roles.trails import trail
from accounts.views.signing_in.proof import recent_proof_required
from accounts.words.about_roles import EXPLAINED, LAST_OFFICIAL
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at

TITLE = "Connected users"
LISTED = 10  # pending requests on the page; the rest stand among the requests to decide


@require_safe
def users(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """The connected users, for those who are connected themselves."""
    user = person(request)
    connections = _connections(request, organization_id)
    page, rows = connected_users(organization_id, user, number=request.GET.get("page"))
    waiting = (
        list(to_decide_of(user, received_at(request), organization_id)[: LISTED + 1])
        if connections.is_official
        else []
    )
    context = {
        "connections": connections,
        "organization": connections.organization,
        "kind": OrganizationKind(connections.organization.kind),
        "users": rows,
        "page": page,
        "waiting": waiting[:LISTED],
        "more_waiting": len(waiting) > LISTED,
        "trail": trail((connections.organization.name, "")),
    }
    return render(request, "accounts/roles/connected_users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def change(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Ask whether to give the person the other role, and give it."""
    role = _role(request, role_id, after=RoleName.STAFF_USER)
    other = _other(role.name)
    refused = _refusal(role, other)
    if request.method == "POST":
        try:
            changed = change_role(
                role_id=role_id,
                name=_wanted(request, other),
                actor=official(person(request)),
                received_at=received_at(request),
            )
        except Role.DoesNotExist:
            raise Http404 from None
        except Refused as error:
            refused = str(error)
        else:
            name, label = changed.user.full_name, changed.get_name_display()
            messages.success(request, f"{name} is {label} now.")
            return redirect("connected_users", role.organization_id)
    context = _about(request, role, "Change role", refused) | {
        "other": other,
        "explained": EXPLAINED[other],
    }
    return render(request, "accounts/roles/change_role.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def end(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Ask whether to end the role, and end it. One's own: leave."""
    role = _role(request, role_id, after=None)
    refused = _refusal(role, None)
    is_mine = role.user_id == person(request).pk
    if request.method == "POST":
        try:
            end_role(
                role_id=role_id, actor=official(person(request)), received_at=received_at(request)
            )
        except Role.DoesNotExist:
            raise Http404 from None
        except Refused as error:
            refused = str(error)
        else:
            return _left(request, role) if is_mine else _ended(request, role)
    context = _about(request, role, "Leave" if is_mine else "End role", refused)
    return render(request, "accounts/roles/end_role.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def give_over(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Choose who takes over, and hand over."""
    connections = _connections(request, organization_id)
    mine = connections.role
    if not connections.is_official:
        raise Http404
    choices = people_to_hand_over_to(mine)
    form = HandOverForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        stays = form.cleaned_data["afterwards"] == "stay"
        try:
            heir = hand_over(
                role_id=mine.pk,
                to_role_id=UUID(form.cleaned_data["to"]),
                stays=stays,
                actor=official(person(request)),
                received_at=received_at(request),
            )
        except Role.DoesNotExist:
            raise Http404 from None
        said = f"{heir.user.full_name} is Security Official of {connections.organization.name}"
        mine_now = "you are Staff User" if stays else "you are no longer connected to it"
        messages.success(request, f"{said}, and {mine_now}.")
        return redirect("connected_users", organization_id) if stays else redirect("manage_access")
    context = _about(request, mine, "Hand over", "") | {"form": form, "choices": choices}
    status = 422 if form.errors else 200
    return render(request, "accounts/roles/hand_over.html", context, status=status)


def _connections(request: HttpRequest, organization_id: UUID) -> Connections:
    try:
        return connections_of(organization_id, person(request))
    except Organization.DoesNotExist:
        raise Http404 from None


def _role(request: HttpRequest, role_id: UUID, *, after: RoleName | None) -> Role:
    """A role that the person may change so; 404 for every other."""
    role = Role.objects.select_related("user", "organization").filter(pk=role_id).first()
    mine = (
        role
        and Role.objects.filter(user=person(request), organization=role.organization_id).first()
    )
    if role is None or not may_change_roles(
        role=RoleName(mine.name) if mine else None,
        is_own=role.user_id == person(request).pk,
        after=after,
    ):
        raise Http404
    return role


def _refusal(role: Role, after: RoleName | None) -> str:
    return LAST_OFFICIAL if is_last_official(role, after=after) else ""


def _other(name: str) -> RoleName:
    official_name = RoleName.SECURITY_OFFICIAL
    return RoleName.STAFF_USER if name == official_name else official_name


def _wanted(request: HttpRequest, other: RoleName) -> RoleName:
    """The role that the page offered: pressing twice doesn't change it back."""
    text = request.POST.get("role", "")
    return RoleName(text) if text in RoleName.values else other


def _status(request: HttpRequest) -> int:
    """Of a page that is shown instead of doing what was asked."""
    return 409 if request.method == "POST" else 200


def _about(request: HttpRequest, role: Role, here: str, refused: str) -> dict[str, Any]:
    name, organization = role.organization.name, role.organization
    return {
        "role": role,
        "organization": organization,
        "kind": OrganizationKind(organization.kind),
        "is_mine": role.user_id == person(request).pk,
        "refused": refused,
        "trail": trail((name, reverse("connected_users", args=[organization.pk])), (here, "")),
    }


def _left(request: HttpRequest, role: Role) -> HttpResponse:
    messages.success(request, f"You are no longer connected to {role.organization.name}.")
    return redirect("manage_access")


def _ended(request: HttpRequest, role: Role) -> HttpResponse:
    name, where = role.user.full_name, role.organization.name
    messages.success(request, f"{name} is no longer connected to {where}.")
    return redirect("connected_users", role.organization_id)
