"""*Change verification settings* of the code page, and what to do when everything is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms.verification import ReachForm
from accounts.models import User
from accounts.signing_in.pending import PendingSignIn
from accounts.verification import devices, resets
from accounts.views.signing_in.second_factor import with_pending
from qpp_registration.clock import moment
from qpp_registration.requests import received_at


@with_pending
def verification_settings(
    request: HttpRequest, _pending: PendingSignIn, user: User
) -> HttpResponse:
    """Where verification devices are changed. Before the second factor nothing can be."""
    if not devices.has_device(user):
        return redirect("set_up")
    return render(request, "accounts/verification/verification_settings.html")


@with_pending
def lost_devices(request: HttpRequest, _pending: PendingSignIn, user: User) -> HttpResponse:
    """Ask staff to reset all devices, and what became of that."""
    if not devices.has_device(user):
        return redirect("set_up")
    now = received_at(request)
    reset = resets.open_reset_of(user, received_at=now)
    form = ReachForm(request.POST if request.method == "POST" else None)
    if not reset and form.is_valid():
        resets.request_reset(user=user, phone=form.cleaned_data["phone"], received_at=now)
        return redirect("lost_devices")
    begun = reset and moment(reset.begun_at)
    context = {"form": form, "reset": reset, "begun": begun}
    return render(request, "accounts/verification/lost_devices.html", context)
