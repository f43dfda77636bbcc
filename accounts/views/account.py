"""*My Account*: what a person sees and changes of their own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who the person is here, and the way to each part of the account."""
    return render(request, "accounts/account.html")
