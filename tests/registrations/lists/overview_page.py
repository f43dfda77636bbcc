"""The Registration Overview of 2022 as a test opens it."""

from django.test import Client

OVERVIEW = "/registration/2022/overview/practices/"
ENTITIES = "/registration/2022/overview/apm-entities/"
WEB, CAHPS = "CMS Web Interface", "CAHPS for MIPS Survey"
BETTER = "Better Business Health"


def page(client: Client, path: str = OVERVIEW) -> str:
    """What the overview says, wherever the address leads."""
    return client.get(path, follow=True).content.decode()
