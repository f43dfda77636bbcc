"""Who asks."""

from django.http import Http404, HttpRequest

from accounts.models import User


def person(request: HttpRequest) -> User:
    """The signed-in person; pages that ask for it are closed to everybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
