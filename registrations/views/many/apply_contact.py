"""Apply this contact to other registrations: choose them, preview, confirm, outcome."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from organizations.enums import OrganizationKind
from organizations.policy import show_identifier
from registrations.enums import ListStatus, Product
from registrations.forms.notes import as_keys, as_text
from registrations.forms.search_name import NameSearchForm
from registrations.many.add_contacts import Additions, add_contacts, plan_additions
from registrations.many.apply_contact import page_of_targets, targets
from registrations.many.members import members
from registrations.many.plans import MAX_AT_ONCE, plan_all
from registrations.models import Contact
from registrations.views.many.outcomes import outcome_page, review_page
from registrations.views.many.registration_steps import (
    RegistrationSteps,
    name_searched,
    searched_for,
)

UNFINISHED = "This contact isn’t complete yet. Complete it first, then apply it to others."
NOTHING_TICKED = "Tick at least one organization."


@require_http_methods(["GET", "HEAD", "POST"])
def apply(
    request: HttpRequest, registration_id: UUID, product: Product, contact_id: UUID
) -> HttpResponse:
    """The step that the pressed button asks for."""
    steps = RegistrationSteps.of(request, registration_id, product)
    refused = steps.refused("This contact can’t be applied to others now")
    if refused:
        return refused
    contact = get_object_or_404(Contact, registration=registration_id, pk=contact_id)
    if "confirm" in request.POST:
        return _confirm(steps)
    if "change" in request.POST:
        note = steps.unseal("additions")
        ticked = as_keys(note[2]) if note else []
        return _choose(steps, contact, NameSearchForm(), ticked)
    if "search" in request.POST:
        form = NameSearchForm(request.POST)
        if form.is_valid():
            return searched_for(request, form)
        return _choose(steps, contact, form, status=422)
    if request.method == "POST":
        return _review(steps, contact)
    form = NameSearchForm(initial={"text": name_searched(request)})
    return _choose(steps, contact, form)


def _choose(
    steps: RegistrationSteps,
    contact: Contact,
    form: NameSearchForm,
    ticked: Collection[UUID] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    name = name_searched(steps.request)
    found = targets(steps.user, steps.case.offering, apart_from=steps.case.organization, name=name)
    page = page_of_targets(found, steps.request.GET.get("page"))
    context = {
        "around": steps.around(f"Apply {contact} to other organizations"),
        "contact": contact,
        "unfinished": "" if contact.is_complete else UNFINISHED,
        "form": form,
        "page": page,
        "rows": [_row(row, ticked) for row in page.object_list],
        "shown": ",".join(str(row["pk"]) for row in page.object_list),
        "errors": [(problem, "select-page")] if problem else [],
        "name": name,
        "limit": MAX_AT_ONCE,
        "base_query": f"{urlencode({'q': name})}&" if name else "",
        "here": steps.request.path,
    }
    return render(steps.request, "registrations/many/apply.html", context, status=status)


def _row(row: dict[str, Any], ticked: Collection[UUID]) -> dict[str, Any]:
    kind = OrganizationKind(row["kind"])
    return {
        "key": row["pk"],
        "name": row["name"],
        "identifier": f"{kind.identifier_label} {show_identifier(kind, row['identifier'])}",
        "status": ListStatus(row["list_status"]),
        "ticked": row["pk"] in ticked,
    }


def _review(steps: RegistrationSteps, contact: Contact) -> HttpResponse:
    """The choice in a preview; what isn't the person's own isn't there."""
    data = steps.request.POST
    texts = (
        str(data.get("shown", "")).split(",") if "page" in data else data.getlist("organization")
    )
    found = targets(steps.user, steps.case.offering, apart_from=steps.case.organization, name="")
    keys = list(found.filter(pk__in=as_keys(texts)[:MAX_AT_ONCE]).values_list("pk", flat=True))
    if not keys or not contact.is_complete:
        problem = NOTHING_TICKED if contact.is_complete else UNFINISHED
        return _choose(steps, contact, NameSearchForm(), problem=problem, status=422)
    additions = Additions(batch=uuid4(), contacts=(contact.values(),))
    known = members(steps.user, steps.case.offering, keys).values()
    planned = plan_all(known, lambda member: plan_additions(member, additions, at=steps.at))
    number = sum(one.plan.does_something for one in planned)
    note: list[Any] = [str(additions.batch), list(additions.contacts), as_text(keys)]
    return review_page(
        steps.request,
        planned,
        steps.around(f"Review: apply {contact} to {_organizations(len(planned))}"),
        confirm=f"Apply to {_organizations(number)}",
        hidden={"additions": steps.seal("additions", note)},
        contacts=additions.contacts,
    )


def _confirm(steps: RegistrationSteps) -> HttpResponse:
    note = steps.unseal("additions")
    if note is None:
        return steps.again()
    batch, contacts, keys = note
    outcomes = add_contacts(
        Additions(batch=UUID(batch), contacts=tuple(contacts)),
        organization_ids=as_keys(keys),
        offering=steps.case.offering,
        actor=steps.actor,
        received_at=steps.at,
    )
    title = f"Outcome: apply a contact to {_organizations(len(outcomes))}"
    return outcome_page(steps.request, outcomes, steps.around(title))


def _organizations(number: int) -> str:
    return f"{number} organization{'' if number == 1 else 's'}"
