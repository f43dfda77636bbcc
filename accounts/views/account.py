"""*My Account*: what a person sees and changes of their own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from qpp_registration.clock import moment
from qpp_registration.phones import show_phone


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who the person is here, and the way to each part of the account."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    context = {
        "phone": show_phone(user.phone),
        "password_set": moment(user.password_set_at) if user.password_set_at else None,
    }
    return render(request, "accounts/account.html", context)
