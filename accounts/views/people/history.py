"""*My Account*: the person's own sign-ins, and when they agreed to the Statement of Truth."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.signing_in.history import sign_ins_of, statements_of
from accounts.words import statement


@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Signed in, refused, from where and with which browser."""
    page, entries = sign_ins_of(_person(request), page=request.GET.get("page", "1"))
    return render(
        request, "accounts/people/sign_in_history.html", {"page": page, "entries": entries}
    )


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Each time, with the version of the text."""
    page, entries = statements_of(_person(request), page=request.GET.get("page", "1"))
    context = {"page": page, "entries": entries, "statement": statement}
    return render(request, "accounts/people/statements.html", context)


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    return user
