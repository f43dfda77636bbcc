"""Every form of the site, fed with anything.

What it would miss: forms that only a script sends (they take JSON and have tests of their own), and
what goes wrong in a state of the world that this one has not.
"""

from collections import Counter
from dataclasses import replace

from tests.access.table import TABLE
from tests.faults.figures import tell
from tests.faults.hostile.checks import ON_POSTGRESQL_FIRST, fed, forged, some
from tests.faults.hostile.every_form import Place

pytestmark = ON_POSTGRESQL_FIRST

# Addresses that are posted to and whose form isn't met here.
BY_SCRIPT = {
    *("add_passkey", "add_passkey_options", "set_up_passkey", "set_up_passkey_options"),
    *("verify_passkey", "verify_passkey_options", "extend_session"),
}
BUTTONS = {"confirm_details", "use_last_year", "exit_view", "confirm_email"}  # nothing to type


def test_every_form_is_met(site_forms: list[Place]) -> None:
    posted = {name for name, (_, post) in TABLE.items() if set(post.split()) - {"405", "sign_in"}}
    met = {place.route for place in site_forms}
    assert posted - met == BY_SCRIPT | BUTTONS | {"verification_settings"}


def test_whatever_is_typed_is_answered_with_a_page(site_forms: list[Place]) -> None:
    statuses: Counter[int] = Counter()
    for place in some(site_forms):
        told = fed(place)
        statuses.update(told)
        assert max(told) < 500, place
    tell(
        "anything in every form",
        forms=len(some(site_forms)),
        posts=statuses.total(),
        **_by(statuses),
    )


def test_fields_that_a_form_has_not_change_nothing(site_forms: list[Place]) -> None:
    wrong = {str(place): rows for place in some(site_forms) if (rows := forged(place))}
    assert wrong == {}
    tell("fields that no form has", forms=len(some(site_forms)), changed=0)


def test_a_field_that_is_taken_in_would_be_found(site_forms: list[Place]) -> None:
    """The check can fail: a form that is said not to have one of its fields."""
    place = next(place for place in site_forms if place.route == "profile")
    values = {name: value for name, value in place.form.values.items() if name != "first_name"}
    assert forged(replace(place, form=replace(place.form, values=values))) == [
        "accounts.User",
        "answer",
    ]


def _by(statuses: Counter[int]) -> dict[str, int]:
    return {str(status): statuses[status] for status in sorted(statuses)}
