"""The WSGI entry point, used by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qpp_registration.settings")
# Somebody waits for a page; commands take as long as they need.
os.environ.setdefault("STATEMENT_SECONDS", "15")

application = get_wsgi_application()
