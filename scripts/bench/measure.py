"""One run on the database of the settings."""

from django.core.management import call_command

from bench import alike, data, queries, report
from bench.load import Speed, answer, put_load
from bench.operations import operations_of
from bench.server import serving
from qpp_registration import clock

FEW, MANY = 10, 10_000
WARM_UP_SECONDS = 0.2


def measure(rounds: int, seconds: float, pairs: int) -> str:
    """Fill the database, put load on site and floors in turn; the report.

    `seconds`: for how long each operation is measured in a round. `pairs`: how many requests of
    each kind are compared to see whether refusals take the same time.
    """
    call_command("migrate", verbosity=0)
    world = data.fill(at=clock.now(), few=FEW, many=MANY)
    alike.fill(at=clock.now(), number=pairs)
    with serving() as port:
        operations = operations_of(world, lambda request: answer(port, request))
        speeds: dict[str, list[Speed]] = {key: [] for key in operations}
        for operation in operations.values():
            put_load(port, operation.sources, WARM_UP_SECONDS)
        for _ in range(rounds):
            for key, operation in operations.items():
                speeds[key].append(put_load(port, operation.sources, seconds))
        ask = alike.asking(port)
        alikes = {pair.label: alike.ratio(pair, ask) for pair in alike.pairs(number=pairs, ask=ask)}
    figures = report.Figures(
        rounds=speeds,
        queries=queries.query_counts(world),
        rare_word=queries.rare_word_in_first_pages(world, rounds),
        sizes=(FEW, MANY),
        alike=alikes,
    )
    return report.show(figures, operations)
