"""What a mailed link opens. Its token leaves the address at once and is kept nowhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import LinkPurpose
from accounts.messages import links
from accounts.models import AccountLink
from qpp_registration.requests import received_at

PAGES = {
    LinkPurpose.PASSWORD: "set_password",
    LinkPurpose.REGISTER: "finish_account",
    LinkPurpose.EMAIL: "confirm_email",
}
_KEY = "opened_link"


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """On to the page that the link is for. Nothing is used up: mail filters open links too.

    The session keeps which link was opened, not its token. This answer says `Referrer-Policy:
    no-referrer`; the page with the form, whose address holds no token, doesn't, because browsers
    then send `Origin: null` with the form and the CSRF check refuses it.
    """
    link = links.found(token=token, received_at=received_at(request))
    if link is None:
        response = ended(request)
    else:
        request.session[_KEY] = str(link.pk)
        response = redirect(PAGES[LinkPurpose(link.purpose)])
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def opened(request: HttpRequest, purpose: LinkPurpose) -> AccountLink | None:
    """The link that this browser opened, if it is for that and still works."""
    key = request.session.get(_KEY, "")
    return links.opened(key=key, purpose=purpose, received_at=received_at(request))


def close(request: HttpRequest) -> None:
    """Forget the link: it was used."""
    request.session.pop(_KEY, None)


def ended(request: HttpRequest) -> HttpResponse:
    """*Link No Longer Works*, and how to get another one."""
    return render(request, "accounts/people/link_ended.html")
