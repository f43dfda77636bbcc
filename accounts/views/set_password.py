"""The page behind the link that a new account is mailed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts import passwords
from accounts.forms import NewPasswordForm
from accounts.models import User


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """Set a password once, without signing in.

    Django moves the token out of the address into the session first. That answer says
    `Referrer-Policy: no-referrer`; the page with the form, whose address holds no token, doesn't,
    because browsers then send `Origin: null` with the form and the CSRF check refuses it.
    """

    form_class = NewPasswordForm
    template_name = "accounts/set_password.html"
    title = "Set Your Password"

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as Django does, without ever letting the address with the token out."""
        response = super().dispatch(*args, **kwargs)
        if not self.validlink:
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def get_user(self, uidb64: str) -> User | None:
        """The person that the link is for; a disabled one has no valid link."""
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Set it and go to the sign-in page."""
        request: HttpRequest = self.request
        try:
            passwords.set_password(
                user=form.user,
                token=request.session[INTERNAL_RESET_SESSION_TOKEN],
                password=form.cleaned_data["new_password"],
            )
        except passwords.LinkUsed:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        del request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign_in")
