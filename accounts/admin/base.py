"""What all pages of the staff site share."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst

from accounts.admin.lists import StaffList, is_private
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from qpp_registration.clock import moment
from qpp_registration.planning import planned_for_values

NOT_HERE = (
    "This search doesn’t look for TINs and e-mails, because what is searched for stands in the "
    "address. Look up the caller instead."
)
_LOOKUP = re.compile(r"__(exact|in|isnull|gte?|lte?)$")


def eastern(field: str, label: str) -> Callable[[Any], str]:
    """A column with a time of the row, as all pages tell times."""

    @admin.display(description=label)
    def time(row: Any) -> str:
        at = getattr(row, field)
        return moment(at).text if at else "Never"

    return time


def how_many(field: str, label: str) -> Callable[[Any], str]:
    """A column with a number of things, `1,234`."""

    @admin.display(description=label)
    def number(row: Any) -> str:
        return f"{getattr(row, field):,}"

    return number


class StaffModelAdmin(admin.ModelAdmin):
    """Read by staff who have `right`. A list can be narrowed by its own filters only, and sorted
    by the columns of `sortable_by` only. `list_note` stands above it.

    Django lets an address filter by any field, also through relations: by trying beginnings, one
    could read password hashes and session keys off how many rows are found.
    """

    right = Right.READ
    list_note = ""
    list_per_page = 50
    sortable_by: ClassVar[tuple[str, ...] | None] = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether an address may filter by this."""
        return _LOOKUP.sub("", lookup) in {
            getattr(known, "parameter_name", known) for known in self.list_filter
        }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffList]:
        """The list that stays quick with a million rows."""
        return StaffList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, with its rows, found by plans for the chosen filters."""
        with planned_for_values():
            return super().get_changelist_instance(request)

    def with_list(self, request: HttpRequest, address: str) -> str:
        """An address of this list's pages with the list as it was left: filter, search, page."""
        kept = self.get_preserved_filters(request)
        return add_preserved_filters({"preserved_filters": kept, "opts": self.opts}, address)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the name of what it lists; a search that is sent leads to it."""
        if SEARCH_VAR in request.POST and self.has_view_permission(request):
            return self._search(request)
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def _search(self, request: HttpRequest) -> HttpResponse:
        """Go to what the search finds, unless its text must not stand in an address."""
        query = request.POST.copy()
        query.pop("csrfmiddlewaretoken", None)
        if is_private(query.get(SEARCH_VAR, "")):
            messages.error(request, NOT_HERE)
            query.pop(SEARCH_VAR)
        return redirect(f"{request.path}?{query.urlencode()}")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Not there: Django's own log knows nothing of what services do, each row's page does."""
        raise Http404

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has the right."""
        return has_right(request.user, self.right)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It is listed for whom may see it."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """What there is to do, a page does that calls a service."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services change it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False
