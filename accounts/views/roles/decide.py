"""Security Officials decide what their organizations are asked for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor, official
from accounts.enums import RoleName
from accounts.forms.roles import ReasonForm
from accounts.models import RoleRequest
from accounts.roles.access import organizations_to_act_for
from accounts.roles.decisions import approve_request, deny_request, why_not
from accounts.roles.listed_requests import to_decide
from accounts.views.lookup import person
from accounts.views.roles.trails import trail
from accounts.views.signing_in.proof import recent_proof_required
from accounts.words.about_roles import EXPLAINED, explain, outcome
from organizations.enums import OrganizationKind
from qpp_registration.errors import Refused
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

PAGE = 25


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All pending requests of all organizations that the person may decide for."""
    found = to_decide(person(request), received_at(request))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "trail": trail(("Requests to decide", ""))}
    return render(request, "accounts/roles/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def approve(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask whether to approve, and approve."""
    actor, refused = official(person(request)), ""
    if request.method == "POST":
        try:
            approve_request(request_id=request_id, actor=actor, received_at=received_at(request))
        except RoleRequest.DoesNotExist:
            raise Http404 from None
        except Refused as error:
            refused = str(error)
        else:
            return _done(request, request_id)
    context = decision(request, request_id, actor, refused=refused, approves=True)
    status = 409 if refused else 200
    return render(request, "accounts/roles/approve.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def deny(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask for the reason, and deny."""
    actor, refused = official(person(request)), ""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deny_request(
                request_id=request_id,
                reason=form.cleaned_data["reason"],
                actor=actor,
                received_at=received_at(request),
            )
        except RoleRequest.DoesNotExist:
            raise Http404 from None
        except Refused as error:
            refused = str(error)
        else:
            return _done(request, request_id)
    context = decision(request, request_id, actor, refused=refused) | {"form": form}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "accounts/roles/deny.html", context, status=status)


def decision(
    request: HttpRequest,
    request_id: UUID,
    actor: Actor,
    *,
    refused: str = "",
    approves: bool = False,
) -> dict[str, Any]:
    """What a page shows on which a Security Official decides."""
    asked = _theirs(request, request_id)
    why = why_not(asked, actor, received_at(request), approves=approves)
    if why and not refused:
        refused = decided(asked) or explain(why, waits_since=asked.waits_since)
    return {
        **shown(asked),
        "refused": refused,
        "trail": trail(
            ("Requests to decide", reverse("requests_to_decide")),
            ("Approve" if approves else "Deny", ""),
        ),
    }


def shown(asked: RoleRequest) -> dict[str, Any]:
    """A request as those who decide read it."""
    organization = asked.organization
    return {
        "asked": asked,
        "kind": OrganizationKind(organization.kind) if organization else None,
        "work_phone": show_phone(asked.work_phone),
        "explained": EXPLAINED[RoleName(asked.role)],
    }


def decided(asked: RoleRequest) -> str:
    """How the request ended; empty while it is pending."""
    if asked.decided_at is None or asked.organization is None:
        return ""
    return outcome(
        status=asked.get_status_display(),
        by=asked.decided_by_name,
        at=asked.decided_at,
        person=asked.user.full_name,
        role=asked.get_role_display(),
        where=asked.organization.name,
    )


def _theirs(request: HttpRequest, request_id: UUID) -> RoleRequest:
    """A request of somebody else at an organization of which the person is Security Official."""
    return get_object_or_404(
        RoleRequest.objects.select_related("user", "organization").exclude(user=person(request)),
        pk=request_id,
        organization__in=organizations_to_act_for(person(request)),
    )


def _done(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Back to what is left to decide, with the outcome; somebody else may have been first."""
    messages.success(request, decided(_theirs(request, request_id)))
    return redirect("requests_to_decide")
