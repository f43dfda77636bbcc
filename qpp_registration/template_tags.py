"""What every template can use without loading it."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One icon of the sprite, by its id in static/vendor/uswds/img/sprite.svg.

    Always beside a word, so a screen reader doesn't read it. A function with a memory instead of a
    template, because a list has a hundred of them.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/uswds/img/sprite.svg"),
        name,
    )
