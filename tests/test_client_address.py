"""The address that a request came from: what proxies that are trusted say, and nobody else."""

import pytest
from django.test import Client, RequestFactory

from accounts.models import AuditEvent
from qpp_registration.requests import client_address


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "192.0.2.1", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.66, 192.0.2.1", "192.0.2.1"),
        (1, " 2001:DB8::1 ", "2001:db8::1"),
        (2, "198.51.100.66, 192.0.2.1, 10.0.0.8", "192.0.2.1"),
        (2, "192.0.2.1", "192.0.2.1"),
        (1, "no address", "10.0.0.9"),
        (1, "192.0.2.1,", "10.0.0.9"),
        (1, "192.0.2.1\r\nX: y", "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_added_counts(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    more = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **more)
    assert client_address(request) == address


@pytest.mark.django_db
def test_audit_has_the_address(settings):
    settings.TRUSTED_PROXIES = 1
    form = {"user_id": "nobody.here", "password": "wrong", "agree": "on"}
    Client().post("/sign-in/", form, headers={"X-Forwarded-For": "198.51.100.66, 192.0.2.1"})
    assert AuditEvent.objects.get().source_address == "192.0.2.1"
