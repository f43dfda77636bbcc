"""What people see while the database is away, as in `journeys`; `broken_pages` has the address."""

from collections.abc import Iterator
from typing import Any

from tests.browser.visitor import Visitor

Stops = Iterator[tuple[str, str]]
SEND = """() => {
    const form = document.createElement("form");
    form.method = "post";
    form.innerHTML = '<input name="first_name" value="Dana">';
    document.body.append(form);
    form.submit();
}"""


def database_away(visitor: Visitor) -> Stops:
    """A page that was asked for, and a form that was sent, twice."""
    visitor.go("/503/")
    yield "", "503"
    with visitor.page.expect_navigation():
        visitor.page.evaluate(SEND)
    visitor.look()
    yield "", "503, with what was typed"
    visitor.press("Send again")
    assert visitor.page.locator("input[name=first_name]").input_value() == "Dana"


TROUBLE_JOURNEYS: list[Any] = [database_away]
