"""*My Account*: what a person sees and changes of their own account."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.sessions import live
from qpp_registration.clock import moment
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who the person is here, and the way to each part of the account."""
    user = cast(User, request.user)
    found = live.live_sessions(user, received_at=received_at(request))
    own_key = request.session.session_key
    context = {
        "phone": show_phone(user.phone),
        "password_set": moment(user.password_set_at) if user.password_set_at else None,
        "other_sessions": found.exclude(session_key=own_key).count(),
    }
    return render(request, "accounts/people/account.html", context)
