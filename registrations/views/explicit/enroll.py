"""Register, and what is shown afterwards (2022 guide, IV.2 to IV.8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qpp_registration.clock import show_to_the_second
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import ChangedMeanwhile, Incomplete, NotAllowed, RegistrationError
from registrations.mails.told import told_contacts
from registrations.policy.registration import Action, Refusal
from registrations.registering.register import missing_of, register
from registrations.views.explicit.register_review import Told, review_page, version_and_changes
from registrations.views.explicit.year_steps import YearSteps
from registrations.views.lookup import of_organization


@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def register_page(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Review or edit, then Register. With a gap nothing happens but that the gap has the focus."""
    steps = YearSteps.of(request, organization_id, year)
    steps.of_offering(product)
    if request.method != "POST":
        return review_page(steps, product)
    version, changes = version_and_changes(steps, product)
    try:
        register(
            organization_id=organization_id,
            year=year,
            product=product,
            actor=steps.actor,
            received_at=steps.at,
            expected_version=version,
        )
    except Incomplete:
        return review_page(steps, product, told=Told(gaps=True), status=422)
    except ChangedMeanwhile as error:
        told = Told(conflict=str(error), changes=changes)
        return review_page(steps, product, told=told, status=409)
    except NotAllowed as error:
        return review_page(steps, product, told=Told(refused=str(error)), status=403)
    return redirect(steps.url("registered", product))


@require_POST
@of_organization
def register_now(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """*Register* for the second offering: everything carries over, so that it leads straight to
    success unless something is missing (2022 guide, IV.9)."""
    steps = YearSteps.of(request, organization_id, year)
    if steps.of_offering(product).status == EnrollmentStatus.COMPLETE:
        return redirect(steps.url("registered", product))
    if not steps.case.registered or missing_of(steps.case):
        return redirect(steps.url("register_page", product))
    try:
        register(
            organization_id=organization_id,
            year=year,
            product=product,
            actor=steps.actor,
            received_at=steps.at,
        )
    except RegistrationError as error:
        messages.warning(request, str(error))
        return redirect(steps.url("register_page", product))
    return redirect(steps.url("registered", product))


@require_safe
def registered(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Congratulations, with the registration ID. Whatever isn't registered is told by its page."""
    steps = YearSteps.of(request, organization_id, year)
    of_offering = steps.of_offering(product)
    if of_offering.status != EnrollmentStatus.COMPLETE:
        return redirect(steps.url("register_page", product))
    others = [
        other
        for other, found in steps.case.cases.items()
        if other != product
        and found.status != EnrollmentStatus.COMPLETE
        and found.refusal(Action.REGISTER, steps.at) is None
    ]
    since = of_offering.registered.completed_at or steps.at
    completed_by = of_offering.registered.completed_by
    context = {
        "product": product,
        "of_offering": of_offering,
        "others": others,
        "told": told_contacts(steps.case.begun, since),
        "shows_details": steps.refusal is not Refusal.STAFF_USER,
        "received": show_to_the_second(since),
        "by": completed_by.full_name if completed_by else "CMS",
        **steps.cancelling(of_offering),
    }
    return steps.page("registered", context, of=of_offering)
