"""Addresses of signing in and out, of one's own account, and of roles on organizations."""

from django.urls import path
from django.views.decorators.http import require_POST

from accounts.views.people import account, history, links, profile, recover, register, set_password
from accounts.views.roles import ask_officials, connect, connected_users, decide
from accounts.views.sessions import csrf, session_clock, sessions
from accounts.views.signing_in import proof, second_factor, sign_in, verify_passkey
from accounts.views.verification import devices, lost_devices, set_up
from accounts.views.verification.set_up import first, further

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
    path("session/", session_clock.session_status, name="session_status"),
    path("session/extend/", session_clock.extend_session, name="extend_session"),
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
    path("account/profile/", profile.profile, name="profile"),
    path("account/password/", profile.change_password, name="change_password"),
    path("account/email/", profile.change_email, name="change_email"),
    path("account/history/", history.sign_ins, name="sign_in_history"),
    path("account/statements/", history.statements, name="statements"),
    path("register/", register.create_account, name="create_account"),
    path("register/sent/", register.create_account_sent, name="create_account_sent"),
    path("register/finish/", register.finish_account, name="finish_account"),
    path("recover/", recover.recover_page, name="recover"),
    path("recover/sent/", recover.recover_sent, name="recover_sent"),
    path("open-link/<str:token>/", links.open_link, name="open_link"),
    path("set-password/", set_password.set_password, name="set_password"),
    path("confirm-email/", profile.confirm_email, name="confirm_email"),
    path("manage-access/connect/", connect.connect, name="connect"),
    path("manage-access/my-requests/", connect.mine, name="own_requests"),
    path("manage-access/my-requests/<uuid:request_id>/", connect.role_request, name="role_request"),
    path(
        "manage-access/my-requests/<uuid:request_id>/withdraw/",
        connect.withdraw,
        name="withdraw_request",
    ),
    path("manage-access/requests/", decide.requests, name="requests_to_decide"),
    path(
        "manage-access/requests/<uuid:request_id>/approve/", decide.approve, name="approve_request"
    ),
    path("manage-access/requests/<uuid:request_id>/deny/", decide.deny, name="deny_request"),
    path(
        "manage-access/organizations/<uuid:organization_id>/users/",
        connected_users.users,
        name="connected_users",
    ),
    path(
        "manage-access/organizations/<uuid:organization_id>/hand-over/",
        connected_users.give_over,
        name="hand_over",
    ),
    path("manage-access/roles/<uuid:role_id>/change/", connected_users.change, name="change_role"),
    path("manage-access/roles/<uuid:role_id>/end/", connected_users.end, name="end_role"),
    path("manage-access/ask/", ask_officials.ask, name="ask_officials"),
    path("manage-access/ask/asked/", ask_officials.asked, name="officials_asked"),
    path("account/sessions/", sessions.sessions_page, name="sessions"),
    path("account/sessions/end/", sessions.end_session, name="end_session"),
    path("account/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
]
