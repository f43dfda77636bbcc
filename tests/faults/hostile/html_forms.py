"""The forms of a page, as a browser would send them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
Attributes = dict[str, str]


@dataclass
class Form:
    """A form that is posted: where to, its fields as they stand, and what a field may be."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """All names that it can send."""
        return sorted({*self.values, *self.choices, *self.files})

    @property
    def prefixes(self) -> set[str]:
        """The beginnings that several of its names share, as `contact-…-`."""
        return {found[0] for name in self.names if (found := re.match(rf"\w+-{UUID}-", name))}

    @property
    def shape(self) -> str:
        """Its names, with all keys alike: forms for different rows have one shape."""
        return " ".join(sorted({re.sub(UUID, "*", name) for name in self.names}))


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.open = ""  # the select or textarea that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(action=given.get("action") or self.address)
            if given.get("method", "").lower() == "post":
                self.forms.append(self.form)
        elif self.form and tag == "option" and self.open:
            self.form.choices.setdefault(self.open, []).append(given.get("value", ""))
            if "selected" in given:
                self.form.values[self.open] = given.get("value", "")
        elif self.form and given.get("name"):
            self._field(self.form, tag, given)

    def _field(self, form: Form, tag: str, given: Attributes) -> None:
        name, kind, value = given["name"], given.get("type", "text"), given.get("value", "")
        if "required" in given:
            form.required.add(name)
        if tag in {"select", "textarea"}:
            self.open = name
            form.values.setdefault(name, "")
        elif kind == "file":
            form.files.add(name)
        elif kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value or "on")
            if "checked" in given:
                form.values[name] = value or "on"
        elif tag == "button" or kind == "submit":
            form.choices.setdefault(name, []).append(value)
        elif tag == "input":
            form.values[name] = value

    def handle_data(self, data: str) -> None:
        if self.form and self.open and self.open not in self.form.choices:
            self.form.values[self.open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag in {"select", "textarea"}:
            self.open = ""


def forms_of(answer: Any, address: str) -> list[Form]:
    """The forms of an answer that are posted."""
    if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
        return []
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    return reader.forms
