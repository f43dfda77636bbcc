"""A time as people type it: Eastern wall time, as the pages show it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from qpp_registration.clock import EASTERN, from_eastern_wall_time

HELP = "Eastern time, like 2023-06-30 20:00."


class EasternTimeField(forms.CharField):
    """A day and a time. What Eastern clocks skip or show twice is refused, with the reason."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", HELP)
        options.setdefault("error_messages", {"required": "Enter a day and a time."})
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Any:
        """The moment. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        if ":" not in text:
            raise ValidationError(f'"{text}" has no time of the day. {HELP}')
        try:
            return from_eastern_wall_time(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def as_typed(at: datetime) -> str:
    """The moment as it would be typed."""
    return f"{at.astimezone(EASTERN):%Y-%m-%d %H:%M}"
