"""Who asks."""

from django.http import Http404, HttpRequest

from accounts.models import User


def person(request: HttpRequest) -> User:
    """The person whose pages these are; pages that ask for it are closed to everybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def viewer(request: HttpRequest) -> User:
    """Who is signed in; in a view (see `accounts.support.view_as`) somebody else than `person`."""
    signed_in = getattr(request, "viewer", request.user)
    if not isinstance(signed_in, User):
        raise Http404
    return signed_in
