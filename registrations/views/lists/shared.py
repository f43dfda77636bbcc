"""What the lists of organizations have in common: tabs, search, and what an address asks for."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from organizations.enums import OrganizationKind
from registrations.forms.search import SearchForm
from registrations.lists.organizations import find_by_identifier
from registrations.years.season import YearSeason

TIN_DIGITS = 9
_ONLY_DIGITS = re.compile(r"[\d\s-]+")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A kind of organization that the person has."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class YearLink:
    """A performance year to switch to."""

    year: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A figure under the title. `mark`: good, bad, waiting, or empty for none."""

    count: int
    words: str
    mark: str = ""


def tabs_of(
    totals: Mapping[OrganizationKind, int], chosen: str, url: Callable[[OrganizationKind], str]
) -> list[Tab]:
    """A tab for each kind, with its number of organizations."""
    return [
        Tab(label=kind.tab, count=total, url=url(kind), current=kind == chosen)
        for kind, total in totals.items()
    ]


def year_links(years: list[YearSeason], chosen: YearSeason) -> list[YearLink]:
    """The lists of all years, past ones too; nothing where there is only one."""
    if len(years) == 1:
        return []
    return [
        YearLink(year=found.year, url=found.list_url, current=found.year == chosen.year)
        for found in years
    ]


def search_answer(
    form: SearchForm, user: User, kind: OrganizationKind, here: str
) -> HttpResponse | None:
    """The way to what was searched for on the list at `here`.

    None, with the error in the form, where it is an identifier that nobody of the list has: it must
    not stand in an address.
    """
    if not form.is_valid():
        return None
    text, status = form.cleaned_data["text"], form.cleaned_data.get("status")
    found = find_by_identifier(user, kind, _identifier(kind, text))
    if found:
        return redirect(f"{here}?{urlencode({'organization': found})}")
    if _may_be_a_tin(kind, text):
        form.add_error("text", _no_such_identifier(kind, text))
        return None
    query = {key: value for key, value in (("q", text), ("status", status)) if value}
    return redirect(f"{here}?{urlencode(query)}" if query else here)


def name_asked(request: HttpRequest) -> str:
    """The part of a name that the address asks for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def organization_asked(request: HttpRequest, key: str = "organization") -> UUID | None:
    """The organization that the address asks for; None for none, and for what is no key."""
    try:
        return UUID(request.GET.get(key, ""))
    except ValueError:
        return None


def base_query(request: HttpRequest) -> str:
    """What the addresses of the other pages of the list begin with."""
    kept = [(key, request.GET[key]) for key in ("q", "status") if request.GET.get(key)]
    return f"{urlencode(kept)}&" if kept else ""


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _identifier(kind: OrganizationKind, text: str) -> str:
    """What is looked up: of a TIN the nine digits, with whichever dash or word beside them."""
    digits = _digits(text)
    return digits if kind == OrganizationKind.GROUP and len(digits) == TIN_DIGITS else text


def _may_be_a_tin(kind: OrganizationKind, text: str) -> bool:
    """Whether the text has to stay out of addresses; on any tab, since people mistake tabs."""
    if len(_digits(text)) >= TIN_DIGITS:
        return True
    return kind == OrganizationKind.GROUP and bool(text and _ONLY_DIGITS.fullmatch(text))


def _no_such_identifier(kind: OrganizationKind, text: str) -> str:
    if kind != OrganizationKind.GROUP:
        return f"None of your {kind.tab} has this {kind.identifier_label}."
    if len(_digits(text)) >= TIN_DIGITS:
        return "None of your practices has this TIN."
    return "Enter all nine digits of the TIN, or part of the name."
