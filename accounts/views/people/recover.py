"""*Recover ID or reset password* (2023 guide, III.2)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.people import RecoverPasswordForm, RecoverUserIdForm
from accounts.guards import mail_requests
from accounts.people import recover
from accounts.views.people.register import TOO_MANY, minutes_of_links
from qpp_registration.requests import received_at

RESET, FIND = "reset", "find"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recover_page(request: HttpRequest) -> HttpResponse:
    """Two forms: the user ID by e-mail, or a new password by user ID."""
    sent = request.POST.get("what", "") if request.method == "POST" else ""
    find = RecoverUserIdForm(request.POST if sent == FIND else None)
    reset = RecoverPasswordForm(request.POST if sent == RESET else None)
    forms = {"find": find, "reset": reset}
    try:
        if find.is_valid():
            recover.recover_user_id(
                email=find.cleaned_data["email"], received_at=received_at(request)
            )
            return redirect("recover_sent")
        if reset.is_valid():
            recover.recover_password(
                user_id=reset.cleaned_data["user_id"], received_at=received_at(request)
            )
            return redirect("recover_sent")
    except mail_requests.TooMany:
        (find if sent == FIND else reset).add_error(None, TOO_MANY)
        return render(request, "accounts/people/recover.html", forms, status=429)
    return render(request, "accounts/people/recover.html", forms)


@login_not_required
@require_safe
def recover_sent(request: HttpRequest) -> HttpResponse:
    """*Check Your Mail*, the same for everybody."""
    return render(request, "accounts/people/recover_sent.html", {"minutes": minutes_of_links()})
