"""The fields of a stored contact: drawn once and filled, they look as drawn by the template."""

import re
import uuid

import pytest
from django.template.loader import render_to_string

from qpp_registration.phones import show_phone
from registrations.forms.card import FIELDS, Addresses, Card, stored_card
from registrations.models import Contact

EVIL = "\"><script>alert('x')</script>&amp;"
VALUES = {"first_name": "Zoë", "last_name": "O'Neil", "email": "z@example.org"}


def card_of(**values: str) -> Card:
    card = stored_card(3, Contact(id=uuid.uuid4(), **values))
    card.addresses = Addresses(delete="/delete/?a=1&b=2", apply="/apply/", change="/change/")
    return card


def without_time(html: str) -> str:
    """Without what the signature of the note says of the second; blank values are left out."""
    return re.sub(r' value=""|:[\w-]+:[\w-]{43}', "", html)


@pytest.mark.parametrize(
    "values",
    [
        VALUES | {"phone": "2025550123", "extension": "14"},
        VALUES | {"phone": "2025550123"},
        {"first_name": "Zoë"},
        dict.fromkeys(["first_name", "last_name", "email", "phone", "extension"], EVIL),
        {"first_name": "\ue000last_name\ue001", "last_name": "{{ card.id }}"},
    ],
)
def test_filled_fields_are_those_of_the_template(values: dict[str, str]) -> None:
    card = card_of(**values)
    filled, by_template = card.fields, render_to_string(FIELDS, {"card": card})
    assert without_time(filled) == without_time(by_template)
    assert "<script" not in filled


def test_each_card_has_its_own_values() -> None:
    one, other = card_of(**VALUES, phone="2025550123"), card_of(first_name="Ann")
    assert show_phone("2025550123") in one.fields
    assert "Zoë" not in other.fields
    assert other.prefix in other.fields
    assert one.prefix not in other.fields
