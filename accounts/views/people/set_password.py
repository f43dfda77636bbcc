"""*Set Your Password*: behind the link of a new account and of *Reset password*."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.enums import LinkPurpose
from accounts.forms.signing_in import NewPasswordForm
from accounts.messages.links import LinkEnded
from accounts.people import passwords
from accounts.views.people import links
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new_password", "repeated")
def set_password(request: HttpRequest) -> HttpResponse:
    """Set it once and go to the sign-in page: nobody is signed in by a link."""
    link = links.opened(request, LinkPurpose.PASSWORD)
    if link is None or link.user is None:
        return links.ended(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    if form.is_valid():
        try:
            passwords.set_password(
                link=link,
                password=form.cleaned_data["new_password"],
                received_at=received_at(request),
            )
        except LinkEnded:
            return links.ended(request)
        except Refused as error:
            form.add_error("new_password", str(error))
        else:
            logout(request)  # whoever was signed in here; what the session held goes with it
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign_in")
    return render(request, "accounts/people/set_password.html", {"form": form})
