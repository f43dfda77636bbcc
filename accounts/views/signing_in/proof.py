"""*Confirm It’s You*: password and code once more, before something sensitive is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.signing_in import OwnPasswordForm
from accounts.models import User
from accounts.policy import signing_in
from accounts.sessions import kept, times
from accounts.signing_in import sign_in
from accounts.signing_in.pending import PendingSignIn
from accounts.signing_in.way_back import way_back
from accounts.views.signing_in import known_browser
from accounts.views.signing_in.second_factor import ask_for_code
from qpp_registration.requests import prefers_json, received_at

REFUSED = (
    "This isn’t your password. After 5 wrong tries in 2 hours, you have to wait for 60 minutes."
)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def recent_proof_required(view: View) -> View:
    """A view for people who gave password and code at most five minutes ago (ASVS 7.5.1).

    Others are asked for both and come back; a form that they sent isn't looked at before. A view
    that is also `kept_over_sign_out` shows them what they had typed. Who only looks at the site as
    somebody else proved it when that began, and can send nothing.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_proved = times.is_proved(request.session, received_at=received_at(request))
        if is_proved or hasattr(request, "viewer"):
            return view(request, *args, **kwargs)
        if prefers_json(request):
            return JsonResponse({"status": "proof_needed", "says": "Confirm it’s you"}, status=403)
        if kept.keeps_typed(request):
            kept.keep_typed(request)
        query = urlencode({"next": way_back(request)})
        return HttpResponseRedirect(f"{reverse('confirm_identity')}?{query}")

    return cast(View, inner)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def confirm_identity(request: HttpRequest) -> HttpResponse:
    """Ask for the password; the code comes next, as when signing in."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    if request.method != "POST":
        asked_for = signing_in.local_path(request.GET.get("next", ""))
        form = OwnPasswordForm(initial={"next": asked_for})
        return render(request, "accounts/signing_in/confirm_identity.html", {"form": form})
    form = OwnPasswordForm(request.POST)
    if form.is_valid():
        if sign_in.check_own_password(
            user=user,
            password=form.cleaned_data["password"],
            browser_id=known_browser.browser_id(request),
            received_at=received_at(request),
        ):
            pending = PendingSignIn.begin_proof(
                request.session,
                user=user,
                next_path=form.cleaned_data["next"],
                received_at=received_at(request),
            )
            return ask_for_code(request, pending, user)
        form.add_error("password", REFUSED)
    return render(request, "accounts/signing_in/confirm_identity.html", {"form": form})
