"""*Ask our Security Official*: a question to people whom one doesn't know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import official
from accounts.forms.roles import QuestionForm
from accounts.roles.requests import ask_officials
from accounts.sessions import kept
from accounts.views.lookup import person
from accounts.views.roles.trails import trail
from organizations.enums import OrganizationKind
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at

TRAIL = "Ask our Security Official"


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and passing the question on; the answer doesn't say to whom."""
    user = person(request)
    if request.method != "POST":
        typed = kept.kept_for(request.session, user_id=str(user.pk), path=request.path)
        return _form(request, QuestionForm(initial=typed.dict() if typed else None))
    kept.forget(request.session)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        ask_officials(
            kind=OrganizationKind(form.cleaned_data["kind"]),
            identifier=form.cleaned_data["identifier"],
            text=form.cleaned_data["text"],
            actor=official(user),
            received_at=received_at(request),
        )
    except Refused as error:
        form.add_error(None, str(error))
        return _form(request, form, status=409)
    return redirect("officials_asked")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What becomes of the question: the same for every organization."""
    return render(request, "accounts/roles/officials_asked.html", {"trail": trail((TRAIL, ""))})


def _form(request: HttpRequest, form: QuestionForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "trail": trail((TRAIL, ""))}
    return render(request, "accounts/roles/ask_officials.html", context, status=status)
