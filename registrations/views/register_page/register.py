"""Register for CAHPS: making and changing a registration (2023 guide, III.8 to V)."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actors import official
from accounts.sessions import kept
from accounts.views.lookup import person
from qpp_registration.requests import prefers_json, received_at
from registrations.cases.presentation import automatic_note, header_of, list_url, register_label
from registrations.cases.registration import Case, contacts_of
from registrations.details.edits import Saved
from registrations.details.last_year import LastYear, last_year_of, use_last_year
from registrations.details.save import save
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import NotAllowed, RegistrationError
from registrations.forms.page import RegisterPage
from registrations.forms.submission import Submission, with_theirs
from registrations.mails.log import mail_log
from registrations.models import Enrollment
from registrations.policy.registration import Action, Refusal
from registrations.sampling.outcomes import sampling_of
from registrations.views.lookup import case_or_404
from registrations.views.register_page.autosave import autosave
from registrations.years.season import season_of


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """Show the registration's forms, or save what was typed in them."""
    if request.method == "POST":
        if prefers_json(request):
            return autosave(request, registration_id, product)
        return _save(request, registration_id, product)
    case = case_or_404(request, registration_id, product)
    if case.status == EnrollmentStatus.CANCELLED:
        return _deleted(request, case)
    why = case.refusal(Action.SAVE, received_at(request))
    if why:
        return _read_only(request, case, why)
    registration, contacts = case.registered.registration, contacts_of(registration_id)
    typed = kept.kept_for(request.session, user_id=str(person(request).pk), path=request.path)
    if typed:
        page = RegisterPage.again(registration, contacts, Submission.read(typed))
    else:
        page = RegisterPage.fresh(
            registration, contacts, user=person(request), add="add" in request.GET
        )
    return _page(request, case, page)


def _save(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    kept.forget(request.session)
    submission = Submission.read(with_theirs(request.POST))
    saved, blocked = Saved(), ""
    store = use_last_year if "use_last_year" in request.POST else save
    try:
        saved = store(
            registration_id=registration_id,
            product=product,
            size=submission.size_edit(),
            contacts=submission.contact_edits(),
            actor=official(person(request)),
            received_at=received_at(request),
            stamp=submission.stamp,
        )
    except Enrollment.DoesNotExist:
        raise Http404 from None
    except NotAllowed as error:
        if error.refusal is Refusal.STAFF_USER:
            # The page with the forms holds e-mail and phone of all contacts.
            case = case_or_404(request, registration_id, product)
            return _read_only(request, case, error.refusal, status=403)
        blocked, status = str(error), 403
    except RegistrationError as error:
        blocked, status = str(error), 422
    if not blocked and not submission.has_errors and saved.is_clean:
        return redirect(_next_place(request, registration_id, product, submission, saved))
    if not blocked:
        status = 409 if saved.conflicts or saved.gone else 422
    case = case_or_404(request, registration_id, product)
    page = RegisterPage.after(
        case.registered.registration, contacts_of(registration_id), submission, saved
    )
    return _page(request, case, page, blocked=blocked, status=status)


def _next_place(
    request: HttpRequest,
    registration_id: UUID,
    product: Product,
    submission: Submission,
    saved: Saved,
) -> str:
    """Where a save leads: to the news that it is complete, to a new contact, or back to the top."""
    here = reverse("register", kwargs={"registration_id": registration_id, "product": product})
    if "add_contact" in request.POST:
        return f"{here}?add=1#new-contact"
    # The page may have completed it by saving by itself just before the button was pressed.
    completed = saved.completed or (
        submission.stamp is not None
        and submission.began_incomplete
        and saved.standing.status == EnrollmentStatus.COMPLETE
    )
    return f"{here}?completed=1#complete" if completed else f"{here}#saved"


def _page(
    request: HttpRequest, case: Case, page: RegisterPage, *, blocked: str = "", status: int = 200
) -> HttpResponse:
    errors = [(blocked, "")] if blocked else []
    last_year = _last_year(case, page)
    page.give_addresses(case.registered.registration, case.product)
    context = {
        "mail_log": mail_log(case.registered.registration_id, case.role),
        "last_year": None if blocked or page.has_stored_contacts else last_year,
        "case": case,
        "header": header_of(case, complete_contacts=page.complete_contacts),
        "season": season_of(case.offering, received_at(request), case.closes_at),
        "page": page,
        "errors": errors + page.errors,
        "blocked": blocked,
        "may_delete": not blocked and case.refusal(Action.DELETE, received_at(request)) is None,
        "automatic": automatic_note(
            case,
            size=case.registered.registration.size,
            complete_contacts=page.complete_contacts,
            at=received_at(request),
        ),
        "can_complete": case.status == EnrollmentStatus.INCOMPLETE,
        "just_completed": "completed" in request.GET and case.status == EnrollmentStatus.COMPLETE,
        "list_url": list_url(case),
    }
    return render(request, "registrations/register_page/register.html", context, status=status)


def _last_year(case: Case, page: RegisterPage) -> LastYear | None:
    """What to offer where contacts or size are missing. The size is told, never preselected."""
    registration = case.registered.registration
    if registration.size and page.has_stored_contacts:
        return None
    found = last_year_of(registration)
    if found and found.size and not registration.size:
        page.size_form.hint(
            f"In {found.year}: {found.size}. Choose the size for {registration.year_id}."
        )
    return found


def _read_only(
    request: HttpRequest, case: Case, why: Refusal, *, status: int = 200
) -> HttpResponse:
    contacts = contacts_of(case.registered.registration_id)
    context = {
        "case": case,
        "header": header_of(case, complete_contacts=sum(c.is_complete for c in contacts)),
        "season": season_of(case.offering, received_at(request), case.closes_at),
        "reason": case.explain(why),
        "sampling": sampling_of(case),
        "contacts": contacts,
        "mail_log": mail_log(case.registered.registration_id, case.role),
        "shows_details": why is not Refusal.STAFF_USER,
        "is_staff_user": why is Refusal.STAFF_USER,
        "list_url": list_url(case),
    }
    return render(request, "registrations/register_page/read_only.html", context, status=status)


def _deleted(request: HttpRequest, case: Case) -> HttpResponse:
    again = replace(case, enrollment=None)
    may_start = again.refusal(Action.START, received_at(request)) is None
    context = {
        "case": case,
        "header": header_of(case, complete_contacts=0),
        "season": season_of(case.offering, received_at(request), case.closes_at),
        "may_start": may_start,
        "register_label": register_label(case.kind, case.product),
        "list_url": list_url(case),
    }
    return render(request, "registrations/register_page/deleted.html", context)
