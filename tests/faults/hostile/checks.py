"""What every form has to stand: anything typed, and fields that it doesn't have."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.access.world import dump, undone
from tests.faults.hostile.every_form import TYPED, Place
from tests.faults.hostile.html_forms import UUID
from tests.faults.sizes import FULL, often

EXAMPLES = often(3, 60)
ONE_OF = often(3, 1)  # of so many forms one is taken
# It refuses more than SQLite does: characters, lengths, numbers.
ON_POSTGRESQL_FIRST = pytest.mark.skipif(
    not FULL and connection.vendor == "sqlite", reason="on SQLite with make faults"
)
OURS = ("organizations", "accounts", "registrations")
ODD = ["\0", "a\r\nb", "\u202e", "%s", "{{ 7|add:7 }}", "<script>", "-1", "9" * 40, "1e999", "NaN"]
ODD += ["2022-02-30", "2022-03-13T02:30", "0001-01-01", "../../etc", "null", "true", "[]", "{}"]

anything = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Zs", "Mn", "So"]), max_size=20),
    st.sampled_from(ODD),
    st.uuids().map(str),
    st.integers().map(str),
    st.datetimes().map(str),
    st.text(max_size=3).map(lambda text: text * 1000),
    st.lists(st.text(max_size=10), max_size=3),
)
any_file = st.one_of(
    st.binary(max_size=300),
    st.lists(st.lists(st.text(max_size=12), max_size=4).map(",".join)).map("\n".join),
)


def some(places: list[Place]) -> list[Place]:
    """All forms, or a third of them."""
    return places[::ONE_OF]


def fed(place: Place) -> list[int]:
    """The statuses of the answers to whatever was typed into it."""
    statuses = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES < 10,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def feed(data: st.DataObject) -> None:
        values = place.filled()
        names = [name for name in place.form.names if name != "csrfmiddlewaretoken"]
        for name in data.draw(st.lists(st.sampled_from(names or ["x"]), max_size=6)):
            values[name] = data.draw(anything)
        for name in place.form.files:
            values[name] = _file(data.draw(any_file))
        with undone():
            statuses.append(place.post(values).status_code)

    feed()
    # Bytes that are no text.
    body = "&".join(f"{name}=%ff%fe%00" for name in place.form.names) or "%ff=%ff"
    with undone():
        sent = {"data": body, "content_type": "application/x-www-form-urlencoded"}
        statuses.append(place.client().post(place.form.action, **sent).status_code)
    return statuses


def forged(place: Place) -> list[str]:
    """Which rows differ where the form is sent with each field of each model beside its own."""
    before = _known(dump())
    runs = [_after(place, {}, before), _after(place, {}, before)]
    more = dict(_fields_of_models(place))
    mine, other, theirs = *runs, _after(place, more, before)
    return [
        name
        for name in theirs
        if len(mine[name]) != len(theirs[name])
        or any(
            a != c and a == b  # what two runs alike make differently is drawn at random
            for ours in zip(mine[name], other[name], theirs[name], strict=False)
            for a, b, c in zip(*ours, strict=True)
        )
    ]


def _after(place: Place, more: dict[str, Any], known: set[str]) -> dict[str, list[list[str]]]:
    """Every row after the form was sent, in an order that new keys have no part in."""
    with undone():
        answer = place.post({**more, **place.filled()})
        rows = dump()
        rows["answer"] = [{"status": answer.status_code}]
    return {name: sorted(_plain(row, known) for row in found) for name, found in rows.items()}


def _plain(row: dict[str, Any], known: set[str]) -> list[str]:
    """The row as texts; keys that weren't there before are all alike."""
    return [
        re.sub(UUID, lambda key: key[0] if key[0] in known else "new", str(value))
        for value in row.values()
    ]


def _known(rows: dict[str, list[Any]]) -> set[str]:
    return {
        str(value)
        for found in rows.values()
        for row in found
        for value in row.values()
        if isinstance(value, uuid.UUID)
    }


def _fields_of_models(place: Place) -> Iterator[tuple[str, str]]:
    """Each field's name that the form doesn't have, also with the beginnings of its own names."""
    own = set(place.form.names)
    values = TYPED | {"status": "cancelled", "origin": "staff", "version": "99", "year": "2022"}
    names = {"actor", "received_at", "is_verified", "otp_device_id"}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            names |= {name for field in model._meta.concrete_fields for name in _names(field)}
    for prefix in ("", *place.form.prefixes):
        for name in sorted(names):
            if f"{prefix}{name}" not in own:
                yield f"{prefix}{name}", values.get(name, _value(name))


def _names(field: Any) -> tuple[str, str]:
    return field.name, field.attname


def _value(name: str) -> str:
    if name.startswith(("is_", "has_", "can_")):
        return "on"
    if name.endswith("_at"):
        return "2020-01-01T00:00:00Z"
    return "00000000-0000-4000-8000-000000000000" if name.endswith("id") else "7"


def _file(content: bytes | str) -> SimpleUploadedFile:
    content = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile("practices.csv", content)
