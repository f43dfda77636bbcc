"""Register selected for CAHPS: sizes and contacts, review, confirm, outcome.

The steps carry what was chosen in signed fields of the page; nothing is stored before the last.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actors import official
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.requests import received_at
from registrations.cases.presentation import counted
from registrations.enums import Product
from registrations.forms.notes import as_keys, as_text, seal, unseal
from registrations.forms.register_many import SizesAndContacts
from registrations.lists.organizations import FILTERS
from registrations.lists.queries import Wanted, can_be_registered, matching
from registrations.many.members import Member, members
from registrations.many.plans import MAX_AT_ONCE, plan_all
from registrations.many.register import SizeChoice, Wish, plan_registration, register_many
from registrations.models import Offering
from registrations.views.lookup import offering_or_404
from registrations.views.many.outcomes import Around, outcome_page, review_page
from registrations.years.season import season_of

NOTHING_SELECTED = "Nothing is selected. Tick the {kind} to register, then press the button again."
START_AGAIN = "That page can’t be used any more. Select again."


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was selected on the list. `rest`: how many more match than fit."""

    organizations: list[UUID]
    rest: int = 0
    name: str = ""
    status: str = ""

    def sealed(self, steps: "Steps") -> str:
        """For the hidden field."""
        data = [as_text(self.organizations), self.rest, self.name, self.status]
        return seal("selection", data, user=steps.user, offering=steps.offering)


class Steps:
    """One request on the way, with what every step needs."""

    def __init__(self, request: HttpRequest, offering: Offering, kind: OrganizationKind) -> None:
        self.request, self.offering, self.kind = request, offering, kind
        self.user = person(request)
        self.at: datetime = received_at(request)
        self.list_url = reverse(
            "list", kwargs={"year": offering.year_id, "product": offering.product, "kind": kind}
        )

    def unseal(self, purpose: str) -> Any:
        """What an earlier step carried along; None without it."""
        token = str(self.request.POST.get(purpose, ""))
        return unseal(purpose, token, user=self.user, offering=self.offering)

    def back(self, text: str) -> HttpResponse:
        """To the list, with a message."""
        messages.warning(self.request, text)
        return redirect(self.list_url)

    def around(self, title: str) -> Around:
        """The frame of review and outcome."""
        product = Product(self.offering.product).short
        return Around(
            title=f"{title} for {product}",
            offering=self.offering,
            list_url=self.list_url,
            back_url=self.list_url,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, year: int, product: Product, kind: OrganizationKind) -> HttpResponse:
    """The step that the pressed button asks for; without one, back to the list."""
    steps = Steps(request, offering_or_404(year, product), kind)
    if request.method != "POST":
        return redirect(steps.list_url)
    if "selection" not in request.POST:
        return _from_the_list(steps)
    selection = _selection(steps)
    if selection is None:
        return steps.back(START_AGAIN)
    if "confirm" in request.POST:
        return _confirm(steps, selection)
    known = list(members(steps.user, steps.offering, selection.organizations).values())
    if "change" in request.POST:
        return _change(steps, selection, known)
    page = SizesAndContacts.read(request.POST, known, steps.user)
    if "set_all" in request.POST or "add_contact" in request.POST:
        return _sizes_page(steps, selection, page)
    return _review(steps, selection, page)


def _from_the_list(steps: Steps) -> HttpResponse:
    """What was ticked; organizations of others and those that can't be registered aren't there."""
    data = steps.request.POST
    name = str(data.get("q", "")).replace("\0", "").strip()[:100]
    status = str(data.get("status", ""))
    found = matching(steps.user, steps.offering, Wanted(kind=steps.kind))
    if "all" in data:
        chosen = status if status in FILTERS else ""
        wanted = Wanted(kind=steps.kind, name=name, status=chosen)
        found = matching(steps.user, steps.offering, wanted)
    elif "page" in data:
        found = found.filter(pk__in=as_keys(str(data.get("shown", "")).split(","))[:MAX_AT_ONCE])
    else:
        found = found.filter(pk__in=as_keys(data.getlist("organization"))[:MAX_AT_ONCE])
    can = found.filter(can_be_registered(steps.offering, steps.at))
    keys = list(can.values_list("pk", flat=True)[:MAX_AT_ONCE])
    if not keys:
        return steps.back(NOTHING_SELECTED.format(kind=counted(2, steps.kind)[2:]))
    rest = can.count() - len(keys) if len(keys) == MAX_AT_ONCE else 0
    selection = Selection(organizations=keys, rest=rest, name=name, status=status)
    known = members(steps.user, steps.offering, keys).values()
    return _sizes_page(steps, selection, SizesAndContacts.fresh(known, steps.user))


def _selection(steps: Steps) -> Selection | None:
    note = steps.unseal("selection")
    if note is None:
        return None
    keys, rest, name, status = note
    return Selection(organizations=as_keys(keys), rest=rest, name=name, status=status)


def _sizes_page(
    steps: Steps, selection: Selection, page: SizesAndContacts, *, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "errors": page.errors if status != 200 else [],
        "count": counted(len(page.rows), steps.kind),
        "kind": steps.kind,
        "selection": selection.sealed(steps),
        "rest": selection.rest,
        "limit": MAX_AT_ONCE,
        "season": season_of(steps.offering, steps.at),
        "list_url": steps.list_url,
        "here": steps.request.path,
    }
    return render(steps.request, "registrations/many/sizes.html", context, status=status)


def _review(steps: Steps, selection: Selection, page: SizesAndContacts) -> HttpResponse:
    if not page.check():
        return _sizes_page(steps, selection, page, status=422)
    wish = Wish(batch=uuid4(), sizes=page.choices, contacts=page.shared, reviewed_at=steps.at)
    actor = official(steps.user)
    planned = plan_all(
        [row.member for row in page.chosen],
        lambda member: plan_registration(member, wish, actor=actor, at=steps.at),
    )
    number = sum(one.plan.does_something for one in planned)
    return review_page(
        steps.request,
        planned,
        steps.around(f"Review: register {counted(len(planned), steps.kind)}"),
        confirm=f"Register {counted(number, steps.kind)}",
        hidden={"selection": selection.sealed(steps), "wish": _sealed(steps, wish)},
        contacts=wish.contacts,
    )


def _sealed(steps: Steps, wish: Wish) -> str:
    sizes = {str(key): [size.was, size.now] for key, size in wish.sizes.items()}
    data = [str(wish.batch), wish.reviewed_at.isoformat(), sizes, list(wish.contacts)]
    return seal("wish", data, user=steps.user, offering=steps.offering)


def _wish(steps: Steps) -> Wish | None:
    note = steps.unseal("wish")
    if note is None:
        return None
    batch, reviewed_at, sizes, contacts = note
    return Wish(
        batch=UUID(batch),
        reviewed_at=datetime.fromisoformat(reviewed_at),
        sizes={UUID(key): SizeChoice(was=was, now=now) for key, (was, now) in sizes.items()},
        contacts=tuple(contacts),
    )


def _change(steps: Steps, selection: Selection, known: list[Member]) -> HttpResponse:
    """Back from the review, with everything that was typed."""
    wish = _wish(steps)
    if wish is None:
        return steps.back(START_AGAIN)
    page = SizesAndContacts.again(known, steps.user, sizes=wish.sizes, contacts=wish.contacts)
    return _sizes_page(steps, selection, page)


def _confirm(steps: Steps, selection: Selection) -> HttpResponse:
    wish = _wish(steps)
    if wish is None:
        return steps.back(START_AGAIN)
    outcomes = register_many(
        wish, offering=steps.offering, actor=official(steps.user), received_at=steps.at
    )
    more = {"all": "1", "q": selection.name, "status": selection.status}
    return outcome_page(
        steps.request,
        outcomes,
        steps.around(f"Outcome: register {counted(len(outcomes), steps.kind)}"),
        rest=selection.rest,
        more=more if selection.rest else {},
    )
