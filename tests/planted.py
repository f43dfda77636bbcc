"""Scripts planted in every text of the database: what came past the forms isn't trusted either.

Each field gets another script, a new field too without a line here; none of them may run.
`tests.staff.hostile` plants one text, in chosen fields: its tests also ask whether it is shown.
"""

from itertools import cycle

from django.apps import apps
from django.db import DatabaseError, models, transaction

from tests.payloads import SCRIPTS

OURS = ("organizations", "accounts", "registrations")
# Texts that the site makes itself, or that lead to a row, to a file or to a person's session.
MADE = {
    *("identifier", "search_name", "user_id", "password", "dedupe_key", "sha256", "session_data"),
    *("session_key", "digest", "secret", "persistent_id", "token", "key", "hash"),
}


def plant(first: int) -> int:
    """Fill every text field of every row, each with other scripts, beginning with that one.

    The number of fields that took them. Fields that the database keeps to a rule are left.
    """
    turn, planted = cycle(SCRIPTS[first:] + SCRIPTS[:first]), 0
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.model_name == "auditevent":  # refuses every change
                continue
            for field in _texts(model):
                text = _fitting(next(turn), field.max_length)
                try:
                    with transaction.atomic():
                        planted += bool(model._default_manager.update(**{field.name: text}))
                except DatabaseError:
                    continue
    return planted


def _texts(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.unique
        and field.name not in MADE
    ]


def _fitting(script: str, length: int | None) -> str:
    """As often as it fits, at most twice; the beginning of it where it doesn't."""
    return f"{script} {script}" if length is None or length > 2 * len(script) else script[:length]
