"""How gunicorn runs the site: `gunicorn --config python:qpp_registration.server …`."""

# A process without threads counts as hung, and is ended, while one download takes half a minute.
threads = 4

# One line a request comes from the site itself (`middleware.ReceivedAt`): gunicorn's would hold
# addresses with their query strings.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "qpp_registration.logging.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": [], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
