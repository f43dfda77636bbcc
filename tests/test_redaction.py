"""The last defence of the logs."""

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp_registration.logging import JsonLines
from qpp_registration.redaction import redacted

UUID = "0f0e7f0c-1d3f-4a55-9d8a-123456789012"
HIDDEN = {
    "jane.doe@example.org": "[email]",
    "jane.doe%40example.org": "[email]",
    "000765630": "[number]",
    "00-0765630": "[number]",
    "00 0765630": "[number]",
    "2025550123": "[phone]",
    "(202) 555-0123": "[phone]",
    "202.555.0123": "[phone]",
    "+1 202-555-0123": "[phone]",
    "+12025550123": "[phone]",
    "d0kyr0-0123456789abcdef0123456789abcdef": "[token]",
    "a1" * 16: "[token]",
    "fu8ax9b4kcqnsc56c8k41fomnojgrj0z": "[token]",
    "?q=000765630&page=2": "[query]",
}
KEPT = [
    UUID,
    "Not Found: /registrations/" + UUID + "/cahps/",
    "Message " + UUID + ", try 3: 550 5.1.1",
    "2023-06-02 18:31:05",
    "registrations.views.register_many_organizations",
    "six 123456",
    "1,000,000 events",
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize(
    "around", ["{}", "to {}.", "({})", "'{}'", '"{}"', "<{}>", "x={}, y", "/{}/"]
)
def test_what_looks_like_personal_data_or_a_secret_is_named_instead(text: str, around: str) -> None:
    shown = redacted(around.format(text))
    assert text not in shown
    assert HIDDEN[text] in shown


@pytest.mark.parametrize("text", KEPT)
def test_what_operations_need_stays(text: str) -> None:
    assert redacted(text) == text


def test_row_that_postgresql_quotes_is_left_out() -> None:
    shown = redacted("null value\nDETAIL:  Failing row contains (7, Jane, hunter two).\nDONE")
    assert shown == "null value\n[row]\nDONE"


@pytest.mark.parametrize("key", ["fu8ax9b4kcqnsc56c8k41fomnojgrj0z", "only" * 8])
def test_key_of_a_session_that_postgresql_quotes_is_left_out(key: str) -> None:
    quoted = f"DETAIL:  Key (session_id)=({key}) is not present in table."
    error = ValueError(f"violates foreign key constraint\n{quoted}")
    for text in (str(error), repr(error), f"  {error}"):
        assert key not in redacted(text)


@given(st.text(alphabet="ab0-.@%?=&( )\n\\\"'[]", max_size=3_000))
def test_any_text_is_dealt_with_quickly_and_dealing_with_it_again_changes_nothing(
    text: str,
) -> None:
    once = redacted(text)
    assert redacted(once) == once


@pytest.mark.parametrize("piece", ["a1-", "@", "a@", "0", "(", "?a=", "a.", "0-"])
def test_long_text_takes_no_longer_than_it_should(piece: str) -> None:
    assert isinstance(redacted(piece * 20_000), str)


def test_line_has_its_facts_and_a_traceback_without_values() -> None:
    password = "a quiet lake"
    try:
        int(f"jane@example.org has {len(password)}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "TIN %s", ("00-0765630",), None)
        record.exc_info = sys.exc_info()
    record.facts = {"status": 500}
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["status"]) == ("TIN [number]", 500)
    assert "'[email] has 12'" in line["traceback"]
    assert password not in line["traceback"]
