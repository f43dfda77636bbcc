"""*Connect to Organization*: ask for a role, see where the request stands, withdraw it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import official
from accounts.enums import RoleRequestStatus
from accounts.forms.roles import ConnectForm, reviewed
from accounts.models import RoleRequest
from accounts.policy.roles import expires_at
from accounts.roles.access import organizations_visible_to
from accounts.roles.listed_requests import own_requests
from accounts.roles.requests import ask_for_role, withdraw_request
from accounts.sessions import kept
from accounts.views.lookup import person
from accounts.views.roles.trails import trail
from accounts.words.about_roles import WHO_DECIDES
from qpp_registration.clock import moment
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at

CONNECT = "Connect to Organization"
PAGE = 25


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """The form, its review, and the request itself; what was typed travels in the page."""
    user = person(request)
    if request.method != "POST":
        typed = kept.kept_for(request.session, user_id=str(user.pk), path=request.path)
        return _form(
            request, ConnectForm(initial=typed.dict() if typed else _connected_to(request))
        )
    kept.forget(request.session)
    if "edit" in request.POST:
        return _form(request, ConnectForm(initial=request.POST.dict()))
    form = ConnectForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if "submit" not in request.POST:
        return _review(request, form)
    try:
        asked = ask_for_role(
            wanted=form.wanted(), actor=official(user), received_at=received_at(request)
        )
    except Refused as error:
        form.add_error(None, str(error))
        return _form(request, form, status=409)
    return redirect("role_request", asked.pk)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that the person asked for and that isn't an organization on their list."""
    found = own_requests(person(request), received_at(request))
    context = {
        "trail": trail(("My requests", "")),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "accounts/roles/own_requests.html", context)


@require_safe
def role_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Where an own request stands; the heading says it."""
    return render(request, "accounts/roles/request.html", _own(request, request_id))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask whether to withdraw an own request, and withdraw it."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            withdraw_request(
                request_id=request_id,
                actor=official(person(request)),
                received_at=received_at(request),
            )
        except RoleRequest.DoesNotExist:
            raise Http404 from None
        except Refused as error:
            refused, status = str(error), 409
        else:
            messages.success(request, "Your request is withdrawn. Nobody will decide it.")
            return redirect("manage_access")
    context = _own(request, request_id)
    if context["asked"].status != RoleRequestStatus.PENDING and not refused:
        refused = "This request isn’t pending any more."
    context |= {"refused": refused}
    return render(request, "accounts/roles/withdraw.html", context, status=status)


def _connected_to(request: HttpRequest) -> dict[str, str]:
    """Kind and identifier of an own organization that the address names: for another role there."""
    try:
        key = UUID(request.GET.get("organization", ""))
    except ValueError:
        return {}
    found = organizations_visible_to(person(request)).filter(pk=key).first()
    return {"kind": found.kind, "identifier": found.shown_identifier} if found else {}


def _own(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    asked = get_object_or_404(
        RoleRequest.objects.select_related("organization"), pk=request_id, user=person(request)
    )
    return {
        "asked": asked,
        "expires_at": moment(expires_at(asked.asked_at)),
        "who_decides": WHO_DECIDES,
        "trail": trail(("Role request", "")),
    }


def _form(request: HttpRequest, form: ConnectForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "who_decides": WHO_DECIDES, "trail": trail((CONNECT, ""))}
    return render(request, "accounts/roles/connect.html", context, status=status)


def _review(request: HttpRequest, form: ConnectForm) -> HttpResponse:
    context = {
        "facts": reviewed(form.wanted()),
        "typed": _typed(request.POST, form),
        "who_decides": WHO_DECIDES,
        "trail": trail((CONNECT, "")),
    }
    return render(request, "accounts/roles/review.html", context)


def _typed(data: QueryDict, form: ConnectForm) -> list[tuple[str, str]]:
    """What was typed, as it was: changing it goes on from there."""
    return [(name, data.get(name, "")) for name in form.fields]
