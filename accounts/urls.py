"""Addresses of signing in and out, and of one's own account."""

from django.urls import path

from accounts.views import (
    account,
    csrf,
    history,
    links,
    profile,
    proof,
    recover,
    register,
    second_factor,
    set_password,
    set_up,
    sign_in,
)

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
    path("account/", account.account, name="account"),
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
]
