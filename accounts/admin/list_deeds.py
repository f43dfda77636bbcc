"""What staff may do about a whole list as it is filtered: pages as those for a row's deeds.

The list's own query string leads to the page, through the list's own filters: what is done is done
to the rows that are shown, and an address can ask for nothing that the list doesn't offer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from accounts.actors import staff
from accounts.admin.deeds import Deed, DeedAdmin, Fact
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from qpp_registration.errors import Refused
from qpp_registration.planning import planned_for_values

MOST_COUNTED = 100_000
EMPTY = "There is nothing on the list."
CUT = "The search finds more than a list shows. Search for less, or filter instead of searching."


@dataclass(frozen=True, kw_only=True)
class FoundRows:
    """The rows of a list, with what narrows it in words."""

    rows: QuerySet[Any]
    filters: Sequence[tuple[str, str]]

    @property
    def in_words(self) -> list[str]:
        """What narrows the list, for the audit."""
        return [f"{label}: {value}" for label, value in self.filters]

    @property
    def told(self) -> str:
        """How many there are; no more than so many are counted."""
        with planned_for_values():
            count = self.rows.order_by()[: MOST_COUNTED + 1].count()
        return f"more than {MOST_COUNTED:,}" if count > MOST_COUNTED else f"{count:,}"


@dataclass(frozen=True, kw_only=True)
class Review:
    """What is about to happen. `confirmed`: fields that say it was seen, sent when confirming."""

    facts: Sequence[Fact]
    confirmed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ListDeed(Deed):
    """Something that staff may do about the rows of a list; `do` gets them as `FoundRows`.

    `done`: a function tells it of what `do` gave, such as how many mails.

    `review` looks at what the valid form asks for; while it gives a Review, that is shown first.
    """

    review: Callable[[HttpRequest, FoundRows, Any], Review | None] | None = None


class ListDeedAdmin(DeedAdmin):
    """Rows with their deeds, and deeds for the whole list, unless it is empty."""

    list_deeds: Sequence[ListDeed] = ()
    change_list_template = "admin/list_with_deeds.html"

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list's deeds, before all others."""
        pages: list[Any] = [
            path(
                f"{deed.name}/", self._closed(self._list_page(deed)), name=self._address(deed.name)
            )
            for deed in self.list_deeds
        ]
        return pages + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the ways to its deeds."""
        offered = [
            (deed.title, self._with_query(request, deed.name))
            for deed in self.list_deeds
            if has_right(request.user, deed.right)
        ]
        return super().changelist_view(request, {**(extra_context or {}), "list_deeds": offered})

    def _list_page(self, deed: ListDeed) -> Callable[..., HttpResponseBase]:
        def page(request: HttpRequest) -> HttpResponseBase:
            if not (has_right(request.user, deed.right) and self.has_view_permission(request)):
                raise PermissionDenied
            back = self._with_query(request, "changelist")
            request.GET = _without(request.GET, self.get_changelist(request).places)  # type: ignore[assignment]
            try:
                shown = self.get_changelist_instance(request)
            except IncorrectLookupParameters:
                whole_list = reverse(f"admin:{self._address('changelist')}")
                return redirect(f"{whole_list}?{ERROR_FLAG}=1")
            if why := _why_not(shown):
                messages.error(request, why)
                return redirect(back)
            found = FoundRows(rows=shown.queryset, filters=list(_filters_in_words(shown)))
            return self._do_to_list(request, deed, found, back)

        return page

    def _do_to_list(
        self, request: HttpRequest, deed: ListDeed, found: FoundRows, back: str
    ) -> HttpResponseBase:
        is_sent = request.method == "POST" and "change" not in request.POST
        form = deed.form(request.POST if request.method == "POST" else None, label_suffix="")
        more: dict[str, Any] = {"title": deed.title, "deed": deed, "form": form, "back": back}
        more["list_address"] = back
        first = replace(deed, press="Review") if deed.review else deed
        facts = [*(found.filters or [("Filters", "None: the whole list")])]
        if is_sent and form.is_valid():
            actor = staff(person(request), form.cleaned_data.get("reason", ""))
            try:
                review = deed.review(request, found, form) if deed.review else None
                if review:
                    more |= {"facts": [*facts, *review.facts], "confirmed": review.confirmed}
                    return self._render(request, "review", None, **more)
                then = deed.do(request, found, form, actor)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                if isinstance(then, HttpResponseBase):
                    return then
                done = deed.done(then) if callable(deed.done) else deed.done
                messages.success(request, done)
                return redirect(back)
        rows = (f"{self.opts.verbose_name_plural}".capitalize(), found.told)
        status = 422 if is_sent and form.errors else 200
        more |= {"deed": first, "facts": [*facts, rows]}
        return self._render(request, "deed", None, status=status, **more)

    def _with_query(self, request: HttpRequest, page: str) -> str:
        """The address of a page, with where in the list the person is."""
        address = reverse(f"admin:{self._address(page)}")
        return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _without(query: QueryDict, names: Iterable[str]) -> QueryDict:
    """A query string that narrows a list, and doesn't say where in it a page is."""
    narrows = query.copy()
    for name in names:
        narrows.pop(name, None)
    return narrows


def _why_not(shown: Any) -> str:
    """Why nothing is done about a list: it is empty, or a search finds more than is known."""
    if not shown.result_count:
        return EMPTY
    return CUT if shown.finds_a_part else ""


def _filters_in_words(shown: ChangeList) -> Iterator[tuple[str, str]]:
    """What narrows the list: each filter that is used, and the search."""
    for spec in shown.filter_specs:
        if spec.used_parameters:
            chosen = [choice for choice in spec.choices(shown) if choice["selected"]]
            words = ", ".join(str(choice["display"]) for choice in chosen)
            yield str(spec.title).capitalize(), words or "something else"
    if shown.query:
        yield "Search", shown.query
