"""The figures as a table, goals beside them."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import django
from django.db import connection

from bench import goals
from bench.goals import Goal
from bench.load import Speed
from bench.operations import Operation

Rounds = Mapping[str, list[Speed]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured. `rounds`: the speed of each operation in each round. `alike`: the time of
    each kind of refusal in times of the one for an unknown account.
    """

    rounds: Rounds
    queries: Mapping[str, int]
    rare_word: float
    sizes: tuple[int, int]
    alike: Mapping[str, float]


def show(figures: Figures, operations: Mapping[str, Operation]) -> str:
    """The report on one database."""
    lines = [_title(), "", *_speed(figures.rounds, operations)]
    lines += ["", *_queries(figures.queries), "", *_growth(figures), "", *_alike(figures.alike)]
    return "\n".join(lines)


def _title() -> str:
    version = ".".join(map(str, connection.get_database_version()))
    return (
        f"{connection.display_name} {version}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, one server process"
    )


def ratio(rounds: Rounds, of: str, to: str) -> float:
    """The median over the rounds of one operation's requests a second against another's."""
    return median(a.a_second / b.a_second for a, b in zip(rounds[of], rounds[to], strict=True))


def _speed(rounds: Rounds, operations: Mapping[str, Operation]) -> list[str]:
    lines = [
        f"{'':26}{'requests':>10}{'ms of':>11}{'against':>11}{'a minimal':>13}{'its':>8}",
        f"{'':26}{'a second':>10}{'processor':>11}{'bare view':>11}{'transaction':>13}{'floor':>8}",
    ]
    for key, operation in operations.items():
        if key in {"few", "many"}:
            continue
        speed = median(round_.a_second for round_ in rounds[key])
        line = (
            f"{operation.label:26}{speed:10.0f}"
            f"{median(round_.milliseconds for round_ in rounds[key]):11.2f}"
            f"{ratio(rounds, key, 'bare'):11.3f}{ratio(rounds, key, 'transaction'):13.3f}"
        )
        if operation.floor:
            line += f"{ratio(rounds, key, operation.floor):8.2f}"
        if key in goals.OF_FLOOR:
            line += _verdict(goals.OF_FLOOR[key], ratio(rounds, key, operation.floor))
        if key == "pdf":
            line += _verdict(goals.PDF_MILLISECONDS, 1000 / speed, " ms")
        lines.append(line)
    return lines


def _queries(queries: Mapping[str, int]) -> list[str]:
    lines = ["queries beside the two of every signed-in request"]
    for key, count in queries.items():
        lines.append(f"  {key:34}{count:8}      {_verdict(goals.QUERIES[key], count)}")
    return lines


def _growth(figures: Figures) -> list[str]:
    few, many = figures.sizes
    slower = ratio(figures.rounds, "few", "many")
    return [
        "growth",
        f"  {f'list of {many:,} against {few}':34}{slower:8.2f} times"
        + _verdict(goals.GROWTH, slower),
        f"  {'rare word against first page':34}{figures.rare_word:8.2f} times"
        + _verdict(goals.RARE_WORD, figures.rare_word),
    ]


def _alike(alike: Mapping[str, float]) -> list[str]:
    lines = ["time of an answer, in times of the one for an unknown account"]
    for label, times in alike.items():
        verdict = _verdict(goals.ALIKE, max(times, 1 / times))
        lines.append(f"  {label:34}{times:8.3f} times{verdict}")
    return lines


def _verdict(goal: Goal, figure: float, unit: str = "") -> str:
    sign = "≥" if goal.at_least else "≤"
    verdict = "met" if goal.is_met(figure, connection.vendor) else "MISSED"
    return f"   {sign} {goal.bound(connection.vendor):g}{unit} {verdict}"
