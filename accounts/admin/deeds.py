"""A row's page on the staff site: what is known of it, and what staff may do about it.

Each deed is a page of its own with a form, asks for a recent proof, and calls one service.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from accounts.actors import Actor, staff
from accounts.admin.base import StaffModelAdmin
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from accounts.views.signing_in.proof import recent_proof_required
from qpp_registration.errors import Refused

MOST_ROWS = 12  # of a section's table; a longer one folds
MOST_LINKS = 3  # to the same deed; more of them fold
Offer = tuple[str, str]  # the title of a link, and its address
Fact = tuple[str, object]  # a label and its value, text or a Link; None leaves the fact out
Do = Callable[[HttpRequest, Any, Any, Actor], object]


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere; without an address only the text."""

    text: str
    address: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Section:
    """What a row's page tells below the facts: a table, or a template with its own context.

    The title may lead to the page of what it is about. A cell is text or a Link. `note` stands
    above the table; `empty` in its place. A long table folds, so that the page stays one that can
    be looked over.
    """

    title: str | Link
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    note: str = ""
    empty: str = "None."
    template: str = "admin/sections/table.html"
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def folds(self) -> bool:
        """Whether the table is long."""
        return len(self.rows) > MOST_ROWS


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a deed will do, told before it is done.

    `about`: what is confirmed with it. When that is something else by then, it is told anew.
    """

    lines: Sequence[str]
    about: str


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that staff may do about a row.

    `name` ends the page's address, `press` is on its button. `do` gets the request, the row, the
    valid form and the actor with the form's `reason`; it calls the service, whose Refused is shown
    in the form, and may give another row to go to, or an answer such as a file. `done` is said
    afterwards, if it isn't empty; {} is the row. A function tells it of the row as it is then.

    `titled`: the heading where it names the part of the row that the deed is about.
    `options`: what the form takes beside what was sent, such as its choices. `preview`: what is to
    be confirmed first, for a valid form; None for nothing. `warns`: what to know of the row
    before.
    """

    name: str
    title: str
    press: str
    right: Right
    form: type[forms.Form]
    do: Do
    done: str | Callable[[Any], str]
    explained: str = ""
    titled: Callable[[HttpRequest, Any], str] | None = None
    options: Callable[[HttpRequest, Any], Mapping[str, Any]] | None = None
    preview: Callable[[HttpRequest, Any, Any], Preview | None] | None = None
    warns: Callable[[Any], Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """A deed for a row, or `why` it isn't possible now.

    `of`: the part of the row that it is about, which the deed's page finds in its address. `title`:
    where the deed's own doesn't tell it.
    """

    deed: Deed
    title: str = ""
    of: str = ""
    why: str = ""


class DeedAdmin(StaffModelAdmin):
    """A list, a page for each row with its facts, and pages for deeds. `starts`: without a row."""

    deeds: Sequence[Deed] = ()
    starts: Deed | None = None

    def facts(self, request: HttpRequest, row: Any) -> Iterable[Fact]:
        """What the row's page tells."""
        raise NotImplementedError

    def sections(self, request: HttpRequest, row: Any) -> Iterable[Section]:
        """What the row's page tells below its facts."""
        return ()

    def offered(self, request: HttpRequest, row: Any) -> Iterable[Deed]:
        """The deeds that are possible now, whoever may do them. The services decide anew."""
        return self.deeds

    def ways(self, request: HttpRequest, row: Any) -> Iterable[Way]:
        """The deeds in their order, with those that aren't possible now and say why."""
        return [Way(deed=deed) for deed in self.offered(request, row)]

    def why_nothing(self, request: HttpRequest, row: Any) -> str:
        """Why nothing can be done now; empty when something can."""
        return ""

    def links(self, request: HttpRequest, row: Any) -> Iterable[tuple[str, str]]:
        """Where the row's page leads beside its deeds: titles and addresses."""
        return ()

    def initial(self, request: HttpRequest, row: Any) -> dict[str, object]:
        """What a deed's form holds at first."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person may start something new."""
        return self.starts is not None and has_right(request.user, self.starts.right)

    def get_urls(self) -> list[URLPattern]:
        """The pages of the deeds, before the admin's own."""
        pages: list[Any] = [
            path(
                f"<path:object_id>/{deed.name}/",
                self._closed(self._page_of(deed)),
                name=self._address(deed.name),
            )
            for deed in self.deeds
        ]
        if self.starts:
            start = self._closed(self._page_of(self.starts))
            pages.append(path("add/", start, name=self._address("add")))
        return pages + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """One row, with the deeds that the person may do now. Nothing is changed here."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        row = self._row(request, object_id)
        ways = [way for way in self.ways(request, row) if has_right(request.user, way.deed.right)]
        offered, folded = self._offers(request, row, [way for way in ways if not way.why])
        more: dict[str, Any] = {
            "links": [*offered, *self.links(request, row)],
            "folded": folded,
            "why_nothing": self.why_nothing(request, row),
            "not_possible": [(way.title or way.deed.title, way.why) for way in ways if way.why],
            "sections": list(self.sections(request, row)),
            "base_query": f"{kept}&" if (kept := self.get_preserved_filters(request)) else "",
        }
        return self._render(request, "row", row, title=self.title_of(row), **more)

    def _offers(
        self, request: HttpRequest, row: Any, ways: Iterable[Way]
    ) -> tuple[list[Offer], list[tuple[str, list[Offer]]]]:
        """The links to deeds, and apart from them those to one deed for many parts of the row."""
        offered: list[Offer] = []
        folded: list[tuple[str, list[Offer]]] = []
        for deed, of_deed in groupby(ways, attrgetter("deed")):
            links = [
                (way.title or deed.title, self.with_list(request, self._to_deed(row, way)))
                for way in of_deed
            ]
            if len(links) > MOST_LINKS:
                folded.append((deed.title, links))
            else:
                offered += links
        return offered, folded

    def _page_of(self, deed: Deed) -> Callable[..., HttpResponseBase]:
        def page(request: HttpRequest, object_id: str = "") -> HttpResponseBase:
            if not has_right(request.user, deed.right):
                raise PermissionDenied
            return self._do(request, deed, self._row(request, object_id) if object_id else None)

        return page

    def _closed(self, page: Callable[..., HttpResponseBase]) -> Any:
        return self.admin_site.admin_view(recent_proof_required(page))

    def _do(self, request: HttpRequest, deed: Deed, row: Model | None) -> HttpResponseBase:
        """The form of one deed; afterwards the row as it is then."""
        sent = request.POST if request.method == "POST" else None
        options = deed.options(request, row) if deed.options else {}
        begin = {"initial": self.initial(request, row), "label_suffix": "", **options}
        form = deed.form(sent, **begin)
        preview = None
        if form.is_valid():
            actor = staff(person(request), form.cleaned_data.get("reason", ""))
            try:
                preview = _to_confirm(request, deed, row, form)
                then = row if preview else deed.do(request, row, form, actor) or row
            except Refused as error:
                form.add_error(None, str(error))
            else:
                if not preview:
                    return self._done(request, deed, row, then)
        status = 422 if form.errors else 200
        return self._render(
            request,
            "deed",
            row,
            title=deed.titled(request, row) if deed.titled else deed.title,
            deed=deed,
            form=form,
            preview=preview,
            row_title=self.title_of(row) if row else "",
            warnings=deed.warns(row) if deed.warns else (),
            back=self._back(request, row),
            status=status,
        )

    def _done(self, request: HttpRequest, deed: Deed, row: Any, then: Any) -> HttpResponseBase:
        """The answer of a deed that was done: its own, or the way to the row as it is then."""
        answer = then if isinstance(then, HttpResponseBase) else None
        leads_to = row if isinstance(then, HttpResponseBase) else then
        if callable(deed.done):
            messages.success(request, deed.done(leads_to))
        elif deed.done:
            messages.success(request, deed.done.format(self.name_of(leads_to)))
        return answer or redirect(self._back(request, leads_to))

    def _back(self, request: HttpRequest, row: Model | None) -> str:
        """To the row, from where the list is found as it was left; without a row to the list."""
        address = self._to(row)
        is_own = row is None or row._meta.model is self.model
        return self.with_list(request, address) if is_own else address

    def _to(self, row: Model | None) -> str:
        if row is None:
            return reverse(f"admin:{self._address('changelist')}")
        opts = row._meta
        return reverse(
            f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(str(row.pk))]
        )

    def _to_deed(self, row: Model, way: Way) -> str:
        address = reverse(f"admin:{self._address(way.deed.name)}", args=[quote(str(row.pk))])
        return f"{address}?{urlencode({'of': way.of})}" if way.of else address

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            row = self.get_object(request, unquote(object_id))
        except OverflowError:  # a number that is longer than any key
            row = None
        if row is None:
            raise Http404
        return row

    def name_of(self, row: Any) -> str:
        """What the row is called in a sentence."""
        return str(row)

    def title_of(self, row: Any) -> str:
        """The heading of the row's page."""
        return str(row)

    def _address(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _render(
        self, request: HttpRequest, template: str, row: Any, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        facts = (
            []
            if row is None
            else [(label, value) for label, value in self.facts(request, row) if value is not None]
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_address": self.with_list(request, self._to(None)),
            "facts": facts,
            **more,
        }
        return render(request, f"admin/{template}.html", context, status=status)


def _to_confirm(request: HttpRequest, deed: Deed, row: Any, form: forms.Form) -> Preview | None:
    """What is still to be confirmed; None when it was, or nothing has to be."""
    preview = deed.preview(request, row, form) if deed.preview else None
    if preview and request.POST.get("confirmed") == preview.about:
        return None
    return preview
