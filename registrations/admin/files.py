"""Files on the staff site: loads of the directory, and sheets that officials uploaded."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import how_many
from accounts.admin.deeds import Fact
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from organizations.models import DirectoryImport
from qpp_registration.clock import moment
from registrations.admin.filters import OfYear
from registrations.admin.words import offering_name, page_of
from registrations.exports.lists import DIRECTORY_IMPORTS, SHEETS
from registrations.models import SheetUpload


class OfLoadedYear(OfYear):
    """The year that the file was loaded for."""

    path = "performance_year"


@admin.register(DirectoryImport)
class DirectoryImportAdmin(ListDeedAdmin):
    """What was loaded, and what it did."""

    list_display = (
        *("file_name", "performance_year", "loaded", "loaded_by"),
        *(how_many("created", "Added"), how_many("changed", "Changed")),
        *(how_many("unchanged", "As before"), how_many("refused", "Refused")),
    )
    list_filter = (OfLoadedYear,)
    ordering = ("-loaded_at", "-pk")
    list_deeds = (export_of("directory-imports", DIRECTORY_IMPORTS),)

    @admin.display(description="loaded")
    def loaded(self, row: DirectoryImport) -> str:
        """In Eastern time."""
        return moment(row.loaded_at).text

    def facts(self, request: HttpRequest, row: DirectoryImport) -> Iterable[Fact]:
        """The file, who loaded it, and how many rows did what."""
        yield "File", row.file_name
        yield "SHA-256", row.sha256
        yield "Performance year", str(row.performance_year)
        yield "Loaded", f"{self.loaded(row)} by {row.loaded_by}"
        yield "Organizations added", f"{row.created:,}"
        yield "Changed", f"{row.changed:,}"
        yield "As before", f"{row.unchanged:,}"
        yield "Rows refused", f"{row.refused:,}"


@admin.register(SheetUpload)
class SheetUploadAdmin(ListDeedAdmin):
    """Registration sheets and how far they are; what is in them only their owners see."""

    list_display = (
        *("file_name", "user", "of_offering", "status", "uploaded"),
        *(how_many("rows", "Rows"), how_many("planned", "Rows to change")),
        *(how_many("nothing", "Rows unchanged"), how_many("errors", "Rows with errors")),
    )
    list_filter = ("status",)
    list_select_related = ("user", "offering")
    ordering = ("-uploaded_at", "-pk")
    list_deeds = (export_of("sheets", SHEETS),)

    @admin.display(description="offering")
    def of_offering(self, row: SheetUpload) -> str:
        """Year and product."""
        return offering_name(row.offering)

    @admin.display(description="uploaded")
    def uploaded(self, row: SheetUpload) -> str:
        """In Eastern time."""
        return moment(row.uploaded_at).text

    def facts(self, request: HttpRequest, row: SheetUpload) -> Iterable[Fact]:
        """Whose it is, and what came of it."""
        yield "File", row.file_name
        yield "SHA-256", row.sha256
        yield "Uploaded by", page_of("accounts_user", row.user_id, row.user.full_name)
        yield (
            "Offering",
            page_of("registrations_offering", row.offering_id, offering_name(row.offering)),
        )
        yield "Status", row.get_status_display()
        yield "Uploaded", self.uploaded(row)
        yield "Confirmed", moment(row.confirmed_at).text if row.confirmed_at else "Not yet"
        yield "Finished", moment(row.finished_at).text if row.finished_at else "Not yet"
        yield "Rows", f"{row.rows:,}"
        yield "Rows to change", f"{row.planned:,}"
        yield "Rows unchanged", f"{row.nothing:,}"
        yield "Rows with errors", f"{row.errors:,}"
