"""The directory: kinds, identifiers, sizes, import."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Imports nothing from the apps above it."""

    name = "organizations"
    verbose_name = "Directory"
