"""The application of `tests.traces.site`, for gunicorn."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qpp_registration.settings")

from django.conf import settings

settings.ROOT_URLCONF = "tests.traces.site"

from qpp_registration.wsgi import application  # noqa: E402

__all__ = ["application"]
