"""Copy contacts from another organization: choose it, preview, confirm."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from registrations.cases.presentation import header_of
from registrations.enums import Product
from registrations.forms.notes import as_keys
from registrations.forms.search_name import NameSearchForm
from registrations.many.add_contacts import Additions, add_contacts, plan_additions
from registrations.many.copy_contacts import Source, contacts_to_copy, source, sources
from registrations.many.members import members
from registrations.many.plans import Will, plan_all
from registrations.views.many.outcomes import outcome_page, review_page
from registrations.views.many.registration_steps import (
    RegistrationSteps,
    name_searched,
    searched_for,
)

TITLE = "Copy contacts from another organization"


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The organizations to choose from, the preview of one (`?from=`), or the deed."""
    steps = RegistrationSteps.of(request, registration_id, product)
    refused = steps.refused("Contacts can’t be copied here")
    if refused:
        return refused
    if "confirm" in request.POST:
        return _confirm(steps)
    if request.method == "POST":
        form = NameSearchForm(request.POST)
        if form.is_valid():
            return searched_for(request, form)
        return _choose(steps, form, status=422)
    if "from" in request.GET:
        return _preview(steps)
    return _choose(steps, NameSearchForm(initial={"text": name_searched(request)}))


def _choose(steps: RegistrationSteps, form: NameSearchForm, status: int = 200) -> HttpResponse:
    name = name_searched(steps.request)
    page, found = sources(
        steps.user,
        target=steps.case.registered.registration,
        name=name,
        number=steps.request.GET.get("page"),
    )
    context = {
        "around": steps.around(TITLE),
        "header": header_of(steps.case, complete_contacts=0),
        "form": form,
        "page": page,
        "sources": found,
        "name": name,
        "base_query": f"{urlencode({'q': name})}&" if name else "",
        "here": steps.request.path,
    }
    return render(steps.request, "registrations/many/copy.html", context, status=status)


def _chosen(steps: RegistrationSteps) -> Source:
    for key in as_keys([steps.request.GET.get("from", "")]):
        found = source(steps.user, target=steps.case.registered.registration, registration_id=key)
        if found:
            return found
    raise Http404


def _preview(steps: RegistrationSteps) -> HttpResponse:
    chosen = _chosen(steps)
    additions = Additions(batch=uuid4(), contacts=contacts_to_copy(chosen))
    known = members(steps.user, steps.case.offering, [steps.case.organization.pk])
    data: list[Any] = [str(additions.batch), list(additions.contacts)]
    return review_page(
        steps.request,
        plan_all(known.values(), lambda member: plan_additions(member, additions, at=steps.at)),
        steps.around(f"Copy contacts from {chosen.organization}"),
        confirm="Copy contacts",
        hidden={"additions": steps.seal("additions", data)},
        contacts=additions.contacts,
        may_change=False,
    )


def _confirm(steps: RegistrationSteps) -> HttpResponse:
    note = steps.unseal("additions")
    if note is None:
        return steps.again()
    batch, contacts = note
    outcomes = add_contacts(
        Additions(batch=UUID(batch), contacts=tuple(contacts)),
        organization_ids=[steps.case.organization.pk],
        offering=steps.case.offering,
        actor=steps.actor,
        received_at=steps.at,
    )
    if outcomes[0].will in {Will.CHANGE, Will.NOTHING}:
        messages.success(steps.request, "The contacts are copied.")
        return redirect(steps.url)
    return outcome_page(steps.request, outcomes, steps.around(TITLE))
