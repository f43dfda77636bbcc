"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: 20 to 30 ms a sign-in, so a rush can sign in."""

    memory_cost = 19456  # KiB
    time_cost = 2
    parallelism = 1
