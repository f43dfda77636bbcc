"""Every form of the staff site, fed with anything, and its pages read twice."""

from collections import Counter

from django.contrib import admin

from accounts.models import AuditEvent
from accounts.policy.rights import StaffGroup
from tests.access.world import dump, undone
from tests.faults.figures import tell
from tests.faults.hostile.checks import ON_POSTGRESQL_FIRST, fed, forged, some
from tests.faults.hostile.every_form import Place
from tests.staff.table import DEEDS

pytestmark = ON_POSTGRESQL_FIRST


def test_every_form_is_met(staff_forms: list[Place]) -> None:
    met = {place.route for place in staff_forms}
    assert set(DEEDS) - met == set()
    searched = {
        f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model, page in admin.site._registry.items()
        if page.search_fields
    }
    assert searched <= met


def test_whatever_is_typed_is_answered_with_a_page(staff_forms: list[Place]) -> None:
    statuses: Counter[int] = Counter()
    for place in some(staff_forms):
        told = fed(place)
        statuses.update(told)
        assert max(told) < 500, place
    tell("anything in every staff form", forms=len(some(staff_forms)), posts=statuses.total())


def test_fields_that_a_form_has_not_change_nothing(staff_forms: list[Place]) -> None:
    wrong = {str(place): rows for place in some(staff_forms) if (rows := forged(place))}
    assert wrong == {}
    tell("fields that no staff form has", forms=len(some(staff_forms)), changed=0)


def test_reading_twice_changes_nothing(staff_forms: list[Place]) -> None:
    """The pages of the site itself are read by everybody in the access table."""
    before = dump()
    addresses = {place.form.action for place in staff_forms}
    for address in sorted(addresses):
        client = staff_forms[0].client()
        with undone():
            statuses = {client.get(address).status_code for _ in range(2)}
            statuses.add(client.head(address).status_code)
            assert dump() == before, address
        assert len(statuses) == 1, address
    assert AuditEvent.objects.exists()
    assert staff_forms[0].person == StaffGroup.ADMINISTRATOR
