"""A bar for each day, as numbers that a template draws as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 138  # of the drawing, in its own units
BASE = HEIGHT - 2  # where the bars stand
LONGEST = 120  # days; of a longer time the last ones are drawn


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A day's bar: its place and size in the drawing, and what it stands for."""

    day: str
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Plot:
    """The bars from the first day to the last, days without anything included.

    `listed`: all days on which there was something, for the table. `is_cut`: the first ones of them
    have no bar.
    """

    bars: list[Bar]
    listed: list[tuple[str, int]]
    is_cut: bool
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


def plot(numbers: Mapping[date, int]) -> Plot | None:
    """The plot of a number for each day; None where there is none."""
    if not numbers:
        return None
    last = max(numbers)
    first = max(min(numbers), last - timedelta(days=LONGEST - 1))
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    most = max(numbers[day] for day in days if day in numbers)
    step = WIDTH / max(len(days), 14)
    heights = [round(numbers.get(day, 0) / most * (BASE - 16), 1) for day in days]
    return Plot(
        most=most,
        listed=[(_shown(day), numbers[day]) for day in sorted(numbers)],
        is_cut=first > min(numbers),
        bars=[
            Bar(
                day=_shown(day),
                number=numbers.get(day, 0),
                x=round(place * step, 1),
                y=round(BASE - height, 1),
                width=round(step * 0.8, 1),
                height=height,
            )
            for place, (day, height) in enumerate(zip(days, heights, strict=True))
        ],
    )


def _shown(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
