"""Addresses of signing in and out, of one's own account, and of roles on organizations."""

from django.urls import path

from accounts.views import (
    account,
    ask_officials,
    connect,
    connected_users,
    csrf,
    decide,
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
    path("set-password/<uidb64>/<token>/", SetPassword.as_view(), name="set_password"),
]
