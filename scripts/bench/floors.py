"""The least that has to be done: the same rows by hand-written SQL, as strings, no middleware.

Nobody is asked who they are and nothing is checked. What the site does beside this is what its
pages cost, and what it costs to keep them readable.
"""

import json
import os
import time
from datetime import UTC, datetime
from html import escape
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from qpp_registration.pdf import make_pdf

YEAR = 2023
MADE_AT = datetime(2023, 6, 30, tzinfo=UTC)
LIST = """
    SELECT o.id, o.name, o.identifier, role.name, enrollment.status, registration.id,
           registration.size, registration_number.number, extension.until, p.approved,
           EXISTS (SELECT 1 FROM registrations_contact contact
                    WHERE contact.registration_id = registration.id
                      AND contact.first_name <> '' AND contact.last_name <> ''
                      AND contact.email <> '' AND contact.phone <> '')
      FROM accounts_role role
      JOIN organizations_organization o ON o.id = role.organization_id
      LEFT JOIN registrations_registration registration
             ON registration.organization_id = o.id AND registration.year_id = %s
      LEFT JOIN registrations_enrollment enrollment
             ON enrollment.registration_id = registration.id AND enrollment.offering_id = %s
      LEFT JOIN registrations_registrationnumber registration_number
             ON registration_number.organization_id = o.id
      LEFT JOIN organizations_participation p
             ON p.organization_id = o.id AND p.performance_year = %s
      LEFT JOIN registrations_windowextension extension
             ON extension.organization_id = o.id AND extension.offering_id = %s
     WHERE role.user_id = %s AND o.kind = 'group'
     ORDER BY CASE enrollment.status WHEN 'incomplete' THEN 0 WHEN 'complete' THEN 2 ELSE 1 END,
              o.search_name, o.id
     LIMIT 25
"""
REGISTRATION = """
    SELECT o.name, o.identifier, registration_number.number, enrollment.status, registration.size,
           contact.id, contact.first_name, contact.last_name, contact.email, contact.phone,
           contact.extension
      FROM registrations_registration registration
      JOIN registrations_enrollment enrollment ON enrollment.registration_id = registration.id
      JOIN organizations_organization o ON o.id = registration.organization_id
      JOIN registrations_registrationnumber registration_number
        ON registration_number.organization_id = o.id
      LEFT JOIN registrations_contact contact ON contact.registration_id = registration.id
     WHERE registration.id = %s
     ORDER BY contact.position
"""
LOCK = "SELECT id FROM registrations_registration WHERE id = %s"
UPDATE = "UPDATE registrations_contact SET phone = %s WHERE id = %s"
AUDIT = """
    INSERT INTO accounts_auditevent
           (at, action, actor_kind, actor_id, actor_name, reason, organization_id, object_id,
            details, request_id, source_address)
    VALUES (CURRENT_TIMESTAMP, 'contact.saved', 'official', '', 'Floor', '', '', %s, %s, '', '')
"""
FIELDS = ("first_name", "last_name", "email", "phone", "extension")


def bare(_request: HttpRequest) -> HttpResponse:
    """Nothing but Django and the server; tells the seconds of processor time it took so far."""
    return _answer(f"{time.process_time():.6f}")


def process(_request: HttpRequest) -> HttpResponse:
    """Which process answers, so that its memory can be looked at."""
    return _answer(str(os.getpid()))


def organizations(request: HttpRequest) -> HttpResponse:
    """The first page of a person's list. `user` and `offering` are in the query string."""
    user, offering = request.GET["user"], request.GET["offering"]
    rows = "".join(map(_row, _select(LIST, [YEAR, offering, YEAR, offering, user])))
    return _answer(f"<!DOCTYPE html><title>List</title><ul>{rows}</ul>")


def _row(row: tuple[Any, ...]) -> str:
    key, name, tin, role, status, registration, size, number, until, approved, has_contact = row
    place = f"registrations/{registration}" if registration else f"organizations/{key}/start"
    missing = "" if size and has_contact else "Missing: size or contact"
    return (
        f"<li><h3>{escape(name)}</h3><p>TIN {escape(tin)}</p><p>{status or 'not started'}</p>"
        f"<p>{number or ''}</p><p>{role} {until or ''} {approved or ''} {missing}</p>"
        f'<a href="/{place}/">Edit</a></li>'
    )


def registration(request: HttpRequest) -> HttpResponse:
    """The form of one registration; `registration` is in the query string."""
    rows = _select(REGISTRATION, [request.GET["registration"]])
    name, tin, number, status, size = rows[0][:5]
    contacts = "".join(_fields(row[5], row[6:]) for row in rows)
    return _answer(
        f"<!DOCTYPE html><title>Register</title><h1>{escape(name)}</h1>"
        f"<p>TIN {escape(tin)} {number} {status}</p>"
        f'<form method="post"><input name="size" value="{size}">{contacts}</form>'
    )


def _fields(key: Any, values: tuple[str, ...]) -> str:
    return "".join(
        f'<label for="{key}-{name}">{name}</label>'
        f'<input id="{key}-{name}" name="{key}-{name}" value="{escape(value)}">'
        for name, value in zip(FIELDS, values, strict=True)
    )


def save(request: HttpRequest) -> HttpResponse:
    """The least transaction that saves a field: lock, update, write the audit, commit."""
    key, contact, phone = (request.POST[name] for name in ("registration", "contact", "phone"))
    lock = LOCK + (" FOR NO KEY UPDATE" if connection.vendor == "postgresql" else "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(lock, [key])
        cursor.execute(UPDATE, [phone, contact])
        cursor.execute(AUDIT, [contact, json.dumps({"phone": ["", phone[-4:]]})])
    return _answer("saved")


def pdf(request: HttpRequest) -> HttpResponse:
    """A summary with the same template; its texts come from one query."""
    rows = _select(REGISTRATION, [request.GET["registration"]])
    name, tin, number, status, size = rows[0][:5]
    labelled = {"Status": status, "Organization": name, "TIN": tin, "Organization Size": size}
    data = {
        "title": "Summary",
        "name": f"Summary {number}",
        "site": "Floor",
        "demonstration": "",
        "note": "",
        "heading": "Registration",
        "running": "Summary",
        "number": number,
        "file_name": "summary.pdf",
        "facts": [
            {"label": label, "value": value, "status": "", "figures": False}
            for label, value in labelled.items()
        ],
        "contacts": {
            "columns": ["Name", "E-mail", "Phone"],
            "rows": [[f"{row[6]} {row[7]}", row[8], row[9]] for row in rows],
            "note": "",
            "heading": "Contacts",
        },
        "sampling": None,
    }
    made = make_pdf("registrations/records/summary.typ", data, made_at=MADE_AT)
    return _answer(made, content_type="application/pdf")


def _answer(content: str | bytes, content_type: str = "text/html") -> HttpResponse:
    """With its length, which the site's middleware says for its pages."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _select(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
