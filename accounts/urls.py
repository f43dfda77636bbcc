"""Addresses of signing in and out, and of one's own account."""

from django.urls import path
from django.views.decorators.http import require_POST

from accounts.views import (
    account,
    csrf,
    devices,
    lost_devices,
    proof,
    second_factor,
    set_up,
    sign_in,
    verify_passkey,
)
from accounts.views.set_password import SetPassword
from accounts.views.set_up import first, further

urlpatterns = [
    path("sign-in/", sign_in.sign_in_page, name="sign_in"),
    path("sign-in/verify/", second_factor.verify, name="verify"),
    path("sign-in/verify/code/", second_factor.enter_code, name="enter_code"),
    path("sign-in/verify/send-again/", second_factor.send_again, name="send_again"),
    path("sign-in/verify/passkey/", verify_passkey.verify_passkey, name="verify_passkey"),
    path(
        "sign-in/verify/passkey/options/",
        verify_passkey.verify_passkey_options,
        name="verify_passkey_options",
    ),
    path(
        "sign-in/verification-settings/",
        lost_devices.verification_settings,
        name="verification_settings",
    ),
    path("sign-in/lost-devices/", lost_devices.lost_devices, name="lost_devices"),
    path("sign-in/set-up/", set_up.set_up, name="set_up"),
    path("sign-in/set-up/text-message/", first(set_up.text), name="set_up_text"),
    path("sign-in/set-up/voice-call/", first(set_up.voice), name="set_up_voice"),
    path("sign-in/set-up/authenticator-app/", first(set_up.app), name="set_up_app"),
    path("sign-in/set-up/passkey/", first(set_up.passkey), name="set_up_passkey"),
    path(
        "sign-in/set-up/passkey/options/",
        require_POST(first(set_up.passkey_options)),
        name="set_up_passkey_options",
    ),
    path("csrf-token/", csrf.token, name="csrf_token"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("confirm-identity/", proof.confirm_identity, name="confirm_identity"),
    path("account/", account.account, name="account"),
    path("account/devices/", devices.device_list, name="devices"),
    path("account/devices/add/", set_up.add_device, name="add_device"),
    path("account/devices/add/text-message/", further(set_up.text), name="add_text"),
    path("account/devices/add/voice-call/", further(set_up.voice), name="add_voice"),
    path("account/devices/add/authenticator-app/", further(set_up.app), name="add_app"),
    path("account/devices/add/passkey/", further(set_up.passkey), name="add_passkey"),
    path(
        "account/devices/add/passkey/options/",
        require_POST(further(set_up.passkey_options)),
        name="add_passkey_options",
    ),
    path("account/devices/add/code/", further(set_up.code), name="add_code"),
    path(
        "account/devices/add/send-again/",
        require_POST(further(set_up.send_again)),
        name="add_send_again",
    ),
    path("account/devices/cancel-reset/", devices.cancel_reset, name="cancel_reset"),
    path("account/devices/<slug:handle>/rename/", devices.rename_device, name="rename_device"),
    path("account/devices/<slug:handle>/remove/", devices.remove_device, name="remove_device"),
    path("account/recovery-codes/", devices.recovery_code_page, name="recovery_codes"),
    path("set-password/<uidb64>/<token>/", SetPassword.as_view(), name="set_password"),
]
