"""What every way to reach a person must offer."""

from typing import Protocol


class DeliveryRefused(Exception):
    """The message will never arrive there: an unknown address, a text that isn't accepted."""


class DeliveryFailed(Exception):
    """The message didn't get out this time; later it may."""


class MessageChannel(Protocol):
    """A backend of one channel, made anew for each use."""

    def __init__(self, channel: str) -> None:
        """`channel` is the name it is used for, a value of `accounts.enums.Channel`."""

    def send(self, *, to: str, subject: str, body: str, message_id: str, html: str = "") -> None:
        """Hand the message over.

        `html` says the same as `body`, for channels that can show it. `message_id` stays the same
        when the same message is tried again. Raises DeliveryRefused or DeliveryFailed, with a
        text for operations that holds no personal data.
        """
