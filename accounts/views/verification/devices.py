"""*Verification Devices* and *Recovery Codes* of My Account."""

from base64 import b64encode
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.verification import NameForm
from accounts.models import User
from accounts.policy import signing_in
from accounts.verification import devices, recovery_codes, resets
from accounts.verification.devices import Listed
from accounts.views.lookup import person
from accounts.views.signing_in.proof import recent_proof_required
from qpp_registration.clock import moment, show_day_and_time
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    """All devices of the person, and what they can do with each."""
    user = person(request)
    listed = devices.list_devices(user)
    return render(
        request,
        "accounts/verification/devices.html",
        {
            "devices": listed,
            "only_one": len(devices.confirmed_devices(user)) == 1,
            "full": devices.why_not_added(user),
            "codes_left": _codes_left(user),
            "reset": resets.open_reset_of(user, received_at=received_at(request)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def rename_device(request: HttpRequest, handle: str) -> HttpResponse:
    """Give a device a name that tells it from others."""
    device = _own_or_404(request, handle)
    sent = request.POST if request.method == "POST" else None
    form = NameForm(sent, initial={"name": device.name})
    if form.is_valid():
        try:
            devices.rename(
                user=person(request),
                handle=handle,
                name=form.cleaned_data["name"],
                received_at=received_at(request),
            )
        except Refused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "The device has its new name.")
            return redirect("devices")
    return render(
        request, "accounts/verification/rename_device.html", {"form": form, "device": device}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def remove_device(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask whether to remove a device, and remove it."""
    user, device = person(request), _own_or_404(request, handle)
    refused, status = devices.why_not_removed(user, handle), 200
    if request.method == "POST":
        try:
            devices.remove(user=user, handle=handle, received_at=received_at(request))
        except Refused as error:
            refused, status = str(error), 403
        else:
            messages.success(request, f"The device was removed: {device.label}.")
            return redirect("devices")
    used_now = bool(request.user.otp_device) and (  # type: ignore[union-attr]
        devices.handle_of(request.user.otp_device) == handle  # type: ignore[union-attr]
    )
    context = {"device": device, "refused": refused, "used_now": used_now}
    return render(request, "accounts/verification/remove_device.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def recovery_code_page(request: HttpRequest) -> HttpResponse:
    """How many codes are left, and ten new ones.

    The new ones are in the answer to the POST and nowhere else: nothing keeps them.
    """
    user = person(request)
    if request.method == "POST":
        now = received_at(request)
        made = recovery_codes.make_codes(user=user, received_at=now)
        context = {"codes": made, "file": _text_file(user, made, now), "at": moment(now)}
        return render(request, "accounts/verification/new_recovery_codes.html", context)
    codes = recovery_codes.set_of(user)
    context = {
        "left": _codes_left(user),
        "made_at": codes and moment(codes.made_at),
        "number": signing_in.RECOVERY_CODES,
    }
    return render(request, "accounts/verification/recovery_codes.html", context)


@require_POST
def cancel_reset(request: HttpRequest) -> HttpResponse:
    """The person still has a device, or never asked for the reset."""
    resets.withdraw(user=person(request), received_at=received_at(request))
    messages.success(request, "The request to reset your devices is cancelled.")
    return redirect("devices")


def _codes_left(user: User) -> int:
    codes = recovery_codes.set_of(user)
    return recovery_codes.unused(codes) if codes else 0


def _own_or_404(request: HttpRequest, handle: str) -> Listed:
    device = devices.find(person(request), handle)
    if device is None:
        raise Http404
    return device


def _text_file(user: User, codes: list[str], at: datetime) -> str:
    """The codes as a text file, in an address that a link saves: no request brings them again."""
    lines = [
        f"Recovery codes of {user.user_id} for QPP Registration",
        f"Made on {show_day_and_time(at)}. Each works once, in place of a verification device.",
        "Keep them where nobody else finds them.",
        "",
        *codes,
        "",
    ]
    return (
        f"data:text/plain;charset=utf-8;base64,{b64encode(chr(10).join(lines).encode()).decode()}"
    )
