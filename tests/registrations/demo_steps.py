"""Running `manage.py demo`."""

import io

from django.core.management import call_command


def demo(*options: str) -> str:
    """What it prints."""
    out = io.StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()
