"""What functions draw: nothing that comes from elsewhere becomes markup."""

import pytest
from django import forms

from qpp_registration import drawn

EVIL = "\"><script>alert('x')</script>&amp;"
ESCAPED = "&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;amp;"


class EvilForm(forms.Form):
    """Everything in it would like to be markup."""

    a = forms.CharField(label=EVIL, help_text=EVIL)
    b = forms.CharField(required=False)

    def clean_a(self) -> str:
        raise forms.ValidationError(EVIL)


def drawn_field(name: str, data: dict[str, str] | None = None, **how: object) -> str:
    return drawn.line(EvilForm(data, prefix=EVIL)[name], **how)


def test_label_hint_error_and_value_are_text() -> None:
    html = drawn_field("a", {f"{EVIL}-a": EVIL})
    assert "<script" not in html
    assert html.count(ESCAPED) >= 4
    assert f">{ESCAPED} <span" in html
    assert f'_helptext">{ESCAPED}</p>' in html
    assert f"Error:</span> {ESCAPED}</span>" in html
    assert f'value="{ESCAPED}"' in html


def test_error_is_bound_to_its_field() -> None:
    form = EvilForm({"a": "x"})
    html = drawn.line(form["a"])
    assert 'class="field field--text field--error"' in html
    assert 'id="id_a_error"' in html
    assert 'aria-describedby="id_a_helptext id_a_error"' in html
    assert drawn.errors(form["b"]) == ""


@pytest.mark.parametrize(
    ("name", "how", "marked"),
    [("a", {}, True), ("a", {"unmarked": True}, False), ("b", {}, False)],
)
def test_required_field_has_an_asterisk_unless_unmarked(
    name: str, how: dict[str, bool], marked: bool
) -> None:
    assert ('aria-hidden="true">*</span>' in drawn_field(name, **how)) == marked


@pytest.mark.parametrize(
    ("checked", "expected"), [("yes", 'data-check="id_a">'), ("no", 'data-check="id_a" hidden>')]
)
def test_check_mark_shows_where_the_field_is_filled_in(checked: str, expected: str) -> None:
    assert expected in drawn.line(EvilForm()["a"], checked=checked)
    assert "data-check" not in drawn.line(EvilForm()["a"])


def test_what_is_drawn_once_is_filled_with_text() -> None:
    once = drawn.DrawnOnce(
        "components/moment.html",
        lambda blank: {"moment": {"iso": blank("first"), "text": blank("second")}},
    )
    assert "<script" not in once.fill(first=EVIL, second=EVIL)
    html = once.fill(first="a", second="\ue000first\ue001")
    assert '<time datetime="a">\ue000first\ue001</time>' in html
    assert '<time datetime="&lt;1&gt;">2</time>' in once.fill(first="<1>", second="2")
