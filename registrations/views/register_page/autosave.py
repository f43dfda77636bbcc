"""The register page saving by itself, as the form is completed (2023 guide, III.8)."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from accounts.actors import official
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.cases.presentation import header_of
from registrations.details.edits import Saved
from registrations.details.save import save
from registrations.enums import Product
from registrations.errors import NotAllowed, RegistrationError
from registrations.forms.answer import answer_to
from registrations.forms.submission import Submission
from registrations.models import Enrollment
from registrations.policy.registration import Refusal
from registrations.years.season import season_of

NOT_FOUND = "Not saved: this registration can’t be found. Your role may have ended."
# What the script tells apart. It stops trying at those that no later try can change.
STATUS = {Refusal.CLOSED: "closed", Refusal.NOT_OPEN: "closed", Refusal.NOT_STARTED: "deleted"}


def autosave(request: HttpRequest, registration_id: UUID, product: Product) -> JsonResponse:
    """Store what was typed and tell the page how everything stands now.

    200 when everything that was sent is stored, 409 when somebody else changed a field, 422 when a
    field isn't valid, 403 when nothing may be changed (any more), 404 for what nobody may know of.
    """
    submission = Submission.read(request.POST, automatic=True)
    try:
        saved = save(
            registration_id=registration_id,
            product=product,
            size=submission.size_edit(),
            contacts=submission.contact_edits(),
            actor=official(person(request)),
            received_at=received_at(request),
            stamp=submission.stamp,
        )
    except Enrollment.DoesNotExist:
        return _refused("refused", NOT_FOUND, 404)
    except NotAllowed as error:
        status = STATUS.get(error.refusal, "refused")
        return _refused(status, str(error) if status != "refused" else f"Not saved: {error}", 403)
    except RegistrationError as error:
        return _refused("full", f"Not saved: {error}", 422)
    answer = answer_to(submission, saved, empty_form=str(request.POST.get("new", "")))
    if answer["completed"]:
        answer["panel"] = _panel(request, saved)
    code = {"saved": 200, "partly": 422, "changed": 409}[answer["status"]]
    return JsonResponse(answer, status=code)


def _panel(request: HttpRequest, saved: Saved) -> str:
    """The news that it is complete, and what comes next."""
    case = saved.standing
    context = {
        "case": case,
        "header": header_of(case, complete_contacts=0),
        "season": season_of(case.offering, received_at(request), case.closes_at),
    }
    return render_to_string("registrations/register_page/complete.html", context)


def _refused(status: str, says: str, code: int) -> JsonResponse:
    return JsonResponse({"status": status, "says": says}, status=code)
