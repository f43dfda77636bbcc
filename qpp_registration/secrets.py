"""Where the keys come from: the environment in production, a private file in the demonstration."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured


def require(env: environ.Env, *names: str) -> None:
    """Raise ImproperlyConfigured naming every variable of `names` that isn't set."""
    missing = [name for name in names if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(
            f"DEBUG is off, so these must be set in the environment: {', '.join(missing)}."
        )


def demonstration_secret(folder: Path, name: str) -> str:
    """Read the secret `name` from the private file in `folder`, making it at the first use."""
    file = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        secret = secrets.token_urlsafe(48)
        handle.write(secret)
    return secret
