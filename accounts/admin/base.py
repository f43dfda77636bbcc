"""What all pages of the staff site share."""

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from accounts.rights import Right
from accounts.staff_rights import has_right

_LOOKUP = re.compile(r"__(exact|in|isnull|gte?|lte?)$")


class StaffModelAdmin(admin.ModelAdmin):
    """Read by staff who have `right`. A list can be narrowed by its own filters only.

    Django lets an address filter by any field, also through relations: by trying beginnings, one
    could read password hashes and session keys off how many rows are found.
    """

    right = Right.READ
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether an address may filter by this."""
        return _LOOKUP.sub("", lookup) in {
            getattr(known, "parameter_name", known) for known in self.list_filter
        }

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the name of what it lists."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

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
