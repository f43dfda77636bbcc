"""Two different things at the same moment on one registration: as if one came after the other.

What it would miss: three at once, a race that begins in a page rather than in the service it calls,
and one whose two orders end alike.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from qpp_registration import clock
from registrations.enums import Completion
from tests.faults.figures import tell
from tests.faults.pairs.deeds import DEEDS, ONLY_IN, SECOND, start_of, told
from tests.faults.pairs.hands import PATIENCE, Act, Hand, at_once, held
from tests.faults.pairs.scenes import Scene, Stage
from tests.faults.sizes import FULL, often

pytestmark = pytest.mark.django_db(transaction=True)
EXPLICIT, AUTOMATIC = Completion.EXPLICIT, Completion.AUTOMATIC
ROUNDS = often(1, 200)  # of each pair, shared out to the kinds of years that have both
BROKEN = "broken: "  # begins what no end may say
Run = Callable[[Act, Act], tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """Two deeds in a kind of year that has both."""

    completion: Completion
    one: str
    other: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.one, self.other})

    @property
    def rounds(self) -> int:
        """How many there are to be in this kind of year."""
        kinds = 1 if self.names & set(ONLY_IN) else 2
        return max(1, ROUNDS // kinds)


def pairs() -> Iterator[Pair]:
    """Every two deeds in each kind of year that has both; *cancel* and *delete* have none."""
    for completion in Completion:
        there = [name for name in DEEDS if ONLY_IN.get(name, completion) == completion]
        for one, other in itertools.combinations(there, 2):
            yield Pair(completion, one, other)


PAIRS = list(pairs())

# --- What happens without locks -----------------------------------------------------------------
# Where the lock is what makes one wait for the other. Without it both have read before either has
# written: the second to write overwrites what the first one stored, counts one version for two
# changes, or acts on what isn't so any more.
ON_THE_REGISTRATION = {
    *("save", "register", "cancel", "size to 2-24", "delete contact", "delete", "automatic"),
    "staff change",
}
# One of the two has nothing to do before the other is done, and only reads: what isn't registered
# can't be cancelled, and nothing is saved after the close before it is extended.
ONE_ONLY_READS = {
    EXPLICIT: {
        *(frozenset({"cancel", name}) for name in ("register", "automatic")),
        *(
            frozenset({"extension", name})
            for name in (
                *("save", "register", "size to 2-24", "delete contact"),
                *("cancel", "automatic"),
            )
        ),
    },
    AUTOMATIC: {
        *(frozenset({"register", name}) for name in ON_THE_REGISTRATION - {"register", "cancel"}),
        *(
            frozenset({"extension", name})
            for name in (
                *("save", "register", "size to 2-24", "delete contact"),
                *("delete", "automatic"),
            )
        ),
    },
}


def needs_its_lock(pair: Pair) -> bool:
    """Whether the pair breaks without locks on this database.

    On SQLite every two that write: one is told that the database is locked. On PostgreSQL the rest
    needs none: of a window, an extension and a role, one reads what the other writes, and not the
    other way round, so that the one who reads came first.
    """
    if pair.names in ONE_ONLY_READS[pair.completion]:
        return False
    return connection.vendor == "sqlite" or pair.names <= ON_THE_REGISTRATION


# --- Running them -------------------------------------------------------------------------------


@pytest.fixture
def hands(transactional_db: None) -> Iterator[tuple[Hand, Hand]]:
    """Two people."""
    both = Hand(), Hand()
    yield both
    for hand in both:
        hand.rests()


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """Where they meet."""
    return Stage(clock.now().replace(microsecond=0))


def ended(pair: Pair, stage: Stage, run: Run, *, turned: bool = False) -> str:
    """What the two were told, and what is stored in the end. `turned`: the other one goes first."""
    scene = Scene(start_of(pair.completion, pair.names), stage)
    acts: list[Act] = [
        lambda: told(lambda: DEEDS[pair.one](scene, stage.at)),
        lambda: told(lambda: DEEDS[pair.other](scene, stage.at + SECOND)),
    ]
    one, other = reversed(run(acts[1], acts[0])) if turned else run(acts[0], acts[1])
    said = scene.without_keys(f"{pair.one}: {one}\n{pair.other}: {other}\n")
    return said + scene.outcome() + "".join(f"\n{BROKEN}{rule}" for rule in scene.broken_rules())


def both_orders(pair: Pair, stage: Stage, hands: tuple[Hand, Hand]) -> list[str]:
    """How it ends when the one comes first, and when the other does."""

    def one_after_the_other(first: Act, second: Act) -> tuple[str, str]:
        return hands[0].does(first).result(PATIENCE), hands[1].does(second).result(PATIENCE)

    ends = [ended(pair, stage, one_after_the_other, turned=turned) for turned in (False, True)]
    assert not any(BROKEN in end for end in ends), ends
    return ends


@pytest.mark.parametrize("completion", Completion)
def test_each_pair_ends_as_in_one_of_both_orders(
    hands: tuple[Hand, Hand], stage: Stage, completion: Completion
) -> None:
    """At the same moment; then with the one held between its reads and its first write."""
    orders: Counter[int] = Counter()
    there = PAIRS if FULL else in_one_kind_of_year()
    chosen = [pair for pair in there if pair.completion == completion]
    for pair in chosen:
        possible = both_orders(pair, stage, hands)
        for number in range(pair.rounds):
            turned = bool(number % 2)
            end = ended(pair, stage, lambda one, other: at_once(hands, one, other), turned=turned)
            assert end in possible, f"{pair}\n{end}"
            orders[possible.index(end)] += 1
        for turned in (False, True) if FULL else (False,):
            end = held_between(pair, stage, hands, locks=True, turned=turned)
            assert end in possible, f"{pair}, held\n{end}"
    rounds = sum(orders.values())
    part = f"two different things, {completion} years"
    tell(part, pairs=len(chosen), rounds=rounds, other_first=orders[1], in_neither_order=0)


def test_without_locks_the_races_are_lost(hands: tuple[Hand, Hand], stage: Stage) -> None:
    """Each race is there: with the one held, it breaks where there is no lock, and only there."""
    chosen = PAIRS[:: often(9, 1)]
    for pair in chosen:
        possible = both_orders(pair, stage, hands)
        for turned in (False, True):
            end = held_between(pair, stage, hands, locks=False, turned=turned)
            assert (end not in possible) == needs_its_lock(pair), f"{pair}\n{end}"
    tell(
        "two different things, without locks",
        pairs=len(chosen),
        broken=sum(map(needs_its_lock, chosen)),
    )


def held_between(
    pair: Pair, stage: Stage, hands: tuple[Hand, Hand], *, locks: bool, turned: bool
) -> str:
    """The end when the first one has read and not yet written while the second one acts."""
    return ended(
        pair, stage, lambda one, other: held(hands, one, other, locks=locks), turned=turned
    )


def in_one_kind_of_year() -> list[Pair]:
    """Each two deeds once, by turns in the one kind of year and the other."""
    found: dict[frozenset[str], list[Pair]] = {}
    for pair in PAIRS:
        found.setdefault(pair.names, []).append(pair)
    return [kinds[place % len(kinds)] for place, kinds in enumerate(found.values())]
