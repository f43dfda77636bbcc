"""Addresses of the public pages and of registering. Identifiers are never part of one."""

from django.urls import path, register_converter

from registrations.converters import KindConverter, ProductConverter, YearConverter
from registrations.views import exit_view, sheets
from registrations.views.explicit import cancel, contacts, enroll, information, size
from registrations.views.front import calendar, home, public
from registrations.views.lists import listing, manage_access, overview
from registrations.views.many import apply_contact, change_person, copy_contacts, register_many
from registrations.views.records import history, summary
from registrations.views.register_page import delete, register

register_converter(ProductConverter, "product")
register_converter(KindConverter, "kind")
register_converter(YearConverter, "year")

_ORGANIZATIONS = "registration/<year:year>/<product:product>/"
_OVERVIEW = "registration/<year:year>/overview/<kind:kind>/"
_YEAR = "registration/<year:year>/organizations/<uuid:organization_id>/"
_REGISTRATION = "registrations/<uuid:registration_id>/<product:product>/"

urlpatterns = [
    path("", public.front, name="front"),
    path("help/", public.help_page, name="help"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("privacy/", public.privacy, name="privacy"),
    path("home/", home.account_home, name="home"),
    path("view/exit/", exit_view.exit_view, name="exit_view"),
    path("registration/", home.registration, name="registration"),
    path("registration/<product:product>/", listing.current_list, name="current_list"),
    path(_ORGANIZATIONS, listing.first_tab, name="first_tab"),
    path(f"{_ORGANIZATIONS}close.ics", calendar.close, name="calendar"),
    path(f"{_ORGANIZATIONS}<kind:kind>/", listing.organization_list, name="list"),
    path(f"{_ORGANIZATIONS}<kind:kind>/search/", listing.search, name="search"),
    path(f"{_ORGANIZATIONS}<kind:kind>/download/", sheets.download_list, name="download_list"),
    path(f"{_ORGANIZATIONS}sheet/", sheets.upload_sheet, name="upload_sheet"),
    path("sheets/<uuid:upload_id>/", sheets.sheet, name="sheet"),
    path("sheets/<uuid:upload_id>/confirm/", sheets.confirm, name="confirm_sheet"),
    path("sheets/<uuid:upload_id>/errors/", sheets.errors, name="sheet_errors"),
    path(f"{_ORGANIZATIONS}<kind:kind>/many/", register_many.many, name="register_many"),
    path(f"{_ORGANIZATIONS}people/", change_person.change, name="change_person"),
    path(
        f"{_ORGANIZATIONS}organizations/<uuid:organization_id>/start/",
        listing.start,
        name="start",
    ),
    path(_REGISTRATION, register.register, name="register"),
    path(f"{_REGISTRATION}summary/", summary.summary, name="summary"),
    path(f"{_REGISTRATION}summary.pdf", summary.summary_pdf, name="summary_pdf"),
    path(f"{_REGISTRATION}delete/", delete.registration, name="delete_registration"),
    path(
        f"{_REGISTRATION}contacts/<uuid:contact_id>/delete/",
        delete.contact,
        name="delete_contact",
    ),
    path(f"{_REGISTRATION}contacts/copy/", copy_contacts.copy, name="copy_contacts"),
    path(
        f"{_REGISTRATION}contacts/<uuid:contact_id>/apply/",
        apply_contact.apply,
        name="apply_contact",
    ),
    path("manage-access/", manage_access.first_tab, name="manage_access"),
    path("manage-access/<kind:kind>/", manage_access.connected, name="connected"),
    path("manage-access/<kind:kind>/search/", manage_access.search, name="connected_search"),
    path(
        "manage-access/organizations/<uuid:organization_id>/history/",
        history.organization,
        name="organization_history",
    ),
    path(
        "registrations/<uuid:registration_id>/history/",
        history.registration,
        name="registration_history",
    ),
    path("registration/<year:year>/overview/", overview.first_tab, name="overview_first"),
    path(_OVERVIEW, overview.overview, name="overview"),
    path(f"{_OVERVIEW}search/", overview.search, name="overview_search"),
    path(f"{_YEAR}size/", size.size, name="size"),
    path(f"{_YEAR}information/", information.information, name="information"),
    path(f"{_YEAR}confirm/", information.confirm, name="confirm_details"),
    path(f"{_YEAR}last-year/", information.use_last_year, name="use_last_year"),
    path(f"{_YEAR}contacts/add/", contacts.add_contact, name="add_contact"),
    path(f"{_YEAR}contacts/<uuid:contact_id>/", contacts.contact, name="edit_contact"),
    path(
        f"{_YEAR}contacts/<uuid:contact_id>/delete/",
        contacts.delete_contact,
        name="remove_contact",
    ),
    path(f"{_YEAR}<product:product>/", enroll.register_page, name="register_page"),
    path(f"{_YEAR}<product:product>/register/", enroll.register_now, name="register_now"),
    path(f"{_YEAR}<product:product>/registered/", enroll.registered, name="registered"),
    path(f"{_YEAR}<product:product>/cancel/", cancel.cancel, name="cancel_registration"),
    path(f"{_YEAR}<product:product>/cancelled/", cancel.cancelled, name="cancelled"),
]
