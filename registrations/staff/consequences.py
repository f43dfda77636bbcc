"""What a correction of an organization's participation means for what it may register."""

from collections.abc import Iterator
from dataclasses import replace

from accounts.enums import ActorKind, RoleName
from registrations.cases.registration import Case
from registrations.cases.year import YearCase
from registrations.enums import Completion, EnrollmentStatus
from registrations.policy.registration import Action
from registrations.staff.corrections import YearFacts


def what_follows(case: YearCase, facts: YearFacts) -> list[str]:
    """A sentence for each offering of the year: what its officials may do then, inside the window.

    From the policy that decides when they do it.
    """
    return list(_sentences(case, facts))


def _sentences(case: YearCase, facts: YearFacts) -> Iterator[str]:
    for product, of_offering in case.cases.items():
        then = replace(
            of_offering,
            actor_kind=ActorKind.OFFICIAL,
            role=RoleName.SECURITY_OFFICIAL,
            approved=facts.approved,
            shared_savings=(
                of_offering.offering.registers_shared_savings and facts.shared_savings_program
            ),
        )
        is_explicit = case.year.completion == Completion.EXPLICIT
        what = f"{case.year.year} {product.label}"
        yield f"{what}, inside its window: {_sentence(then, is_explicit=is_explicit)}"


def _sentence(case: Case, *, is_explicit: bool) -> str:
    if case.status in {None, EnrollmentStatus.CANCELLED}:
        # The size comes later; an official chooses it.
        why = case.refusal(Action.START, case.offering.opens_at)
        if why:
            return f"its officials can’t register it. {case.explain(why)}"
        return "its officials can register it."
    stays = "what is registered stays registered"
    if case.status == EnrollmentStatus.INCOMPLETE:
        stays = "what was started stays, and can be completed"
    end = Action.CANCEL if is_explicit else Action.DELETE
    why = case.refusal(end, case.offering.opens_at)
    return f"{stays}. {case.explain(why)}" if why else f"{stays}; its officials can end it."
