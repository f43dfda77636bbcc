"""The ways to reach a person, one backend a channel, chosen by the setting MESSAGE_CHANNELS."""

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.channels.base import DeliveryFailed, DeliveryRefused, MessageChannel

__all__ = ["DeliveryFailed", "DeliveryRefused", "MessageChannel", "is_offered", "open_channel"]


def is_offered(channel: str) -> bool:
    """Whether a backend is set for the channel."""
    return bool(settings.MESSAGE_CHANNELS.get(channel))


def open_channel(channel: str) -> MessageChannel:
    """The backend of the channel. Raises DeliveryFailed when none is set."""
    path = settings.MESSAGE_CHANNELS.get(channel)
    if not path:
        raise DeliveryFailed(f"No backend is set for the channel {channel}.")
    backend: MessageChannel = import_string(path)(channel)
    return backend
