"""The steps of signing in, as tests walk them with Django's client."""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Message, User
from tests.factories import PASSWORD, DeviceFactory, UserFactory

# A real test of time needs a moment to start from.
START = "2023-05-02 14:00:00Z"


def person(**more: Any) -> User:
    """Somebody with a password."""
    return UserFactory(**more)


def person_with_phone(**more: Any) -> User:
    """Somebody with a password and one confirmed phone."""
    user = person(**more)
    DeviceFactory(user=user)
    return user


def phone_of(user: User) -> Any:
    return user.channeldevice_set.get()


def give_password(client: Client, user_id: str, password: str = PASSWORD, **more: str) -> Any:
    """Post the sign-in form with the tick."""
    return client.post(
        "/sign-in/", {"user_id": user_id, "password": password, "agree": "on", **more}
    )


def ask_for_code(client: Client, user: User) -> Any:
    return client.post("/sign-in/verify/", {"device": phone_of(user).persistent_id})


def app_of(user: User) -> TOTPDevice:
    """The person's authenticator app."""
    return TOTPDevice.objects.create(user=user, confirmed=True)


def app_code(app: TOTPDevice, *, steps: int = 0) -> str:
    """The code that an authenticator app shows, some steps of 30 seconds from now."""
    return f"{totp(app.bin_key, drift=steps):06}"


def choose(client: Client, device_id: str) -> Any:
    """Ask for a code to the device of that ID."""
    return client.post("/sign-in/verify/", {"device": device_id})


def enter(client: Client, code: str) -> Any:
    return client.post("/sign-in/verify/code/", {"code": code})


def messages() -> list[dict[str, str]]:
    """What the demonstration channel wrote."""
    file = Path(settings.VAR_DIR) / "messages.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def newest_code() -> str:
    match = re.search(r"\b\d{6}\b", messages()[-1]["body"])
    assert match
    return match[0]


def wrong_code() -> str:
    """Six digits that aren't the newest code."""
    return f"{(int(newest_code()) + 1) % 1_000_000:06}"


def up_to_code(client: Client, user: User) -> str:
    """Everything up to the code, which is returned."""
    give_password(client, user.user_id)
    ask_for_code(client, user)
    return newest_code()


def walk_in(client: Client, user: User) -> Any:
    """All the steps; the answer to the right code."""
    return enter(client, up_to_code(client, user))


def is_signed_in(client: Client) -> bool:
    """Whether a closed page opens."""
    return client.get("/home/").status_code == 200


def error(response: Any, field: str) -> str:
    """The message at a field of the page's form."""
    return " ".join(response.context["form"].errors.get(field, []))


def sign_in_again(client: Client, user: User, answer: Any) -> str:
    """All the steps from the redirect of a refused save; the page they lead to."""
    page = client.get(answer.url)
    way_back = page.context["form"].initial["next"]
    give_password(client, user.user_id, next=way_back)
    ask_for_code(client, user)
    return client.get(enter(client, newest_code()).url).content.decode()


# --- Links that are mailed

NEW_PASSWORD = "four words and more"


def ask_for_new_password(client: Client, user_id: str, **more: str) -> Any:
    return client.post("/recover/", {"what": "reset", "password-user_id": user_id, **more})


def ask_for_user_id(client: Client, email: str) -> Any:
    return client.post("/recover/", {"what": "find", "id-email": email})


def mails_to(email: str) -> list[Message]:
    """What is queued for the address, oldest first."""
    return list(Message.objects.filter(to__iexact=email).order_by("created_at"))


def newest_link(email: str) -> str:
    """The path of the link in the newest mail to the address."""
    match = re.search(rf"{re.escape(settings.SITE_URL)}(/open-link/\S+)", mails_to(email)[-1].body)
    assert match
    return match[1]


def reset_link(user: User) -> str:
    """The path of a link with which the person sets a new password."""
    ask_for_new_password(Client(), user.user_id)
    return newest_link(user.email)


def set_new_password(client: Client, password: str = NEW_PASSWORD, repeated: str = "") -> Any:
    """Fill in the page that a link has opened."""
    form = {"new_password": password, "repeated": repeated or password}
    return client.post("/set-password/", form)
