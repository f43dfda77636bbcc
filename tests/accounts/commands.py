"""Runs of the commands for people and roles."""

import io
from typing import Any

from django.core.management import CommandError, call_command


class Run:
    """A run of a command with what it printed."""

    error: Any

    def __init__(self, *arguments: str):
        self.out, self.err, self.error = io.StringIO(), io.StringIO(), None
        try:
            call_command(*arguments, stdout=self.out, stderr=self.err)
        except CommandError as error:
            self.error = error

    @property
    def said(self) -> str:
        return self.out.getvalue().strip()

    @property
    def warned(self) -> list[str]:
        return self.err.getvalue().splitlines()
