"""Drawing forms: with Django's templates, but for the inputs that some pages have many of."""

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

# With Django all of these are one template.
INPUTS = {
    f"django/forms/widgets/{name}.html"
    for name in ("checkbox", "email", "hidden", "input", "number", "password", "text")
}
# One choice of several, where its label isn't drawn around it.
OPTIONS = {f"django/forms/widgets/{name}.html" for name in ("checkbox_option", "radio_option")}

SELECT = "django/forms/widgets/select.html"


class FormRenderer(TemplatesSetting):
    """Draws one-line inputs and lists of choices itself: by template the same takes about ten times
    as long."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a form or a widget; whoever calls it marks it as safe."""
        if template_name in INPUTS or (
            template_name in OPTIONS and not context["widget"].get("wrap_label")
        ):
            return _input(context["widget"])
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    attributes = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        attributes["value"] = str(widget["value"])
    return f"<input{_attributes(attributes)}{_attributes(widget['attrs'])}>"


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_escaped(group)}">')
        parts += [
            f'<option value="{_escaped(option["value"])}"{_attributes(option["attrs"])}>'
            f"{_escaped(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    return "".join([*parts, "</select>"])


def _attributes(attributes: Mapping[str, Any]) -> str:
    """As Django draws them: True stands alone, False is left out."""
    return "".join(
        f" {_name(name)}" if value is True else f' {_name(name)}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


@cache  # there are few names, which the code gives
def _name(name: str) -> str:
    return escape(name)


def _escaped(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
