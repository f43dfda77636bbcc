"""The staff site's lists: never count or sort a whole table, and read only the rows of one page.

First the keys of at most 1,001 rows, by the filters' and the order's own tables only; then the
rows of the page, with what their columns need. What lies behind the first 1,000 is found by
narrowing the list, not by turning pages.
"""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

MOST = 1_000
# Nine digits, whatever stands between them, alone or as a part of something longer.
_TIN = re.compile(r"(?<!\d)(?:\d[\W_]*){8}\d(?!\d)")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a row; it may have nine, too


def is_private(text: str) -> bool:
    """Whether a text may be a TIN or an e-mail, which never stand in an address."""
    if _KEY.fullmatch(text.strip().lower()):
        return False
    return "@" in text or _TIN.search(text) is not None


class StaffList(ChangeList):
    """A page of a list, from its first 1,000 rows.

    `places`: parameters that say where in the list a page is, and don't narrow it.
    """

    places: ClassVar[tuple[str, ...]] = (PAGE_VAR,)

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        """What the filters and the search find; nothing for an address that shouldn't be.

        NUL is in no row, and some databases refuse it.
        """
        sent = [value for _, values in request.GET.lists() for value in values]
        if is_private(self.query) or any("\x00" in value for value in sent):
            raise IncorrectLookupParameters
        return super().get_queryset(request, *args, **kwargs)

    def get_filters(self, request: HttpRequest) -> Any:
        """What narrows the list: its own filters only, which can say in words what they do."""
        found = super().get_filters(request)
        if found[2]:  # what no filter took for itself
            raise IncorrectLookupParameters
        return found

    def get_ordering_field(self, field_name: Any) -> Any:
        """What a column is sorted by; None where no index serves it, whatever an address asks."""
        sortable = self.sortable_by or ()
        return super().get_ordering_field(field_name) if field_name in sortable else None

    def get_results(self, request: HttpRequest) -> None:
        """Find the keys, then read the rows of the page."""
        keys = list(self.queryset.values_list("pk", flat=True)[: MOST + 1])
        self.is_cut = len(keys) > MOST
        self.paginator = Paginator(keys[:MOST], self.list_per_page)
        try:
            on_page = list(self.paginator.page(self.page_num).object_list)
        except InvalidPage:
            raise IncorrectLookupParameters from None
        rows = self.apply_select_related(self.root_queryset).in_bulk(on_page)
        self.result_list = [rows[key] for key in on_page if key in rows]
        self.result_count = self.paginator.count
        self.multi_page = self.paginator.num_pages > 1
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = False

    @property
    def finds_a_part(self) -> bool:
        """Whether there may be rows that the search finds, and that aren't in `queryset`."""
        return bool(self.query) and self.is_cut

    @property
    def told(self) -> str:
        """How many there are, as far as that is known."""
        names = str(self.opts.verbose_name_plural)
        if self.is_cut:
            shown = f"{len(self.result_list)} of more than {MOST:,} {names}"
            return f"{shown}. To see others, filter the list or search."
        if not self.result_count:
            return f"No {names}."
        name = str(self.opts.verbose_name) if self.result_count == 1 else names
        if self.multi_page:
            return f"{len(self.result_list)} of {self.result_count:,} {name}."
        return f"{self.result_count} {name}."


def any_of(found: Iterable[QuerySet[Any]], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` that one of the searches found, each of which looks at one index.

    Put together by OR they would look at none. No two searches may find the same row: then so many
    keys are more rows than the list shows, or all. The first one finds most; where that is enough,
    the others aren't asked, of which PostgreSQL would ask all at once.
    """
    first, second, *others = [search.order_by().values_list("pk", flat=True) for search in found]
    keys = list(first[: MOST + 1])
    if len(keys) <= MOST:
        wanted = MOST + 1 - len(keys)
        if connection.features.supports_slicing_ordering_in_compound:
            # Told of the limit of the whole only, PostgreSQL would make each part complete.
            second, *others = (search[:wanted] for search in (second, *others))
        keys += second.union(*others, all=True)[:wanted]
    return rows.filter(pk__in=keys)
