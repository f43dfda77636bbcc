"""*My Account*: profile, password and e-mail."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.enums import LinkPurpose
from accounts.forms.people import ChangePasswordForm, NewEmailForm, ProfileForm
from accounts.guards import mail_requests
from accounts.messages.links import LinkEnded
from accounts.models import User
from accounts.people import new_email, passwords, profiles
from accounts.signing_in import sign_in
from accounts.views.people import links
from accounts.views.signing_in import known_browser
from accounts.views.signing_in.proof import REFUSED, recent_proof_required
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

TOO_MANY = "Five mails were sent for your account in the last hour. Try again in an hour."


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and phone."""
    user = _person(request)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={
            "first_name": user.first_name,
            "last_name": user.last_name,
            "phone": show_phone(user.phone),
        },
    )
    if form.is_valid():
        if profiles.change_profile(user=user, **form.cleaned_data):
            messages.success(request, "Your profile is changed.")
        else:
            messages.info(request, "Nothing was changed.")
        return redirect("account")
    return render(request, "accounts/people/profile.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current", "new_password", "repeated")
def change_password(request: HttpRequest) -> HttpResponse:
    """The old password and a new one. Sessions elsewhere end with their next request."""
    user = _person(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if not sign_in.check_own_password(
            user=user,
            password=form.cleaned_data["current"],
            browser_id=known_browser.browser_id(request),
            received_at=received_at(request),
        ):
            form.add_error("current", REFUSED)
        else:
            try:
                changed = passwords.change_password(
                    user=user,
                    password=form.cleaned_data["new_password"],
                    own_key=request.session.session_key,
                    received_at=received_at(request),
                )
            except Refused as error:
                form.add_error("new_password", str(error))
            else:
                update_session_auth_hash(request, changed)
                messages.success(
                    request,
                    "Your password is changed. Other browsers that were signed in are signed out.",
                )
                return redirect("account")
    return render(request, "accounts/people/change_password.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def change_email(request: HttpRequest) -> HttpResponse:
    """A new address; a link goes there, and the old one stays until it is used."""
    user = _person(request)
    form = NewEmailForm(request.POST if request.method == "POST" else None, now=user.email)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            new_email.ask_for_new_email(user=user, email=email, received_at=received_at(request))
        except mail_requests.TooMany:
            form.add_error("email", TOO_MANY)
        else:
            messages.success(request, f"A link is on its way to {email}.")
            return redirect("change_email")
    waiting = new_email.waiting(user=user, received_at=received_at(request))
    context = {
        "form": form,
        "waiting": waiting,
        "until": show_day_and_time(waiting.expires_at) if waiting else "",
    }
    return render(request, "accounts/people/change_email.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest) -> HttpResponse:
    """Behind the link in the new mailbox; open in any browser, since it shows the mailbox."""
    link = links.opened(request, LinkPurpose.EMAIL)
    if link is None:
        return links.ended(request)
    if request.method == "POST":
        try:
            new_email.confirm(link=link, received_at=received_at(request))
        except LinkEnded:
            return links.ended(request)
        links.close(request)
        messages.success(request, f"Your e-mail is now {link.email}.")
        return redirect("account" if request.user.is_authenticated else "sign_in")
    return render(request, "accounts/people/confirm_email.html", {"link": link})


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    return user
