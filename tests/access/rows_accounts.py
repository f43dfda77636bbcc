"""The rows of signing in and out, and of one's own account."""

from tests.access.rows import CLOSED, HOME, NEVER, Rows

ADD_FIRST = "add_device add_device add_device add_device add_device"

ACCOUNTS: Rows = {
    # Signing in and out
    "sign_in": ("200 200" + HOME, "200 200" + HOME),
    "verify": ("sign_in 200" + HOME, "sign_in 200" + HOME),
    "enter_code": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "send_again": ("405", "sign_in verify" + HOME),
    "verify_passkey": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "verify_passkey_options": ("405", "sign_in verify" + HOME),
    "verification_settings": ("sign_in 200" + HOME, "sign_in 200" + HOME),
    "lost_devices": ("sign_in 200" + HOME, "sign_in 200" + HOME),
    "set_up": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_text": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_voice": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_app": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_passkey": ("sign_in verify" + HOME, "sign_in verify" + HOME),
    "set_up_passkey_options": ("405", "sign_in verify" + HOME),
    "csrf_token": ("200", "405"),
    "sign_out": ("405", "signed_out"),
    "signed_out": ("front", "405"),
    # Registering and recovering. What links do is shown in their own tests; here nobody opened one.
    "create_account": ("200 200" + HOME, "200 200" + HOME),
    "create_account_sent": ("200", "405"),
    "recover": ("200", "200"),
    "recover_sent": ("200", "405"),
    "open_link": ("200", "405"),
    "finish_account": ("200", "200"),
    "set_password": ("200", "200"),
    "confirm_email": ("200", "200"),
    # One's own account
    "session_status": (CLOSED + "200 200 200 200 200", NEVER),
    "extend_session": (NEVER, CLOSED + "200 200 200 200 200"),
    "sessions": (CLOSED + "200 200 200 200 200", NEVER),
    "end_session": (NEVER, CLOSED + "sessions sessions sessions sessions sessions"),
    "end_other_sessions": (NEVER, CLOSED + "sessions sessions sessions sessions sessions"),
    "account": (CLOSED + "200 200 200 200 200", NEVER),
    "devices": (CLOSED + "200 200 200 200 200", NEVER),
    "add_device": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
    # The steps of adding one need the choice of its kind before.
    **dict.fromkeys(
        ("add_text", "add_voice", "add_app", "add_passkey", "add_code"),
        (CLOSED + ADD_FIRST, CLOSED + ADD_FIRST),
    ),
    **dict.fromkeys(
        ("add_passkey_options", "add_send_again"),
        (CLOSED + "405 405 405 405 405", CLOSED + ADD_FIRST),
    ),
    "cancel_reset": (CLOSED + "405 405 405 405 405", CLOSED + "devices " * 5),
    # The device of the official, who has no other one.
    "rename_device": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 200 404 404"),
    "remove_device": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 403 404 404"),
    "recovery_codes": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
    "profile": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
    "change_password": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
    "change_email": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
    "sign_in_history": (CLOSED + "200 200 200 200 200", NEVER),
    "statements": (CLOSED + "200 200 200 200 200", NEVER),
    # Roles: asking, one's own requests, questions
    "connect": (CLOSED + "200 " * 5, CLOSED + "422 " * 5),
    "own_requests": (CLOSED + "200 " * 5, NEVER),
    "ask_officials": (CLOSED + "200 " * 5, CLOSED + "422 " * 5),
    "officials_asked": (CLOSED + "200 " * 5, NEVER),
    "role_request": (CLOSED + "404 404 200 404 404", NEVER),
    "withdraw_request": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 manage_access 404 404"),
    # Roles: deciding, who is connected
    "requests_to_decide": (CLOSED + "200 " * 5, NEVER),
    "approve_request": (
        CLOSED + "404 404 200 404 404",
        CLOSED + "404 404 requests_to_decide 404 404",
    ),
    "deny_request": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 422 404 404"),
    "connected_users": (CLOSED + "404 200 200 404 404", NEVER),
    "change_role": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 connected_users 404 404"),
    "end_role": (
        CLOSED + "404 200 200 404 404",
        CLOSED + "404 manage_access connected_users 404 404",
    ),
    "hand_over": (CLOSED + "404 404 200 404 404", CLOSED + "404 404 422 404 404"),
    "confirm_identity": (CLOSED + "200 200 200 200 200", CLOSED + "200 200 200 200 200"),
}
