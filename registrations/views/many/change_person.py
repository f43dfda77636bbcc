"""Change a person's e-mail or phone everywhere: find, type the new values, preview, confirm."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actors import official
from accounts.models import User
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.enums import Product
from registrations.forms.change_person import FindPersonForm, NewValuesForm
from registrations.forms.notes import as_keys, seal, unseal
from registrations.forms.register import shown_to_people
from registrations.many.change_person import (
    Change,
    Person,
    change_of,
    change_person,
    contacts_of,
    find_people,
    plan_change,
)
from registrations.many.members import members
from registrations.many.plans import MAX_AT_ONCE, plan_all
from registrations.models import Offering
from registrations.views.lookup import offering_or_404
from registrations.views.many.outcomes import Around, outcome_page, review_page
from registrations.years.season import season_of

TITLE = "Change a person’s e-mail or phone"
NONE_TICKED = "Tick at least one registration."
START_AGAIN = "That page can’t be used any more. Find the person again."


@dataclass(frozen=True)
class _Steps:
    """One request on the way."""

    request: HttpRequest
    offering: Offering
    user: User
    at: datetime

    def around(self, title: str) -> Around:
        """The frame of the pages."""
        offering = self.offering
        url = reverse("first_tab", args=[offering.year_id, offering.product])
        return Around(title=title, offering=offering, list_url=url, back_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, year: int, product: Product) -> HttpResponse:
    """The step that the pressed button asks for. E-mails are never part of the address."""
    offering = offering_or_404(year, product)
    steps = _Steps(request, offering, person(request), received_at(request))
    if "confirm" in request.POST:
        return _confirm(steps)
    if "change" in request.POST:
        return _back_from_review(steps)
    if "review" in request.POST:
        return _review(steps)
    if request.method == "POST":
        return _find(steps)
    contact = as_keys([request.GET.get("contact", "")])
    people = contacts_of(steps.user, offering, contact) if contact else []
    if people and people[0].values["email"]:
        return _found(steps, people[0].values["email"])
    return _page(steps, FindPersonForm())


def _find(steps: _Steps) -> HttpResponse:
    form = FindPersonForm(steps.request.POST)
    if form.is_valid():
        return _found(steps, form.cleaned_data["email"])
    return _page(steps, form, status=422)


def _found(steps: _Steps, email: str) -> HttpResponse:
    people = find_people(steps.user, steps.offering, email)
    form = FindPersonForm(initial={"email": email})
    return _page(steps, form, people, searched=email)


def _page(
    steps: _Steps,
    form: FindPersonForm,
    people: Sequence[Person] = (),
    new: NewValuesForm | None = None,
    *,
    searched: str = "",
    ticked: Collection[UUID] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    new = new or NewValuesForm()
    errors = [(problem, "people")] if problem else []
    for bound in (*form, *new):
        errors += [(text, bound.auto_id) for text in bound.errors]
    number = sum(len(one.places) for one in people)
    context = {
        "around": steps.around(TITLE),
        "form": form,
        "people": people,
        "shown": ",".join(str(place.contact_id) for one in people for place in one.places),
        "number": number,
        "is_cut": number >= MAX_AT_ONCE,
        "limit": MAX_AT_ONCE,
        "new": new,
        "searched": searched,
        "all_ticked": ticked is None,
        "ticked": ticked or (),
        "errors": errors,
        "season": season_of(steps.offering, steps.at),
        "here": steps.request.path,
    }
    return render(steps.request, "registrations/many/person.html", context, status=status)


def _review(steps: _Steps) -> HttpResponse:
    """The new values in a preview; contacts of others aren't there."""
    data = steps.request.POST
    ticked = as_keys(data.getlist("contact"))[:MAX_AT_ONCE]
    people = contacts_of(steps.user, steps.offering, ticked)
    new = NewValuesForm(data)
    if not new.is_valid() or not people:
        shown = as_keys(str(data.get("shown", "")).split(","))[:MAX_AT_ONCE]
        found = contacts_of(steps.user, steps.offering, shown)
        return _page(
            steps,
            _form_of(found),
            found,
            new,
            ticked=ticked,
            problem="" if people else NONE_TICKED,
            status=422,
        )
    wanted = change_of(people, new.values)
    known = members(steps.user, steps.offering, list(wanted.was)).values()
    planned = plan_all(known, lambda member: plan_change(member, wanted, at=steps.at))
    number = sum(one.plan.does_something for one in planned)
    return review_page(
        steps.request,
        planned,
        steps.around(f"Review: change {people[0].name}"),
        confirm=f"Change {number} registration{'' if number == 1 else 's'}",
        hidden={"wish": _sealed(steps, wanted)},
    )


def _sealed(steps: _Steps, wanted: Change) -> str:
    was = {
        str(organization): {str(key): dict(values) for key, values in contacts.items()}
        for organization, contacts in wanted.was.items()
    }
    data = [was, dict(wanted.now)]
    return seal("person", data, user=steps.user, offering=steps.offering)


def _wanted(steps: _Steps) -> Change | None:
    token = str(steps.request.POST.get("wish", ""))
    note: Any = unseal("person", token, user=steps.user, offering=steps.offering)
    if note is None:
        messages.warning(steps.request, START_AGAIN)
        return None
    was = {
        UUID(organization): {UUID(key): values for key, values in contacts.items()}
        for organization, contacts in note[0].items()
    }
    return Change(was=was, now=note[1])


def _back_from_review(steps: _Steps) -> HttpResponse:
    wanted = _wanted(steps)
    if wanted is None:
        return redirect(steps.request.path)
    keys = [key for contacts in wanted.was.values() for key in contacts]
    people = contacts_of(steps.user, steps.offering, keys)
    new = NewValuesForm(initial=shown_to_people(wanted.now))
    return _page(steps, _form_of(people), people, new, ticked=keys)


def _form_of(people: Sequence[Person]) -> FindPersonForm:
    """The search with the e-mail that found these people."""
    return FindPersonForm(initial={"email": people[0].values["email"]} if people else {})


def _confirm(steps: _Steps) -> HttpResponse:
    wanted = _wanted(steps)
    if wanted is None:
        return redirect(steps.request.path)
    outcomes = change_person(
        wanted, offering=steps.offering, actor=official(steps.user), received_at=steps.at
    )
    return outcome_page(steps.request, outcomes, steps.around(f"Outcome: {TITLE.lower()}"))
