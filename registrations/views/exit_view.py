"""*Exit view*: back from the officials' pages to the staff site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.actors import staff
from accounts.support import view_as
from accounts.views.lookup import person


@require_POST
def exit_view(request: HttpRequest) -> HttpResponse:
    """End the view; forms of its pages work no more. Back to where it began."""
    view = view_as.end(request.session, actor=staff(person(request)))
    if view is None:
        return redirect("home")
    rotate_token(request)
    messages.success(request, f"You no longer view the site as {view.name}.")
    row = "organizations_organization" if view.is_organization else "accounts_user"
    return redirect(f"admin:{row}_change", view.key)
