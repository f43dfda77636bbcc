"""What pages have dozens of, drawn by functions: by template it takes about ten times as long.

What comes from elsewhere is escaped here (`conditional_escape`), as a template would.
"""

import re
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

REQUIRED = '<span class="required" aria-hidden="true">*</span>'


@cache
def icon(name: str) -> SafeString:
    """One icon of the sprite, by its id in static/vendor/uswds/img/sprite.svg.

    Always beside a word, so a screen reader doesn't read it.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/uswds/img/sprite.svg"),
        name,
    )


def status(look: str, drawing: str, word: object) -> SafeString:
    """How something stands: icon, word and colour together. `drawing`: an icon's id; `look`: the
    end of a class in static/css/staff.css, which says the colour."""
    return format_html(
        '<span class="status status--{}">{}{}</span>', look, icon(drawing), str(word)
    )


class DrawnOnce:
    """A template that is drawn once, with blanks in it, and then filled with texts.

    For what a page has many of, where nothing but texts differs. `context` gives the template's
    context; it is called with a function that makes the blank of a name. While developing the
    template is drawn anew, so that a change of it shows.
    """

    def __init__(
        self, template_name: str, context: Callable[[Callable[[str], str]], dict[str, Any]]
    ) -> None:
        self._template_name, self._context = template_name, context
        self._parts: list[str] = []

    def fill(self, **texts: str) -> SafeString:
        """The HTML with these texts, which are escaped, by the names of the blanks."""
        parts = self._parts
        if not parts or settings.DEBUG:
            html = render_to_string(self._template_name, self._context(_blank))
            parts = self._parts = _A_BLANK.split(html)
        # What stands between two blanks, and the name of a blank, in turn.
        return mark_safe(  # noqa: S308 - drawn by a template, or escaped
            "".join(escape(texts[part]) if place % 2 else part for place, part in enumerate(parts))
        )


def _blank(name: str) -> str:
    """What is found again in the HTML: no page has these characters, which have no meaning."""
    return f"\ue000{name}\ue001"


_A_BLANK = re.compile("\ue000([a-z_]+)\ue001")


def line(
    field: BoundField, *, unmarked: bool = False, checked: str = "", focused: bool = False
) -> SafeString:
    """A field with label, hint and error.

    `unmarked`: no asterisk though it is required. `checked`: yes or no, where a check mark says
    that it is filled in. `focused`: has the focus when the page is opened.
    """
    mark = f" {REQUIRED}" if field.field.required and not unmarked else ""
    messages = errors(field)
    drawn = field.as_widget(attrs={"autofocus": True}) if focused else field
    return mark_safe(  # noqa: S308 - all of it is ours or escaped
        f'<div class="field field--{field.widget_type}{" field--error" if messages else ""}">'
        f"{_check_mark(field, checked) if checked else ''}"
        f'<label class="usa-label" for="{escape(field.auto_id)}">'
        f"{conditional_escape(field.label)}{mark}</label>"
        f"{_hint(field)}{messages}{drawn}</div>"
    )


def errors(field: BoundField) -> SafeString:
    """The messages of one field, before it. Django points the field's aria-describedby here."""
    if not field.errors:
        return SafeString()
    return format_html(
        '<p class="field__error" id="{}_error">{}'
        '<span><span class="usa-sr-only">Error:</span> {}</span></p>',
        field.auto_id,
        icon("error"),
        " ".join(map(str, field.errors)),
    )


def _hint(field: BoundField) -> SafeString:
    if not field.help_text:
        return SafeString()
    return format_html(
        '<p class="usa-hint" id="{}_helptext">{}</p>', field.auto_id, field.help_text
    )


def _check_mark(field: BoundField, checked: str) -> SafeString:
    """A check mark at a field that is filled in; js/check-fields.js keeps it up to date."""
    return format_html(
        '<span class="field__check" data-check="{}"{}>{}'
        '<span class="usa-sr-only">Filled in</span></span>',
        field.auto_id,
        mark_safe(" hidden") if checked == "no" else "",
        icon("check_circle"),
    )
