"""What is to be reached, as data: each goal for both databases."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A bound for one figure on each database. `at_least`: more is better, else less is."""

    sqlite: float
    postgresql: float
    at_least: bool = True

    def bound(self, vendor: str) -> float:
        """The bound on the database with that `connection.vendor`."""
        return self.sqlite if vendor == "sqlite" else self.postgresql

    def is_met(self, figure: float, vendor: str) -> bool:
        """Whether the figure, as it is printed with two decimals, keeps to the bound."""
        figure, bound = round(figure, 2), self.bound(vendor)
        return figure >= bound if self.at_least else figure <= bound


def at_most(sqlite: float, postgresql: float) -> Goal:
    """A goal for which less is better."""
    return Goal(sqlite=sqlite, postgresql=postgresql, at_least=False)


# Requests a second, as a part of the floor's.
OF_FLOOR = {
    "list": Goal(sqlite=0.22, postgresql=0.22),
    "register": Goal(sqlite=0.18, postgresql=0.18),
    "autosave": Goal(sqlite=0.25, postgresql=0.38),
}
# Milliseconds to make one file.
PDF_MILLISECONDS = at_most(100, 100)
# Queries beside the two of every signed-in request.
QUERIES = {
    "list": at_most(4, 4),
    "register": at_most(4, 4),
    "autosave": at_most(6, 6),
    "autosave, new contact": at_most(6, 6),
}
# Time of the list with 10,000 organizations, in times of the one with 10.
GROWTH = at_most(1.3, 1.3)
# Time of what a search by a rare word asks, in times of the first page's rows.
RARE_WORD = at_most(10, 4)
# Median time of a refusal, in times of the one that nobody is known for; the larger way round.
ALIKE = at_most(1.05, 1.05)
