"""A row's page on the staff site: what is known of it, and what staff may do about it.

Each deed is a page of its own with a form, asks for a recent proof, and calls one service.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from accounts.actors import Actor, staff
from accounts.admin.base import StaffModelAdmin
from accounts.rights import Right
from accounts.staff_rights import has_right
from accounts.views.lookup import person
from accounts.views.proof import recent_proof_required
from qpp_registration.errors import Refused

Fact = tuple[str, object]  # a label and its value; None leaves the fact out
Do = Callable[[HttpRequest, Any, Any, Actor], Model | None]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that staff may do about a row.

    `name` ends the page's address, `press` is on its button. `do` gets the request, the row, the
    valid form and the actor with the form's `reason`; it calls the service, whose Refused is shown
    in the form, and may give another row to go to. `done` is said afterwards; {} is the row.
    """

    name: str
    title: str
    press: str
    right: Right
    form: type[forms.Form]
    do: Do
    done: str
    explained: str = ""


class DeedAdmin(StaffModelAdmin):
    """A list, a page for each row with its facts, and pages for deeds. `starts`: without a row."""

    deeds: Sequence[Deed] = ()
    starts: Deed | None = None

    def facts(self, request: HttpRequest, row: Any) -> Iterable[Fact]:
        """What the row's page tells."""
        raise NotImplementedError

    def offered(self, request: HttpRequest, row: Any) -> Iterable[Deed]:
        """The deeds that are possible now, whoever may do them. The services decide anew."""
        return self.deeds

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
        deeds = [
            (deed.title, reverse(f"admin:{self._address(deed.name)}", args=[quote(row.pk)]))
            for deed in self.offered(request, row)
            if has_right(request.user, deed.right)
        ]
        more: dict[str, Any] = {
            "links": [*deeds, *self.links(request, row)],
            "why_nothing": self.why_nothing(request, row),
        }
        return self._render(request, "row", row, title=self.title_of(row), **more)

    def _page_of(self, deed: Deed) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, object_id: str = "") -> HttpResponse:
            if not has_right(request.user, deed.right):
                raise PermissionDenied
            return self._do(request, deed, self._row(request, object_id) if object_id else None)

        return page

    def _closed(self, page: Callable[..., HttpResponse]) -> Any:
        return self.admin_site.admin_view(recent_proof_required(page))

    def _do(self, request: HttpRequest, deed: Deed, row: Model | None) -> HttpResponse:
        """The form of one deed; afterwards the row as it is then."""
        sent = request.POST if request.method == "POST" else None
        form = deed.form(sent, initial=self.initial(request, row), label_suffix="")
        if form.is_valid():
            actor = staff(person(request), form.cleaned_data.get("reason", ""))
            try:
                then = deed.do(request, row, form, actor) or row
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, deed.done.format(self.name_of(then)))
                return redirect(self._to(then))
        status = 422 if form.errors else 200
        return self._render(
            request,
            "deed",
            row,
            title=deed.title,
            deed=deed,
            form=form,
            back=self._to(row),
            status=status,
        )

    def _to(self, row: Model | None) -> str:
        if row is None:
            return reverse(f"admin:{self._address('changelist')}")
        return reverse(f"admin:{self._address('change')}", args=[quote(row.pk)])

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
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
            "list_address": reverse(f"admin:{self._address('changelist')}"),
            "facts": facts,
            **more,
        }
        return render(request, f"admin/{template}.html", context, status=status)
