"""The site with what the register page needs read before its processes begin: they answer at once.

For gunicorn with `--preload`. Processes that live for a moment only would do nothing but read.
"""

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from qpp_registration.phones import parse_phone
from qpp_registration.wsgi import application

__all__ = ["application"]

TEMPLATES = settings.BASE_DIR / "templates"

reverse("home")
parse_phone("2025550123")
for folder in ("components", "registrations/register_page"):
    for file in (TEMPLATES / folder).glob("*.html"):
        get_template(str(file.relative_to(TEMPLATES)))
