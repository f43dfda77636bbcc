"""*Two-Factor Authentication*: choosing a device, sending a code, entering it (2023 guide, III.4).

Everything here needs a right password within the last 15 minutes: a pending sign-in, or the proof
that a person who is signed in was asked for (`accounts.views.signing_in.proof`).
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import django_otp
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device

from accounts.enums import Channel
from accounts.forms.verification import CodeForm, DeviceForm, RecoveryCodeForm
from accounts.models import ChannelDevice, RecoveryCodes, User
from accounts.policy import signing_in
from accounts.sessions import live, times
from accounts.signing_in import sign_in
from accounts.signing_in.pending import PendingSignIn
from accounts.verification import codes, devices, recovery_codes
from accounts.verification.codes import Verdict
from accounts.verification.kinds import is_passkey, is_phone, label, where_to
from accounts.views.signing_in import known_browser
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
    if len(offered) == 1 and not is_phone(offered[0]):
        # Nothing to choose and nothing to send: an app makes its own codes, a passkey signs.
        pending.choose(request.session, offered[0].persistent_id)
        return _go_on(offered[0])
    return redirect("verify")


@with_pending
def verify(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """The device dropdown and *Send Code*; *Continue* where no code could be sent."""
    if not devices.has_device(user):
        return redirect("set_up")
    offered = devices.confirmed_devices(user)
    recovery = devices.recovery_codes(user)
    form = DeviceForm(
        request.POST if request.method == "POST" else None,
        choices=_choices(offered, recovery),
        initial={"device": pending.device},
    )
    if form.is_valid():
        device = devices.device_of(user, form.cleaned_data["device"])
        if device is not None:
            problem = send(request, pending, user, device)
            if not problem:
                return _go_on(device)
            form.add_error("device", problem)
    return render(
        request,
        "accounts/signing_in/verify.html",
        {
            "form": form,
            "any_phone": any(map(is_phone, offered)),
            "any_quiet": recovery or not all(map(is_phone, offered)),
            "any_device": offered,
            "offered": offered or recovery,
        },
    )


def _choices(offered: list[Device], recovery: RecoveryCodes | None) -> list[tuple[str, str]]:
    choices = [(device.persistent_id, label(device)) for device in offered]
    if recovery:
        left = recovery_codes.unused(recovery)
        choices.append((recovery.persistent_id, f"Recovery code ({left} left)"))
    return choices


def _go_on(device: Device) -> HttpResponse:
    """To where the chosen device is asked for its code or signature."""
    return redirect("verify_passkey" if is_passkey(device) else "enter_code")


@sensitive_post_parameters("code")
@with_pending
def enter_code(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """*Enter code* and *Verify*, for a phone, an authenticator app, and a recovery code."""
    device = devices.device_of(user, pending.device)
    if device is None or is_passkey(device) or (not device.confirmed and not is_phone(device)):
        return redirect("verify")
    form_class = RecoveryCodeForm if isinstance(device, RecoveryCodes) else CodeForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = verify_code(request, pending, user, device, form)
        if answer is not None:
            return answer
    return render(request, "accounts/signing_in/enter_code.html", code_page(request, device, form))


@require_POST
@with_pending
def send_again(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """Send a new code to the chosen phone; the one before it stops working."""
    device = devices.device_of(user, pending.device)
    if device is None or not is_phone(device):
        return redirect("verify")
    problem = send(request, pending, user, device)
    if not problem:
        return redirect("enter_code")
    context = code_page(request, device, CodeForm()) | {"problem": problem}
    return render(request, "accounts/signing_in/enter_code.html", context)


def send(request: HttpRequest, pending: PendingSignIn, user: User, device: Device) -> str:
    """Choose the device, and send a code if it is a phone. What went wrong, or an empty text."""
    pending.choose(request.session, device.persistent_id)
    return send_code(request, user, device, pending.id)


def send_code(request: HttpRequest, user: User, device: Device, sign_in_id: UUID) -> str:
    """Send a code if the device is a phone. What went wrong, or an empty text."""
    if not isinstance(device, ChannelDevice):
        return ""
    try:
        codes.send_code(
            user=user, device=device, sign_in=sign_in_id, received_at=received_at(request)
        )
    except codes.TooSoon as error:
        return _wait_text(error, received_at(request))
    except codes.NotSent as error:
        return str(error)
    return ""


def verify_code(
    request: HttpRequest,
    pending: PendingSignIn,
    user: User,
    device: Device,
    form: CodeForm | RecoveryCodeForm,
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
    form.add_error("code", refusal(outcome, device))
    return None


def passed(
    request: HttpRequest, pending: PendingSignIn, user: User, device: Device
) -> HttpResponse:
    """Sign the person in with the device that they just used, or keep that they proved themselves.

    Either way the session gets a new key and the page a new CSRF token. Raises
    devices.AlreadySetUp.
    """
    first_time = not device.confirmed
    browser_id = known_browser.browser_id(request) or known_browser.new_id()
    who = {"user": user, "device": device, "browser_id": browser_id}
    if request.user.is_authenticated:
        sign_in.record_proof(**who, received_at=received_at(request))
        request.session.cycle_key()
        rotate_token(request)
        times.prove(request.session, at=received_at(request))
    else:
        sign_in.complete(**who, received_at=received_at(request))
        login(request, user, backend=BACKEND)
        times.begin(
            request.session,
            signed_in_at=received_at(request),
            source_address=tracing.source_address.get(),
            browser=request.headers.get("User-Agent", ""),
        )
        live.record_sign_in(
            user=user,
            session_key=request.session.session_key,
            received_at=received_at(request),
        )
    django_otp.login(request, device)
    PendingSignIn.end(request.session)
    if isinstance(device, RecoveryCodes):
        _suggest_new_device(request, left=recovery_codes.unused(device))
    elif first_time:
        suggest_second_device(request)
    response = redirect(pending.next or "home")
    known_browser.keep(response, browser_id)
    return response


def suggest_second_device(request: HttpRequest) -> None:
    """Say on the next page how the person gets in when their first device is lost."""
    messages.success(
        request,
        format_html(
            "Your verification device is set up. So that you can sign in when it is lost, "
            '<a href="{}">add a second one and print recovery codes</a>.',
            reverse("devices"),
        ),
    )


def _suggest_new_device(request: HttpRequest, *, left: int) -> None:
    """Say on the next page that a recovery code is gone, and what to do about a lost device."""
    messages.warning(
        request,
        format_html(
            "You used a recovery code; {} {} left. If your device is lost, "
            '<a href="{}">remove it and add a new one</a>.',
            left,
            "is" if left == 1 else "are",
            reverse("devices"),
        ),
    )


def refusal(outcome: codes.Outcome, device: Device) -> str:
    """What is said at the field of a code that wasn't right."""
    if outcome.verdict is Verdict.LOCKED and outcome.locked_until:
        return (
            f"There were {signing_in.WRONG_CODES_LOCK} wrong codes in a row. Codes are locked "
            f"until {clock.show_time_of_day(outcome.locked_until)}; then try again with a new code."
        )
    if outcome.verdict is Verdict.DISABLED:
        return (
            f"There were {signing_in.WRONG_CODES_DISABLE} wrong codes in a row for this device. It "
            "can’t be used any more. Use a different device."
        )
    if outcome.verdict is Verdict.DEAD:
        return "This code no longer works. Send a new code and enter that one."
    if isinstance(device, RecoveryCodes):
        return "This is none of your recovery codes, or it was used before. Try another one."
    if is_phone(device):
        return "This isn’t the code that we sent. Check the newest message and enter its code."
    return "This isn’t the code that your app shows now. Wait for its next code and enter that."


def _wait_text(error: codes.TooSoon, now: datetime) -> str:
    seconds = math.ceil((error.until - now).total_seconds())
    if seconds <= signing_in.RESEND_AFTER.total_seconds():
        unit = "second" if seconds == 1 else "seconds"
        return f"A code was sent just now. You can send another one in {seconds} {unit}."
    when = clock.show_day_and_time(error.until)
    return f"Too many codes were sent. You can send another one on {when}."


def code_page(
    request: HttpRequest, device: Device, form: CodeForm | RecoveryCodeForm
) -> dict[str, Any]:
    """What the page of *Enter code* needs."""
    minutes = int(signing_in.CODE_LIFE.total_seconds() // 60)
    wait = timedelta(0)
    if isinstance(device, ChannelDevice):
        now = received_at(request)
        wait = codes.may_send_at(device, received_at=now) - now
    return {
        "form": form,
        "is_phone": is_phone(device),
        "is_recovery": isinstance(device, RecoveryCodes),
        "sent_to": where_to(device),
        "is_call": isinstance(device, ChannelDevice) and device.channel == Channel.VOICE,
        "first_time": not device.confirmed,
        "minutes": minutes,
        "resend_seconds": int(signing_in.RESEND_AFTER.total_seconds()),
        "resend_in": math.ceil(wait.total_seconds()),
    }
