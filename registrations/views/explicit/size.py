"""Select Size, and Confirm Change in Size? (2022 guide, IV.1 and V)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from organizations.enums import OrganizationSize
from registrations.cases.presentation import heading_of
from registrations.details.last_year import last_size_of
from registrations.details.size import SizeChange, change_size, ends
from registrations.enums import Product
from registrations.errors import CancelsRegistrations, ChangedMeanwhile, NotAllowed
from registrations.forms.register import Shown
from registrations.forms.select_size import SECTION, SelectSizeForm, read_products, size_shown
from registrations.policy.registration import Action
from registrations.views.explicit.year_steps import YearSteps
from registrations.views.lookup import of_organization
from registrations.words.reasons import cancelling_size_sentence, what_sizes_allow

TITLE = "Select Size"


@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def size(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Choose the size, and confirm what it changes."""
    steps = YearSteps.of(request, organization_id, year)
    if request.method == "POST":
        return _chosen(steps)
    reason = steps.why_not_changed()
    if reason:
        return steps.cannot(TITLE, reason)
    return _page(steps, _form(steps))


def _chosen(steps: YearSteps) -> HttpResponse:
    """The first choice is stored; a change is stored once it was confirmed."""
    form, data = SelectSizeForm(steps.request.POST), steps.request.POST
    shown = Shown.read(SECTION, str(data.get("size-shown", "")))
    was = shown.values.get("size", "")
    reason = steps.why_not_changed()
    if reason:
        return _page(steps, form, blocked=reason, status=403)
    if not form.is_valid():
        return _page(steps, form, status=422)
    stored = steps.case.registration.size if steps.case.registration else ""
    if stored not in {"", form.chosen} and "confirm" not in data:
        return _confirm(steps, form.chosen, shown)
    try:
        change = change_size(
            organization_id=steps.case.organization.pk,
            year=steps.case.year.year,
            was=was,
            size=form.chosen,
            accepts=read_products(data.getlist("accepts")),
            actor=steps.actor,
            received_at=steps.at,
        )
    except CancelsRegistrations:
        return _confirm(steps.again(), form.chosen, shown, status=409)
    except ChangedMeanwhile as error:
        form.add_error("size", str(error))
        return _page(steps.again(), form, status=409)
    except NotAllowed as error:
        return _page(steps, form, blocked=str(error), status=403)
    _tell(steps, change)
    return redirect(steps.done_url)


def _tell(steps: YearSteps, change: SizeChange) -> None:
    name, label = heading_of(steps.case).name, change.after.label
    messages.success(steps.request, f"The Organization Size of {name} is {label}.")
    for product in change.cancelled:
        messages.success(
            steps.request,
            f"You have successfully cancelled your registration for the {product.label}. The "
            f"registration ID {steps.case.number} stays the same if you register again.",
        )


def _form(steps: YearSteps) -> SelectSizeForm:
    """The form as stored; while nothing is, with the directory's size to be confirmed."""
    case = steps.case
    if case.registration and case.registration.size:
        return SelectSizeForm(initial={"size": case.registration.size})
    form = SelectSizeForm(initial={"size": case.size_hint})
    if case.size_hint:
        label = OrganizationSize(case.size_hint).label
        form.hint(f"CMS has {label} on record: please confirm, or choose another size.")
    last = last_size_of(case)
    if last:
        form.hint(f"In {last[0]}: {last[1]}.")
    return form


def _page(
    steps: YearSteps, form: SelectSizeForm, *, blocked: str = "", status: int = 200
) -> HttpResponse:
    case = steps.case
    offerings = {product: of.offering.minimum_size for product, of in case.cases.items()}
    context = {
        "form": form,
        "note": size_shown(case.registration.size if case.registration else "").sign(),
        "blocked": blocked,
        "errors": [(blocked, "")] if blocked else [],
        "allowed": what_sizes_allow(offerings),
        "products": list(offerings),
    }
    return steps.page("size", context, status=status)


def _confirm(
    steps: YearSteps, chosen: OrganizationSize, shown: Shown, *, status: int = 200
) -> HttpResponse:
    """Confirm Change in Size?, or why it can't be changed to that."""
    ended = ends(steps.case, chosen)
    reason = _why_it_stays(steps, ended)
    context = {
        "before": steps.case.begun.get_size_display(),
        "after": chosen,
        "note": shown.sign(),
        "ended": ended,
        "warnings": [cancelling_size_sentence(product) for product in ended],
        "reason": reason,
        "mails": steps.case.year.mails_contacts and bool(steps.case.registered),
    }
    return steps.page("confirm_size", context, status=403 if reason else status)


def _why_it_stays(steps: YearSteps, ended: list[Product]) -> str:
    """Why a registration that the size would end can't be ended; empty where it can."""
    for product in ended:
        of_offering = steps.case.cases[product]
        why = of_offering.refusal(Action.CANCEL, steps.at)
        if why:
            return (
                f"This size would end the registration for the {product.label}, and that can’t "
                f"be done. {of_offering.explain(why)}"
            )
    return ""
