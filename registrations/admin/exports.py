"""Taking registrations and organizations away as files."""

from django.http import HttpRequest, StreamingHttpResponse

from accounts.actors import Actor
from accounts.admin.exports import export_deed, taken_away
from accounts.admin.list_deeds import FoundRows
from accounts.forms.staff import ListFileForm
from registrations.exports.tables import CONTACTS, ORGANIZATIONS, REGISTRATIONS
from registrations.forms.staff.export import RegistrationsFileForm


def _registrations(
    request: HttpRequest, found: FoundRows, form: RegistrationsFileForm, actor: Actor
) -> StreamingHttpResponse:
    return taken_away("registrations", (REGISTRATIONS, CONTACTS), request, found, form, actor)


def _organizations(
    request: HttpRequest, found: FoundRows, form: ListFileForm, actor: Actor
) -> StreamingHttpResponse:
    return taken_away("organizations", (ORGANIZATIONS,), request, found, form, actor)


EXPORT_REGISTRATIONS = export_deed(RegistrationsFileForm, _registrations)
EXPORT_ORGANIZATIONS = export_deed(ListFileForm, _organizations)
