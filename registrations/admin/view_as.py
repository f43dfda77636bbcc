"""*View as this organization*: from its page into the officials' pages, for reading only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.actors import Actor
from accounts.admin.deeds import Deed
from accounts.forms.staff import WhyForm
from accounts.policy.rights import Right
from accounts.support import view_as
from organizations.models import Organization
from qpp_registration.requests import received_at


def _view_as(
    request: HttpRequest, organization: Organization, _: WhyForm, actor: Actor
) -> HttpResponse:
    view_as.view_organization(
        request.session,
        organization=organization,
        actor=actor,
        received_at=received_at(request),
    )
    return redirect("home")


VIEW_AS = Deed(
    name="view-as",
    title="View as this organization",
    press="View as this organization",
    right=Right.VIEW_AS,
    form=WhyForm,
    do=_view_as,
    done="You view the site as the Security Official of {} would see it.",
    explained=(
        "You see the pages that the organization’s Security Official would see, of this "
        "organization only, and can change nothing. Every page goes into the audit. The view ends "
        "with Exit view, and by itself after 30 minutes."
    ),
)
