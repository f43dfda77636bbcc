"""Random people, times and deeds: the system does what the model of the rules says.

What it would miss: what two do at the same moment, and a mistake that the model makes as well.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from registrations.enums import WindowState
from registrations.policy.registration import Refusal, _official_refusal, window_state
from tests.faults.figures import tell
from tests.faults.model.staff_deeds import StaffDeeds
from tests.faults.sizes import FULL, often

pytestmark = pytest.mark.django_db
EXAMPLES, STEPS = often(10, 100), often(15, 40)
UNTIL_CAUGHT = 100  # examples at most


class AutomaticYear(StaffDeeds):
    """CAHPS, as in 2023."""


class ExplicitYear(StaffDeeds):
    """The CMS Web Interface and CAHPS, as in 2022."""

    explicit = True


def drive(machine: type[StaffDeeds], examples: int, *, shrinks: bool = True) -> None:
    """Run that many examples of it, the same ones each time in the suite."""
    machine.outcomes = Counter()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            database=None,
            derandomize=not FULL,
            deadline=None,
            phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("machine", [AutomaticYear, ExplicitYear])
def test_system_does_what_the_model_says(machine: type[StaffDeeds]) -> None:
    drive(machine, EXAMPLES)
    outcomes = machine.outcomes
    assert min(outcomes["written"], outcomes["refused"]) > EXAMPLES
    done = {name.replace(" ", "_"): number for name, number in sorted(outcomes.items())}
    tell(f"model, {machine.__name__}", examples=EXAMPLES, **done, differences=0)


def never_closed(at: datetime, *, opens_at: datetime, closes_at: datetime) -> WindowState:
    """A window that opens and doesn't close."""
    found = window_state(at, opens_at=opens_at, closes_at=closes_at)
    return WindowState.OPEN if found is WindowState.CLOSED else found


def any_role(situation: Any) -> Refusal | None:
    """A Staff User may write as well."""
    found = _official_refusal(situation)
    return None if found is Refusal.STAFF_USER else found


MISTAKES: dict[str, tuple[str, Callable[..., object]]] = {
    "a write after the close": ("registrations.cases.registration.window_state", never_closed),
    "a write long after the close": (
        "registrations.cases.registration.commits_in_time",
        lambda **_: True,
    ),
    "a write of a Staff User": ("registrations.policy.registration._official_refusal", any_role),
    "officials who aren't told": (
        "registrations.registering.delete.tell_ended",
        lambda *_, **__: None,
    ),
}


@pytest.mark.parametrize("mistake", list(MISTAKES)[: often(2, len(MISTAKES))])
def test_model_catches(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*MISTAKES[mistake])
    with pytest.raises(AssertionError):
        drive(AutomaticYear, UNTIL_CAUGHT, shrinks=False)
