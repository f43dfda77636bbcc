"""Every line of `docs/who-can-register.md`, asked of the system; every combination has a line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product as combinations
from pathlib import Path
from typing import Any

import pytest

from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind, OrganizationSize
from registrations.enums import EnrollmentStatus, Product, WindowState
from registrations.policy.registration import (
    BEGUN,
    Action,
    Refusal,
    Situation,
    cancelled_by_size,
    list_status,
    refusal,
)
from registrations.words.reasons import explain
from tests.factories import CLOSES_2022, OPENS_2022

DOCUMENT = Path(__file__).parents[2] / "docs" / "who-can-register.md"
OFFICIAL, SECURITY_OFFICIAL = ActorKind.OFFICIAL, RoleName.SECURITY_OFFICIAL
MINIMUM = {
    Product.WEB_INTERFACE: OrganizationSize.MEDIUM,
    Product.CAHPS: OrganizationSize.SMALL,
}
Line = dict[str, str]
Table = list[Line]
Answer = Callable[[dict[str, Any]], str]


def seen(role: RoleName | None, *windows: WindowState) -> list[dict[str, Any]]:
    """An official with that role, in these windows."""
    windows = windows or tuple(WindowState)
    return [{"actor": OFFICIAL, "role": role, "window": window} for window in windows]


# What the words of the document mean: each one or several situations.
Words = Mapping[str, Sequence[dict[str, Any]]]
WHO: Words = {
    "Nobody of the organization": seen(None),
    "Staff User": seen(RoleName.STAFF_USER),
    "Security Official before it opens": seen(SECURITY_OFFICIAL, WindowState.NOT_OPEN),
    "Security Official after it closed": seen(SECURITY_OFFICIAL, WindowState.CLOSED),
    "Security Official while it is open": seen(
        SECURITY_OFFICIAL, WindowState.OPEN, WindowState.LAST_DAY
    ),
    "CMS staff at any time": [
        {"actor": actor, "role": None, "window": window}
        for actor in (ActorKind.STAFF, ActorKind.SYSTEM)
        for window in WindowState
    ],
}


def one(kind: OrganizationKind, **more: bool) -> list[dict[str, Any]]:
    """An organization of that kind."""
    return [{"kind": kind, "approved": False, "shared_savings": False, **more}]


ORGANIZATION: Words = {
    "group": one(OrganizationKind.GROUP),
    "approved virtual group": one(OrganizationKind.VIRTUAL_GROUP, approved=True),
    "unapproved virtual group": one(OrganizationKind.VIRTUAL_GROUP),
    "APM Entity": one(OrganizationKind.APM_ENTITY),
    "Shared Savings Program ACO": one(OrganizationKind.APM_ENTITY, shared_savings=True),
}
SIZE: Words = {
    "not chosen": [{"size": ""}],
    "2-24": [{"size": OrganizationSize.SMALL}],
    "25 or more": [{"size": OrganizationSize.MEDIUM}, {"size": OrganizationSize.LARGE}],
}
NOW: Words = {
    "not registered": [{"status": None}],
    "incomplete": [{"status": EnrollmentStatus.INCOMPLETE}],
    "registered": [{"status": EnrollmentStatus.COMPLETE}],
    "ended": [{"status": EnrollmentStatus.CANCELLED}],
}
# Years in which Register is pressed know nothing incomplete.
NOW_EXPLICIT: Words = {word: found for word, found in NOW.items() if word != "incomplete"}
FOR: Words = {
    product.label: [{"product": product, "minimum_size": MINIMUM[product]}] for product in Product
}
REGISTRATION: Words = {
    "not open": [{"window": WindowState.NOT_OPEN}],
    "open": [{"window": WindowState.OPEN}, {"window": WindowState.LAST_DAY}],
    "closed": [{"window": WindowState.CLOSED}],
}
Choices = Mapping[str, Words]


def tables() -> Iterator[Table]:
    """The tables of the document, in order."""
    table: Table = []
    names: list[str] = []
    for text in [*DOCUMENT.read_text().splitlines(), ""]:
        if not text.startswith("|"):
            if table:
                yield table
            table, names = [], []
            continue
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if not names:
            names = cells
        elif set(cells[0]) != {"-"}:
            table.append(dict(zip(names, cells, strict=True)))


EXPLICIT, CHANGING_SIZE, AUTOMATIC, ON_THE_LIST, AUTOMATICALLY, REASONS = tables()


def words_of(line: Line, choices: Choices) -> Iterator[tuple[str, ...]]:
    """The combinations of words that a line stands for."""
    cells = []
    for column, known in choices.items():
        words = list(known) if line[column] == "any" else line[column].split(", ")
        assert set(words) <= set(known), f"{line[column]} is none of {', '.join(known)}"
        cells.append(words)
    return combinations(*cells)


def situations(words: Sequence[str], choices: Choices) -> Iterator[dict[str, Any]]:
    """The situations that a combination of words stands for."""
    known = [choices[column][word] for column, word in zip(choices, words, strict=True)]
    for parts in combinations(*known):
        yield {name: value for part in parts for name, value in part.items()}


def hold(table: Table, choices: Choices, answers: Mapping[str, Answer]) -> None:
    """Fail unless every line is right and every combination has one."""
    wrong, covered = [], set()
    for line in table:
        for words in words_of(line, choices):
            covered.add(words)
            for situation in situations(words, choices):
                wrong += [
                    f"{', '.join(words)}: {column} is {answer(situation)}, not {line[column]}"
                    for column, answer in answers.items()
                    if answer(situation) != line[column]
                ]
    missing = set(combinations(*choices.values())) - covered
    assert not wrong, "\n".join(wrong)
    assert not missing, f"no line for {sorted(missing)}"


def asks(action: Action, *, starts: bool = False) -> Callable[[dict[str, Any]], str]:
    """What the system answers to somebody who wants that, in the document's words.

    `starts`: where it was begun already there is nothing to offer, and doing it again does nothing.
    """

    def answer(values: dict[str, Any]) -> str:
        why = refusal(action, Situation(**values))
        if why:
            return name_of(why)
        return "done already" if starts and values["status"] in BEGUN else "yes"

    return answer


def name_of(why: Refusal) -> str:
    """The short name of a reason."""
    return why.name.replace("_", " ").capitalize()


def test_years_in_which_register_is_pressed() -> None:
    hold(
        EXPLICIT,
        {
            "Who": WHO,
            "Organization": ORGANIZATION,
            "Size": SIZE,
            "Now": NOW_EXPLICIT,
            "For": FOR,
        },
        {
            "Edit details": asks(Action.CHANGE),
            "Register": asks(Action.REGISTER, starts=True),
            "Cancel Registration": asks(Action.CANCEL),
        },
    )


def test_changing_the_size() -> None:
    registered: Words = {"both": [{"registered": MINIMUM}]} | {
        product.label: [{"registered": {product: MINIMUM[product]}}] for product in Product
    }

    def ends(values: dict[str, Any]) -> str:
        ended = cancelled_by_size(values["size"], values["registered"])
        return ", ".join(product.label for product in ended) or "nothing"

    chosen: Words = {word: found for word, found in SIZE.items() if word != "not chosen"}
    hold(
        CHANGING_SIZE,
        {"New size": chosen, "Registered for": registered},
        {"Ends the registration for": ends},
    )


def test_years_that_complete_by_themselves() -> None:
    hold(
        AUTOMATIC,
        {"Who": WHO, "Organization": ORGANIZATION, "Now": NOW, "For": FOR},
        {
            "Register": asks(Action.START, starts=True),
            "Edit": asks(Action.SAVE),
            "Delete Registration": asks(Action.DELETE),
        },
    )


def test_what_the_list_says() -> None:
    hold(
        ON_THE_LIST,
        {"Organization": ORGANIZATION, "Now": NOW},
        {"On the list": lambda values: list_status(**values).label},
    )


def test_registering_automatically() -> None:
    system = {"actor": ActorKind.SYSTEM, "role": None}
    ask = asks(Action.REGISTER_AUTOMATICALLY)
    hold(
        AUTOMATICALLY,
        {
            "Organization": ORGANIZATION,
            "Size": SIZE,
            "Registration": REGISTRATION,
            "Now": NOW,
            "For": FOR,
        },
        {"Registered automatically": lambda values: ask(values | system)},
    )


@pytest.mark.parametrize("why", Refusal)
def test_every_reason_is_told_as_the_pages_tell_it(why: Refusal) -> None:
    told = {line["Reason"]: line["What the pages say"] for line in REASONS}
    said = {
        explain(
            why,
            product=product,
            year=2022,
            opens_at=OPENS_2022,
            closes_at=CLOSES_2022,
            minimum_size=MINIMUM[Product.WEB_INTERFACE],
        )
        for product in Product
    }
    assert told[name_of(why)] in said
    assert list(told.values()).count(told[name_of(why)]) == 1
