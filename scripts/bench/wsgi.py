"""Site and floors in one process: the site with all of its middleware, the floors with none."""

import os
from collections.abc import Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

site = get_wsgi_application()
with override_settings(MIDDLEWARE=[]):
    floor = WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request for a floor without middleware, every other as the site does."""
    handler = floor if environ["PATH_INFO"].startswith("/floor/") else site
    return handler(environ, start_response)
