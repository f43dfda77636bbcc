"""What the forms with *Update* have in common: what is refused, what is kept, how it is stored."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict

from accounts.sessions import kept
from registrations.details.edits import ContactEdit, FieldEdit, Saved
from registrations.details.update import update_details
from registrations.errors import NotAllowed, RegistrationError
from registrations.forms.details import ContactPage, InformationPage
from registrations.policy.registration import Refusal
from registrations.views.explicit.year_steps import YearSteps

NO_SIZE = "Select the Organization Size first; then you can edit this."


def refused_page(steps: YearSteps, title: str, *, always: bool = False) -> HttpResponse | None:
    """The page that says why nothing can be edited; None where it can.

    Who sent something after the close gets it back from the form itself, unless `always`.
    """
    why, sent = steps.refusal, steps.request.method == "POST"
    keeps = sent and not always and why is not Refusal.STAFF_USER
    if why and not keeps:
        reason = steps.why_not_changed()
        return steps.cannot(title, reason, status=403 if sent else 200)
    if steps.case.registration is None:
        return steps.cannot(
            title,
            NO_SIZE,
            status=403 if sent else 200,
            help_url=f"{steps.url('size')}{steps.query}",
            help_label="Select Size",
        )
    return None


def update(
    steps: YearSteps,
    *,
    information: Mapping[str, FieldEdit] | None = None,
    contacts: Mapping[UUID, ContactEdit] | None = None,
) -> tuple[Saved, str, int]:
    """What became of it; why it was refused as a whole; the status of the page that tells so."""
    try:
        saved = update_details(
            organization_id=steps.case.organization.pk,
            year=steps.case.year.year,
            information=information or {},
            contacts=contacts or {},
            actor=steps.actor,
            received_at=steps.at,
        )
    except NotAllowed as error:
        return Saved(), str(error), 403
    except RegistrationError as error:
        return Saved(), str(error), 422
    return saved, "", 409


def details_page(
    steps: YearSteps,
    template: str,
    page: InformationPage | ContactPage,
    *,
    blocked: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The form. `blocked`: why nothing can be stored; what was typed then stays to be copied."""
    context = {
        "page": page,
        "form": page.form,
        "blocked": blocked,
        "errors": [(blocked, "")] if blocked else [],
    }
    return steps.page(template, context | more, status=status)


def kept_typed(steps: YearSteps) -> QueryDict | None:
    """What the person had sent to this page when their session ended."""
    request = steps.request
    return kept.kept_for(request.session, user_id=str(steps.user.pk), path=request.path)
