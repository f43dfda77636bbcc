"""Setting up a device: the first one while signing in (2023 guide, III.4), or a further one.

The first one needs a pending sign-in of a person who has no confirmed device; a further one a
person who is signed in and gave password and code just now. The steps are the same.
"""

from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import DeviceKind
from accounts.forms.verification import AnyPhoneForm, CodeForm, MethodForm, PasskeyForm, PhoneForm
from accounts.models import User
from accounts.signing_in.pending import PendingSignIn
from accounts.verification import codes, devices, passkeys
from accounts.verification.adding import Adding
from accounts.verification.codes import Verdict
from accounts.verification.kinds import KINDS, Kind, is_passkey, is_phone, label
from accounts.views.lookup import person
from accounts.views.signing_in.proof import recent_proof_required
from accounts.views.signing_in.second_factor import (
    code_page,
    passed,
    refusal,
    send_code,
    suggest_second_device,
    verify_code,
    with_pending,
)
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of setting up: whose device, and what it is bound to."""

    user: User
    state: PendingSignIn | Adding

    @property
    def first(self) -> bool:
        """Whether it is the person's first device, which then signs them in."""
        return isinstance(self.state, PendingSignIn)

    @property
    def id(self) -> UUID:
        """What codes and challenges are bound to."""
        return self.state.id

    @property
    def device(self) -> Device | None:
        """The device that is being set up."""
        return devices.unconfirmed(self.user, self.state.device)

    def page(self, name: str) -> str:
        """The address of another step: text, voice, app, passkey, passkey_options."""
        return reverse(f"{'set_up' if self.first else 'add'}_{name}")

    @property
    def choice(self) -> str:
        """The address where kinds are chosen."""
        return reverse("set_up" if self.first else "add_device")

    def context(self, **more: Any) -> dict[str, Any]:
        """What every page of setting up shows."""
        return {"first": self.first, "choice_url": self.choice, **more}


StepView = Callable[..., HttpResponse]


def first(view: StepView) -> Callable[..., HttpResponse]:
    """The step as one of signing in; whoever has a device is asked for that one."""

    @with_pending
    @wraps(view)
    def inner(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
        if devices.has_device(user):
            return redirect("verify")
        return view(request, Step(user=user, state=pending))

    return inner


def further(view: StepView) -> Callable[..., HttpResponse]:
    """The step as one of My Account; it needs the choice of a kind before."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        adding = Adding.load(request.session, received_at=received_at(request))
        if adding is None:
            return redirect("add_device")
        return view(request, Step(user=person(request), state=adding))

    return inner


@first
def set_up(request: HttpRequest, step: Step) -> HttpResponse:
    """Choose the kind of the first device."""
    return _choose(request, step)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def add_device(request: HttpRequest) -> HttpResponse:
    """Choose the kind of a further device."""
    user = person(request)
    if refused := devices.why_not_added(user):
        messages.warning(request, refused)
        return redirect("devices")
    if request.method != "POST":
        return _choose(request, Step(user=user, state=Adding(key="", until=0)))
    adding = Adding.begin(request.session, received_at=received_at(request))
    return _choose(request, Step(user=user, state=adding))


def _choose(request: HttpRequest, step: Step) -> HttpResponse:
    offered = [kind for kind in KINDS.values() if kind.is_offered]
    form = MethodForm(
        request.POST if request.method == "POST" else None,
        choices=[(kind.kind.value, kind.name) for kind in offered],
        notes={kind.kind.value: kind.hint for kind in offered},
    )
    if form.is_valid():
        chosen = DeviceKind(form.cleaned_data["method"])
        if chosen is DeviceKind.APP:
            app = devices.start_app(user=step.user, first=step.first)
            step.state.choose(request.session, app.persistent_id)
        return redirect(step.page(chosen.value))
    return render(request, "accounts/verification/set_up.html", step.context(form=form))


def text(request: HttpRequest, step: Step) -> HttpResponse:
    """The number of a cell phone; a code goes to it."""
    return _phone(request, step, KINDS[DeviceKind.TEXT], PhoneForm)


def voice(request: HttpRequest, step: Step) -> HttpResponse:
    """The number of any phone; a call reads a code to whoever takes it."""
    return _phone(request, step, KINDS[DeviceKind.VOICE], AnyPhoneForm)


def _phone(
    request: HttpRequest, step: Step, kind: Kind, form_class: type[PhoneForm]
) -> HttpResponse:
    if not kind.is_offered:
        return redirect(step.choice)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        problem = _start_phone(request, step, kind.kind, form.cleaned_data["phone"])
        if not problem:
            return redirect("enter_code" if step.first else "add_code")
        form.add_error("phone", problem)
    is_call = kind.kind is DeviceKind.VOICE
    context = step.context(form=form, kind=kind.name, is_call=is_call)
    return render(request, "accounts/verification/set_up_phone.html", context)


def _start_phone(request: HttpRequest, step: Step, kind: DeviceKind, digits: str) -> str:
    """Keep the phone and send it a code. What went wrong, or an empty text."""
    try:
        device = devices.start_phone(user=step.user, kind=kind, digits=digits, first=step.first)
    except Refused as error:
        return str(error)
    step.state.choose(request.session, device.persistent_id)
    return send_code(request, step.user, device, step.id)


@sensitive_post_parameters("code")
def app(request: HttpRequest, step: Step) -> HttpResponse:
    """The secret as picture and text, and the first code of the app."""
    device = step.device
    if not isinstance(device, TOTPDevice):
        return redirect(step.choice)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = _check(request, step, device, form)
        if answer is not None:
            return answer
    secret = b32encode(device.bin_key).decode()
    return render(
        request,
        "accounts/verification/set_up_app.html",
        step.context(
            form=form,
            picture=segno.make(device.config_url).svg_data_uri(scale=5, border=4),
            secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        ),
    )


def passkey(request: HttpRequest, step: Step) -> HttpResponse:
    """The button that makes a passkey, and the browser's answer."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = passkeys.add_passkey(
                user=step.user,
                sign_in=step.id,
                answer=form.cleaned_data["answer"],
                received_at=received_at(request),
                first=step.first,
            )
        except (passkeys.NotProved, Refused) as error:
            form.add_error(None, str(error))
        except devices.AlreadySetUp:
            return redirect("verify")
        else:
            return _done(request, step, made)
    context = step.context(
        form=form,
        works_here=passkeys.works_on(request.get_host()),
        wrong_address=passkeys.wrong_address(),
        options_url=step.page("passkey_options"),
    )
    return render(request, "accounts/verification/set_up_passkey.html", context)


def passkey_options(request: HttpRequest, step: Step) -> HttpResponse:
    """What the browser needs to make a passkey, for the script of the page."""
    options = passkeys.ask_to_make(
        user=step.user, sign_in=step.id, received_at=received_at(request)
    )
    return JsonResponse(options)


@sensitive_post_parameters("code")
def code(request: HttpRequest, step: Step) -> HttpResponse:
    """*Enter code* for a further phone."""
    device = step.device
    if device is None or not is_phone(device):
        return redirect("add_device")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = _check(request, step, device, form)
        if answer is not None:
            return answer
    return render(request, "accounts/verification/add_code.html", code_page(request, device, form))


def send_again(request: HttpRequest, step: Step) -> HttpResponse:
    """Send a new code to the phone that is being added."""
    device = step.device
    if device is None or not is_phone(device):
        return redirect("add_device")
    problem = send_code(request, step.user, device, step.id)
    if not problem:
        return redirect("add_code")
    context = code_page(request, device, CodeForm()) | {"problem": problem}
    return render(request, "accounts/verification/add_code.html", context)


def _check(request: HttpRequest, step: Step, device: Device, form: CodeForm) -> HttpResponse | None:
    """Go on with a right code; otherwise say at the field what is wrong and return None."""
    if isinstance(step.state, PendingSignIn):
        return verify_code(request, step.state, step.user, device, form)
    outcome = codes.check_code(
        user=step.user,
        device=device,
        sign_in=step.id,
        code=form.cleaned_data["code"],
        received_at=received_at(request),
    )
    if outcome.verdict is Verdict.RIGHT:
        try:
            devices.add(user=step.user, device=device, received_at=received_at(request))
        except Refused as error:
            form.add_error("code", str(error))
            return None
        return _done(request, step, device)
    form.add_error("code", refusal(outcome, device))
    return None


def _done(request: HttpRequest, step: Step, device: Device) -> HttpResponse:
    if isinstance(step.state, PendingSignIn):
        answer = passed(request, step.state, step.user, device)
        if is_passkey(device):  # confirmed before, by its own signature
            suggest_second_device(request)
        return answer
    Adding.end(request.session)
    messages.success(request, f"The device was added: {label(device)}.")
    return redirect("devices")
