"""*Two-Factor Authentication*: choosing a device, sending a code, entering it (2023 guide, III.4).

Everything here needs a right password within the last 15 minutes: a pending sign-in, or the proof
that a person who is signed in was asked for (`accounts.views.proof`).
"""

import math
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import django_otp
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device

from accounts import codes, devices, live_sessions, policy, sessions, sign_in
from accounts.codes import Verdict
from accounts.forms import CodeForm, DeviceForm
from accounts.models import ChannelDevice, User
from accounts.pending import PendingSignIn
from accounts.views import known_browser
from qpp_registration import clock, tracing
from qpp_registration.requests import received_at

BACKEND = "django.contrib.auth.backends.ModelBackend"
PendingView = Callable[[HttpRequest, PendingSignIn, User], HttpResponse]


def with_pending(view: PendingView) -> Callable[[HttpRequest], HttpResponse]:
    """A public view that gets what is pending and its person, or sends to the sign-in page."""

    @login_not_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        had_one = not request.session.is_empty()
        loaded = PendingSignIn.load(request.session, received_at=received_at(request))
        if loaded is None and request.user.is_authenticated:
            return redirect("home")
        if loaded is None:
            query = f"?{urlencode({'why': 'pending'})}" if had_one else ""
            return HttpResponseRedirect(reverse("sign_in") + query)
        return view(request, *loaded)

    return inner


def ask_for_code(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """On from the password to the second factor."""
    if not devices.has_device(user):
        return redirect("set_up")
    offered = devices.confirmed_devices(user)
    if len(offered) == 1 and not devices.is_phone(offered[0]):
        # Nothing to choose and nothing to send: an authenticator app makes its own codes.
        pending.choose(request.session, offered[0].persistent_id)
        return redirect("enter_code")
    return redirect("verify")


@with_pending
def verify(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """The device dropdown and *Send Code*."""
    if not devices.has_device(user):
        return redirect("set_up")
    offered = devices.confirmed_devices(user)
    choices = [(device.persistent_id, devices.label(device)) for device in offered]
    form = DeviceForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"device": pending.device},
    )
    if form.is_valid():
        device = devices.device_of(user, form.cleaned_data["device"])
        if device is not None:
            problem = send(request, pending, user, device)
            if not problem:
                return redirect("enter_code")
            form.add_error("device", problem)
    return render(
        request,
        "accounts/verify.html",
        {"form": form, "any_app": not all(map(devices.is_phone, offered)), "offered": offered},
    )


@sensitive_post_parameters("code")
@with_pending
def enter_code(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """*Enter code* and *Verify*, for a phone and for an authenticator app."""
    device = devices.device_of(user, pending.device)
    if device is None or (not device.confirmed and not devices.is_phone(device)):
        return redirect("verify")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = verify_code(request, pending, user, device, form)
        if answer is not None:
            return answer
    return render(request, "accounts/enter_code.html", _code_page(device, form))


@require_POST
@with_pending
def send_again(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """Send a new code to the chosen phone; the one before it stops working."""
    device = devices.device_of(user, pending.device)
    if device is None or not devices.is_phone(device):
        return redirect("verify")
    problem = send(request, pending, user, device)
    if not problem:
        return redirect("enter_code")
    context = _code_page(device, CodeForm()) | {"problem": problem}
    return render(request, "accounts/enter_code.html", context)


def send(request: HttpRequest, pending: PendingSignIn, user: User, device: Device) -> str:
    """Choose the device, and send a code if it is a phone. What went wrong, or an empty text."""
    pending.choose(request.session, device.persistent_id)
    if not isinstance(device, ChannelDevice):
        return ""
    try:
        codes.send_code(
            user=user, device=device, sign_in=pending.id, received_at=received_at(request)
        )
    except codes.TooSoon as error:
        return _wait_text(error, received_at(request))
    except codes.NotSent as error:
        return str(error)
    return ""


def verify_code(
    request: HttpRequest, pending: PendingSignIn, user: User, device: Device, form: CodeForm
) -> HttpResponse | None:
    """Go on with a right code; otherwise say at the field what is wrong and return None."""
    outcome = codes.check_code(
        user=user,
        device=device,
        sign_in=pending.id,
        code=form.cleaned_data["code"],
        received_at=received_at(request),
    )
    if outcome.verdict is Verdict.RIGHT:
        try:
            return passed(request, pending, user, device)
        except devices.AlreadySetUp:
            return redirect("verify")
    form.add_error("code", _refusal(outcome, device))
    return None


def passed(
    request: HttpRequest, pending: PendingSignIn, user: User, device: Device
) -> HttpResponse:
    """Sign the person in with the device that they just used, or keep that they proved themselves.

    Either way the session gets a new key and the page a new CSRF token. Raises
    devices.AlreadySetUp.
    """
    browser_id = known_browser.browser_id(request) or known_browser.new_id()
    who = {"user": user, "device": device, "browser_id": browser_id}
    if request.user.is_authenticated:
        sign_in.record_proof(**who, received_at=received_at(request))
        request.session.cycle_key()
        rotate_token(request)
        sessions.prove(request.session, at=received_at(request))
    else:
        sign_in.complete(**who, received_at=received_at(request))
        login(request, user, backend=BACKEND)
        sessions.begin(
            request.session,
            signed_in_at=received_at(request),
            source_address=tracing.source_address.get(),
            browser=request.headers.get("User-Agent", ""),
        )
        live_sessions.record_sign_in(
            user=user,
            session_key=request.session.session_key,
            received_at=received_at(request),
        )
    django_otp.login(request, device)
    PendingSignIn.end(request.session)
    response = redirect(pending.next or "home")
    known_browser.keep(response, browser_id)
    return response


def _refusal(outcome: codes.Outcome, device: Device) -> str:
    if outcome.verdict is Verdict.LOCKED and outcome.locked_until:
        return (
            f"There were {policy.WRONG_CODES_LOCK} wrong codes in a row. Codes are locked until "
            f"{clock.show_time_of_day(outcome.locked_until)}; then try again with a new code."
        )
    if outcome.verdict is Verdict.DEAD:
        return "This code no longer works. Send a new code and enter that one."
    if devices.is_phone(device):
        return "This isn’t the code that we sent. Check the newest message and enter its code."
    return "This isn’t the code that your app shows now. Wait for its next code and enter that."


def _wait_text(error: codes.TooSoon, now: datetime) -> str:
    seconds = math.ceil((error.until - now).total_seconds())
    if seconds <= policy.RESEND_AFTER.total_seconds():
        unit = "second" if seconds == 1 else "seconds"
        return f"A code was sent just now. You can send another one in {seconds} {unit}."
    when = clock.show_day_and_time(error.until)
    return f"Too many codes were sent. You can send another one on {when}."


def _code_page(device: Device, form: CodeForm) -> dict[str, Any]:
    minutes = int(policy.CODE_LIFE.total_seconds() // 60)
    return {
        "form": form,
        "is_phone": devices.is_phone(device),
        "sent_to": devices.where_to(device),
        "first_time": not device.confirmed,
        "minutes": minutes,
        "resend_seconds": int(policy.RESEND_AFTER.total_seconds()),
    }
