"""Inputs and lists of choices look as Django's own templates draw them."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from qpp_registration.form_renderer import INPUTS, OPTIONS, SELECT, FormRenderer

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


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("chosen", [[], ["<1>"]])
def test_option_is_the_same_as_by_template(
    widget: type[forms.RadioSelect], chosen: list[str]
) -> None:
    def drawn(renderer: TemplatesSetting) -> list[str]:
        class Choice(forms.Form):
            default_renderer = renderer
            pick = forms.MultipleChoiceField(
                choices=[("<1>", "<One>"), ("2", "Two")], widget=widget(attrs={"data-a": '"'})
            )

        field = Choice(initial={"pick": chosen})["pick"]
        return [option.tag() for option in field.subwidgets] + [str(field)]

    assert drawn(FormRenderer()) == drawn(TemplatesSetting())
    assert widget.option_template_name in OPTIONS


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
