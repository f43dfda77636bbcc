"""Signing in, or proving who one is, with a passkey or security key."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_otp_webauthn.models import WebAuthnCredential

from accounts.forms.verification import PasskeyForm
from accounts.models import User
from accounts.signing_in.pending import PendingSignIn
from accounts.verification import devices, passkeys
from accounts.verification.kinds import label
from accounts.views.signing_in.second_factor import passed, with_pending
from qpp_registration.requests import received_at


@with_pending
def verify_passkey(request: HttpRequest, pending: PendingSignIn, user: User) -> HttpResponse:
    """The button that asks for the passkey, and the browser's answer."""
    passkey = _chosen(pending, user)
    if passkey is None:
        return redirect("verify")
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            passkeys.check_signature(
                user=user,
                passkey=passkey,
                sign_in=pending.id,
                answer=form.cleaned_data["answer"],
                received_at=received_at(request),
            )
        except passkeys.NotProved as error:
            form.add_error(None, str(error))
        else:
            return passed(request, pending, user, passkey)
    return render(
        request,
        "accounts/signing_in/verify_passkey.html",
        {
            "form": form,
            "label": label(passkey),
            "works_here": passkeys.works_on(request.get_host()),
            "wrong_address": passkeys.wrong_address(),
        },
    )


@require_POST
@with_pending
def verify_passkey_options(
    request: HttpRequest, pending: PendingSignIn, user: User
) -> HttpResponse:
    """What the browser needs to ask for the passkey, for the script of the page."""
    passkey = _chosen(pending, user)
    if passkey is None:
        return redirect("verify")
    options = passkeys.ask_to_sign(
        user=user, passkey=passkey, sign_in=pending.id, received_at=received_at(request)
    )
    return JsonResponse(options)


def _chosen(pending: PendingSignIn, user: User) -> WebAuthnCredential | None:
    device = devices.device_of(user, pending.device)
    return device if isinstance(device, WebAuthnCredential) else None
