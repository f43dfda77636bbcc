"""A bar for each day, as numbers that a template draws as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 160  # of the drawing, in its own units
BASE = HEIGHT - 24  # where the bars stand; below are the first and the last day
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
    """The bars from the first day to the last, days without anything included."""

    bars: list[Bar]
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE

    @property
    def listed(self) -> list[Bar]:
        """The days on which there was something, for the table."""
        return [bar for bar in self.bars if bar.number]


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
        bars=[
            Bar(
                day=f"{day:%B} {day.day}, {day.year}",
                number=numbers.get(day, 0),
                x=round(place * step, 1),
                y=round(BASE - height, 1),
                width=round(step * 0.8, 1),
                height=height,
            )
            for place, (day, height) in enumerate(zip(days, heights, strict=True))
        ],
    )
