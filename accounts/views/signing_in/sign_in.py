"""Signing in with user ID, password and Statement of Truth; signing out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.signing_in import SignInForm
from accounts.policy import signing_in
from accounts.signing_in import sign_in
from accounts.signing_in.pending import PendingSignIn
from accounts.views.signing_in import known_browser
from accounts.views.signing_in.second_factor import ask_for_code
from accounts.words import about_sessions, statement
from qpp_registration.requests import received_at

REFUSED = (
    "The User ID or password isn’t right. "
    "After 5 wrong tries in 2 hours, signing in is locked for 60 minutes. "
    "A new password ends the lock."
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """User ID, password and *Yes, I agree* (2023 guide, III.2 and III.3)."""
    if request.user.is_authenticated:
        return redirect(signing_in.local_path(request.GET.get("next", "")) or "home")
    if request.method != "POST":
        form = SignInForm(initial={"next": signing_in.local_path(request.GET.get("next", ""))})
        return _page(request, form)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    user = sign_in.check_password(
        user_id=form.cleaned_data["user_id"],
        password=form.cleaned_data["password"],
        browser_id=known_browser.browser_id(request),
        received_at=received_at(request),
    )
    if user is None:
        form.add_error("password", REFUSED)
        return _page(request, form)
    pending = PendingSignIn.begin(
        request.session,
        user=user,
        next_path=form.cleaned_data["next"],
        received_at=received_at(request),
    )
    return ask_for_code(request, pending, user)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Delete the session on the server and its cookies in the browser.

    Pages are never cached, so that there is no cache to clear. All cookies aren't cleared, because
    the browser stays a known one (`accounts.views.signing_in.known_browser`).
    """
    if request.user.is_authenticated:
        sign_in.record_sign_out(user=request.user)
    logout(request)
    response = redirect("signed_out")
    response.headers["Clear-Site-Data"] = '"storage"'
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    return response


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """On to the front page, which says so. A page of its own, because browsers drop the cookie of
    a message that comes together with Clear-Site-Data.
    """
    if not request.user.is_authenticated:
        messages.success(request, "You are signed out.")
    return HttpResponseRedirect(reverse("front"))


def _page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    return render(
        request,
        "accounts/signing_in/sign_in.html",
        {
            "form": form,
            "statement": statement,
            "why": "" if form.is_bound else _why(request.GET.get("why", "")),
            "idle": about_sessions.span(settings.SESSION_IDLE_SECONDS),
        },
    )


def _why(code: str) -> str:
    return about_sessions.why_signed_out(
        code,
        idle_seconds=settings.SESSION_IDLE_SECONDS,
        absolute_seconds=settings.SESSION_ABSOLUTE_SECONDS,
    )
