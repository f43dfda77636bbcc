"""Addresses of signing in and out, and of one's own account."""

from django.urls import path

from accounts.views import (
    account,
    csrf,
    proof,
    second_factor,
    session_clock,
    sessions,
    set_up,
    sign_in,
)
from accounts.views.set_password import SetPassword

urlpatterns = [
    path("sign-in/", sign_in.sign_in_page, name="sign_in"),
    path("sign-in/verify/", second_factor.verify, name="verify"),
    path("sign-in/verify/code/", second_factor.enter_code, name="enter_code"),
    path("sign-in/verify/send-again/", second_factor.send_again, name="send_again"),
    path("sign-in/set-up/", set_up.set_up, name="set_up"),
    path("sign-in/set-up/text-message/", set_up.set_up_text, name="set_up_text"),
    path("sign-in/set-up/authenticator-app/", set_up.set_up_app, name="set_up_app"),
    path("csrf-token/", csrf.token, name="csrf_token"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("confirm-identity/", proof.confirm_identity, name="confirm_identity"),
    path("session/", session_clock.session_status, name="session_status"),
    path("session/extend/", session_clock.extend_session, name="extend_session"),
    path("account/", account.account, name="account"),
    path("account/sessions/", sessions.sessions_page, name="sessions"),
    path("account/sessions/end/", sessions.end_session, name="end_session"),
    path("account/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("set-password/<uidb64>/<token>/", SetPassword.as_view(), name="set_password"),
]
