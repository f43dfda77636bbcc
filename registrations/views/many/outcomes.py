"""The two pages that everything for many organizations ends with: the review and the outcome."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registrations.many.change_person import show_with_extension
from registrations.many.plans import Outcome, Planned, Will
from registrations.models import Offering
from registrations.policy.contact_plans import Values, name_of


@dataclass(frozen=True, kw_only=True)
class Around:
    """What stands around such a page: its title, the list it belongs to, and the way back."""

    title: str
    offering: Offering
    list_url: str
    back_url: str
    back_label: str = "Back to List"


def review_page(
    request: HttpRequest,
    planned: Sequence[Planned],
    around: Around,
    *,
    confirm: str,
    hidden: Mapping[str, str],
    contacts: Collection[Values] = (),
    may_change: bool = True,
) -> HttpResponse:
    """What will happen to each, and one button that does it; *Edit* leads back."""
    context = {
        "around": around,
        "planned": planned,
        "counts": _counts([one.plan.will for one in planned], afterwards=False),
        "confirm": confirm if any(one.plan.does_something for one in planned) else "",
        "hidden": hidden,
        "contacts": [
            {
                "name": name_of(values),
                "email": values["email"],
                "phone": show_with_extension(values["phone"], values["extension"]),
            }
            for values in contacts
        ],
        "may_change": may_change,
        "here": request.path,
    }
    return render(request, "registrations/many/review.html", context)


def outcome_page(
    request: HttpRequest,
    outcomes: Sequence[Outcome],
    around: Around,
    *,
    rest: int = 0,
    more: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What became of each. `rest`: how many are left; `more`: what the button for them sends."""
    context = {
        "around": around,
        "outcomes": outcomes,
        "counts": _counts([one.will for one in outcomes], afterwards=True),
        "rest": rest,
        "more": more or {},
        "here": request.path,
    }
    return render(request, "registrations/many/outcome.html", context)


def _counts(wills: Collection[Will], *, afterwards: bool) -> list[tuple[int, str, Will]]:
    """How many of each, in the order of `Will`."""
    found = Counter(wills)
    return [
        (found[will], (will.afterwards if afterwards else will.before).lower(), will)
        for will in Will
        if found[will]
    ]
