"""Different requests at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each on a connection of its own; what each gave."""
    barrier = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = action()
        except Exception as error:  # noqa: BLE001 - shown by the assertion that follows
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a request never came back"
    return results


def statuses(answers: list[Any]) -> list[int]:
    """The statuses of the answers, sorted; none of them is an error."""
    for answer in answers:
        assert not isinstance(answer, Exception), repr(answer)
    return sorted(answer.status_code for answer in answers)
