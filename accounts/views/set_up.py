"""*Set Up Two-Factor Authentication*: the first device of a person (2023 guide, III.4).

Open only with a pending sign-in of a person who has no confirmed device.
"""

from base64 import b32encode

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import devices
from accounts.channels import is_offered
from accounts.enums import Channel
from accounts.forms import APP, TEXT, CodeForm, MethodForm, PhoneForm
from accounts.models import User
from accounts.pending import PendingSignIn
from accounts.views.second_factor import send, verify_code, with_pending


@with_pending
def set_up(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """Choose between text messages and an authenticator app."""
    if devices.has_device(user):
        return redirect("verify")
    choices = [(APP, "Authenticator app")]
    if is_offered(Channel.TEXT):
        choices.insert(0, (TEXT, "Text message"))
    form = MethodForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        if form.cleaned_data["method"] == TEXT:
            return redirect("set_up_text")
        pending.choose(request.session, devices.start_app(user=user).persistent_id)
        return redirect("set_up_app")
    return render(request, "accounts/set_up.html", {"form": form})


@with_pending
def set_up_text(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """The number of the cell phone; a code goes to it, which *Enter code* then asks for."""
    if devices.has_device(user) or not is_offered(Channel.TEXT):
        return redirect("verify")
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = devices.start_phone(user=user, digits=form.cleaned_data["phone"])
        problem = send(request, pending, user, device)
        if not problem:
            return redirect("enter_code")
        form.add_error("phone", problem)
    return render(request, "accounts/set_up_text.html", {"form": form})


@sensitive_post_parameters("code")
@with_pending
def set_up_app(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """The secret as picture and text, and the first code of the app."""
    device = devices.device_of(user, pending.device)
    if not isinstance(device, TOTPDevice) or device.confirmed:
        return redirect("set_up")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = verify_code(request, pending, user, device, form)
        if answer is not None:
            return answer
    secret = b32encode(device.bin_key).decode()
    return render(
        request,
        "accounts/set_up_app.html",
        {
            "form": form,
            "picture": segno.make(device.config_url).svg_data_uri(scale=5, border=4),
            "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        },
    )
