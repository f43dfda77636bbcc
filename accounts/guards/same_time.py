"""Taking as long for what isn't done as for what is: the time of an answer tells nothing."""

from collections.abc import Callable

from django.db import transaction


def undone(work: Callable[[], object]) -> None:
    """Do it and undo it again. Call it inside a transaction."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
