"""Where a person goes on after they had to sign in, or to show who they are."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.policy import signing_in

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def way_back(request: HttpRequest) -> str:
    """The address to come back to instead of this request.

    The page itself if it was to be read. A write can't be repeated by a link and its address may
    not even be readable, so its way back is the page that it was sent from.
    """
    if request.method in SAFE_METHODS:
        return signing_in.local_path(request.get_full_path()) or reverse("home")
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Referer", "")
    if origin.startswith(f"{here}/"):
        return signing_in.local_path(origin.removeprefix(here)) or reverse("home")
    return reverse("home")
