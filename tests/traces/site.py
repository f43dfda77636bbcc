"""The addresses of the site and one more: a page that breaks while it holds what was sent."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from qpp_registration.urls import urlpatterns as site


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    """Fail with e-mail, phone, TIN and link in the error, and the password in a variable."""
    password = request.POST["password"]
    text = (
        "Key (email)=({email}) exists; call {phone}, TIN {tin}: {link}\n"
        "DETAIL:  Failing row contains ({name}, {email})."
    )
    if password:
        raise RuntimeError(text.format(**request.POST.dict()))
    return HttpResponse()


urlpatterns = [*site, path("breaks/", breaks)]
