"""Where the pages of Manage Access are."""

from django.urls import reverse

Trail = list[tuple[str, str]]


def trail(*here: tuple[str, str]) -> Trail:
    """From the account home to a page of Manage Access; the last one is the page itself."""
    return [
        ("Account Home", reverse("home")),
        ("Manage Access", reverse("manage_access")),
        *here,
    ]
