"""Who people are, what they may do, what they did, what they were told."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Imports only from `organizations`."""

    name = "accounts"
    verbose_name = "People"
