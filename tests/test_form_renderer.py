"""Inputs and lists of choices look as Django's own templates draw them."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from qpp_registration.form_renderer import INPUTS, SELECT, FormRenderer

WIDGETS = [
    forms.TextInput(),
    forms.EmailInput(attrs={"autocomplete": "off", "maxlength": 254}),
    forms.HiddenInput(attrs={"disabled": True, "hidden": False}),
    forms.NumberInput(attrs={"min": 0, "data-note": None}),
    forms.PasswordInput(render_value=True, attrs={"aria-label": 'a "quiet" <lake>'}),
    forms.CheckboxInput(attrs={"checked": True}),
]


@pytest.mark.parametrize("value", [None, "", "plain", "\"><script>alert('x')</script>&amp;", 7])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_input_is_the_same_as_by_template(widget: forms.Widget, value: object) -> None:
    drawn = widget.render("a<b", value, {"id": "id_a"}, renderer=FormRenderer())
    assert drawn == widget.render("a<b", value, {"id": "id_a"}, renderer=TemplatesSetting())
    assert widget.template_name in INPUTS


CHOICES = [
    ("", "All"),
    ("a", "First & last"),
    (7, mark_safe("<b>Seven</b>")),
    ('<Group "one">', [("b", "Second"), ("c<", "Third")]),
    ("Group two", [("d", "Fourth")]),
]


@pytest.mark.parametrize("value", [None, "", "a", 7, "c<", "unknown"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_a", "disabled": True, "data-note": 'a "b"'}])
def test_list_of_choices_is_the_same_as_by_template(value: object, attrs: dict[str, Any]) -> None:
    widget = forms.Select(choices=CHOICES)
    drawn = widget.render("a<b", value, attrs, renderer=FormRenderer())
    by_template = widget.render("a<b", value, attrs, renderer=TemplatesSetting())
    assert drawn == re.sub(r"\n\s*", "", by_template)
    assert widget.template_name == SELECT
