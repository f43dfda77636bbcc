"""Pages of the staff site: of lists, of rows, and of the deeds that they offer."""

import re
from html import unescape

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def page_of(row: Model) -> str:
    """The address of the row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_of(model: type[Model]) -> str:
    """The address of the model's list."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def opened(client: Client, address: str, **query: str) -> str:
    """What stands there; it opens."""
    answer = client.get(address, query)
    assert answer.status_code == 200, f"{address} {query}: {answer.status_code}"
    return answer.content.decode()


def deeds_of(row: Model, told: str) -> list[str]:
    """The addresses of the deeds that the row's page offers."""
    start = page_of(row).removesuffix("change/")
    return [unescape(found) for found in re.findall(rf'href="({re.escape(start)}[^"]+)"', told)]
