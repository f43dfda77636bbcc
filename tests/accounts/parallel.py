"""The same request many times at once, in the same session."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import Client

TIMES = 8


def at_once(client: Client, send: Callable[[Client], Any], *, host: str = "testserver") -> list:
    """What eight clients with this session got: the status, or where they were redirected to."""
    barrier, answers = threading.Barrier(TIMES), []
    cookie = client.cookies["session"].value

    def one() -> None:
        own = Client(headers={"host": host})
        own.cookies["session"] = cookie
        barrier.wait()
        answer = send(own)
        answers.append(answer.url if answer.status_code == 302 else answer.status_code)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
