"""What is registered, by when, with what result."""

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    """Imports from `accounts` and `organizations`."""

    name = "registrations"
    verbose_name = "Season"
