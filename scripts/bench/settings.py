"""The site's own settings, with the benchmark's floors beside the site's addresses."""

from qpp_registration.settings import *  # noqa: F403 - everything, so that the site is the real one

ROOT_URLCONF = "bench.urls"
WSGI_APPLICATION = "bench.wsgi.application"
