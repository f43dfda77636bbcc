"""Organization Information of an explicit year (2022 guide, IV.4 and V)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions import kept
from registrations.details.edits import Saved
from registrations.details.last_year import use_last_address, use_last_contacts
from registrations.details.update import confirm_details
from registrations.errors import NotAllowed
from registrations.forms.details import InformationPage, SentInformation
from registrations.forms.submission import with_theirs
from registrations.views.explicit.updating import details_page, kept_typed, refused_page, update
from registrations.views.explicit.year_steps import YearSteps
from registrations.views.lookup import of_organization

INFORMATION = "Organization Information"
CONFIRM = "Confirm details"


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def information(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Edit name and mailing address."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, INFORMATION)
    if refused:
        return refused
    if request.method == "POST":
        return _update_information(steps)
    typed = kept_typed(steps)
    page = (
        InformationPage.again(SentInformation.read(typed))
        if typed
        else InformationPage.fresh(steps.case.begun)
    )
    return details_page(steps, "information", page)


def _update_information(steps: YearSteps) -> HttpResponse:
    kept.forget(steps.request.session)
    sent = SentInformation.read(with_theirs(steps.request.POST))
    if steps.why_not_changed():
        page = InformationPage.again(sent)
        return details_page(steps, "information", page, blocked=steps.why_not_changed(), status=403)
    saved, blocked, status = Saved(), "", 422
    if sent.form.is_valid():
        saved, blocked, status = update(steps, information=sent.form.edits(sent.shown))
        if not blocked and saved.is_clean:
            messages.success(steps.request, "The organization information is updated.")
            return redirect(steps.done_url)
    page = InformationPage.after(steps.again().case.begun, sent, saved)
    return details_page(steps, "information", page, blocked=blocked, status=status)


@require_POST
@of_organization
def use_last_year(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Take over what a page offered of an earlier year: the contacts, or the mailing address."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, INFORMATION, always=True)
    if refused:
        return refused
    use = use_last_address if request.POST.get("use") == "address" else use_last_contacts
    try:
        use(organization_id=organization_id, year=year, actor=steps.actor, received_at=steps.at)
    except NotAllowed as error:
        return steps.cannot(INFORMATION, str(error), status=403)
    return redirect(steps.back_url)


@require_POST
@of_organization
def confirm(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Confirm what an automatic registration took over."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, CONFIRM, always=True)
    if refused:
        return refused
    try:
        confirm_details(
            organization_id=organization_id, year=year, actor=steps.actor, received_at=steps.at
        )
    except NotAllowed as error:
        return steps.cannot(CONFIRM, str(error), status=403)
    messages.success(request, "The details are confirmed.")
    return redirect(steps.done_url)
