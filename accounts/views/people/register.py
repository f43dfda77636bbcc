"""*Register*: profile, *Check your mail*, then user ID and password."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import LinkPurpose
from accounts.forms.people import FinishForm, RegisterForm
from accounts.guards import mail_requests
from accounts.messages.links import LinkEnded
from accounts.people import register
from accounts.people.register import UserIdTaken
from accounts.policy.account import LINK_LIFE
from accounts.views.people import links
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at

TOO_MANY = (
    "Too many mails were asked for from your network in the last hour. "
    "Try again in an hour, or contact the Quality Payment Program."
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_account(request: HttpRequest) -> HttpResponse:
    """Name, e-mail and phone."""
    if request.user.is_authenticated:
        return redirect("home")
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            register.ask_to_register(**form.cleaned_data, received_at=received_at(request))
        except mail_requests.TooMany:
            form.add_error(None, TOO_MANY)
            return render(
                request, "accounts/people/create_account.html", {"form": form}, status=429
            )
        return redirect("create_account_sent")
    return render(request, "accounts/people/create_account.html", {"form": form})


@login_not_required
@require_safe
def create_account_sent(request: HttpRequest) -> HttpResponse:
    """*Check Your Mail*, the same whether or not there is an account."""
    return render(
        request, "accounts/people/create_account_sent.html", {"minutes": minutes_of_links()}
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new_password", "repeated")
def finish_account(request: HttpRequest) -> HttpResponse:
    """User ID and password, behind the link. Then the person signs in."""
    link = links.opened(request, LinkPurpose.REGISTER)
    if link is None:
        return links.ended(request)
    form = FinishForm(request.POST if request.method == "POST" else None, link=link)
    if form.is_valid():
        try:
            register.finish(
                link=link,
                user_id=form.cleaned_data["user_id"],
                password=form.cleaned_data["new_password"],
                received_at=received_at(request),
            )
        except LinkEnded:
            return links.ended(request)
        except UserIdTaken as error:
            form.add_error("user_id", str(error))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(
                request,
                "Your account is ready. Sign in; then you set up the device for your codes.",
            )
            return redirect("sign_in")
    return render(request, "accounts/people/finish_account.html", {"form": form, "link": link})


def minutes_of_links() -> int:
    """How long a mailed link works."""
    return int(LINK_LIFE.total_seconds() // 60)
