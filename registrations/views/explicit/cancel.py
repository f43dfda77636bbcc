"""Cancel Registration: Continue or Cancel, then the outcome (2022 guide, VII)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from qpp_registration.clock import show_to_the_second
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import NotAllowed
from registrations.policy.registration import Action
from registrations.registering.cancel import cancel_registration
from registrations.views.explicit.year_steps import YearSteps
from registrations.views.lookup import of_organization


@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def cancel(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Ask, and cancel. A second press finds it cancelled already, which is no error."""
    steps = YearSteps.of(request, organization_id, year)
    of_offering = steps.of_offering(product)
    if request.method == "POST":
        try:
            cancel_registration(
                organization_id=organization_id,
                year=year,
                product=product,
                actor=steps.actor,
                received_at=steps.at,
            )
        except NotAllowed as error:
            return _cannot(steps, str(error), status=403)
        return redirect(steps.url("cancelled", product))
    if of_offering.status == EnrollmentStatus.CANCELLED:
        return redirect(steps.url("cancelled", product))
    why = of_offering.refusal(Action.CANCEL, steps.at)
    if why:
        return _cannot(steps, of_offering.explain(why))
    context = {
        "product": product,
        "mails": steps.case.year.mails_contacts,
    }
    return steps.page("cancel", context, of=of_offering)


@require_safe
def cancelled(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """The outcome, with the registration ID. Whatever isn't cancelled is told by its page."""
    steps = YearSteps.of(request, organization_id, year)
    of_offering = steps.of_offering(product)
    if of_offering.status != EnrollmentStatus.CANCELLED:
        return redirect(steps.url("register_page", product))
    enrollment = of_offering.registered
    context = {
        "product": product,
        "of_offering": of_offering,
        "received": show_to_the_second(enrollment.cancelled_at or steps.at),
        "by": enrollment.cancelled_by.full_name if enrollment.cancelled_by else "CMS",
        "may_register": of_offering.refusal(Action.REGISTER, steps.at) is None,
        "mails": steps.case.year.mails_contacts,
    }
    return steps.page("cancelled", context, of=of_offering)


def _cannot(steps: YearSteps, reason: str, *, status: int = 200) -> HttpResponse:
    return steps.cannot("This registration can’t be cancelled", reason, status=status)
