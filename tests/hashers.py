"""How passwords are stored while tests run."""

from accounts.people.hashers import Argon2id


class QuickArgon2id(Argon2id):
    """The site's hash at the least cost that the algorithm allows."""

    memory_cost = 8  # KiB
    time_cost = 1
