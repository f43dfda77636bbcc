"""What the server answered, and what it stored."""

import re
from html import unescape
from typing import Any

from django.apps import apps

from accounts.models import Session

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def stored() -> dict[str, list[Any]]:
    """Every row of every table, sessions left out, and the events of what was refused."""
    rows = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model is not Session
    }
    events = rows["accounts.AuditEvent"]
    return rows | {
        "accounts.AuditEvent": [row for row in events if row["action"] != "access.refused"]
    }


def message_beside(answer: Any, name: str) -> str:
    """The message that stands beside the field of that name, which points to it; or nothing."""
    html = answer.content.decode()
    found = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', html)
    assert found, f"{name} isn't on the page"
    tag = found[0]
    if 'aria-invalid="true"' not in tag:
        return ""
    described = re.search(r'aria-describedby="([^"]*)"', tag)
    assert described, "an invalid field points to its message"
    error_id = next(part for part in described[1].split() if part.endswith("_error"))
    return unescape(html.split(f'id="{error_id}"')[1].split("</p>")[0])


def value_of(answer: Any, name: str) -> str:
    """What stands in the field of that name."""
    tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', answer.content.decode())
    assert tag, f"{name} isn't on the page"
    value = re.search(r' value="([^"]*)"', tag[0])
    return unescape(value[1]) if value else ""
