"""The page with *Register*: everything of the registration at a glance (2022 guide, IV.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from registrations.cases.registration import Case
from registrations.details.last_year import last_address_of, last_year_of
from registrations.enums import EnrollmentStatus, Product
from registrations.forms.notes import seal, unseal
from registrations.mails.log import MailLog, mail_log
from registrations.mails.notices import snapshot
from registrations.models import Contact
from registrations.policy.registration import Action, Refusal
from registrations.registering.review import (
    Review,
    address_line,
    automatic_products,
    review_of,
    to_confirm,
)
from registrations.sampling.outcomes import sampling_of_year
from registrations.views.explicit.year_steps import YearSteps
from registrations.words.differences import Difference, differences

PURPOSE = "registered_from"
# What keeps an organization from registering at all, rather than this person, or now.
NOT_POSSIBLE = {
    Refusal.NO_SIZE,
    Refusal.TOO_SMALL,
    Refusal.NOT_APPROVED,
    Refusal.REGISTERED_AUTOMATICALLY,
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a press on *Register* met: gaps, a refusal, or what somebody else changed meanwhile."""

    gaps: bool = False
    refused: str = ""
    conflict: str = ""
    changes: list[Difference] = field(default_factory=list)


def review_page(
    steps: YearSteps, product: Product, *, told: Told | None = None, status: int = 200
) -> HttpResponse:
    """The page, or the reason why there is nothing to register."""
    case, of_offering = steps.case, steps.of_offering(product)
    is_registered = of_offering.status == EnrollmentStatus.COMPLETE
    why = None if is_registered else of_offering.refusal(Action.REGISTER, steps.at)
    if why in NOT_POSSIBLE or (why and case.registration is None):
        return _cannot(steps, of_offering, why)
    contacts = case.contacts()
    review = review_of(case, contacts)
    why_shared = steps.refusal
    told_why = why or why_shared
    told = told or Told()
    context = {
        "product": product,
        "of_offering": of_offering,
        "review": review,
        "told": told,
        "errors": _errors(review, told),
        "is_registered": is_registered,
        "is_automatic": product in automatic_products(case),
        "may_change": why_shared is None,
        "may_register": not is_registered and why is None and not told.refused,
        "reason": told.refused or (of_offering.explain(told_why) if told_why else ""),
        "shows_details": why_shared is not Refusal.STAFF_USER,
        "mend_contact_url": _mend_contact_url(steps, review, product),
        "note": _note(steps, of_offering, contacts),
        "here_query": f"?back={product}",
        "mail_log": mail_log(case.begun.pk, case.role) if case.registration else MailLog(),
        "sampling": sampling_of_year(case).get(product) if is_registered else None,
        **steps.cancelling(of_offering),
        **_offers(steps, contacts),
    }
    return steps.page("register", context, status=status, of=of_offering)


def version_and_changes(steps: YearSteps, product: Product) -> tuple[int | None, list[Difference]]:
    """Which version of the registration the page that came back showed, and what differs now."""
    token = str(steps.request.POST.get("note", ""))
    offering = steps.of_offering(product).offering
    note = unseal(PURPOSE, token, user=steps.user, offering=offering)
    if note is None or steps.case.registration is None:
        return None, []
    now = snapshot(steps.case.begun, steps.case.contacts())
    return note["version"], differences(note["snapshot"], now)


def _note(steps: YearSteps, of_offering: Case, contacts: Sequence[Contact]) -> str:
    registration = steps.case.begun
    data = {"version": registration.version, "snapshot": snapshot(registration, contacts)}
    return seal(PURPOSE, data, user=steps.user, offering=of_offering.offering)


def _cannot(steps: YearSteps, of_offering: Case, why: Refusal | None) -> HttpResponse:
    title = f"{of_offering.product.label} Registration"
    status = 403 if steps.request.method == "POST" else 200
    reason = of_offering.explain(why) if why else ""
    if why not in {Refusal.NO_SIZE, Refusal.TOO_SMALL}:
        return steps.cannot(title, reason, status=status)
    return steps.cannot(
        title,
        reason,
        status=status,
        help_url=f"{steps.url('size')}?back={of_offering.product}",
        help_label="Select Size" if why is Refusal.NO_SIZE else "Edit Size",
    )


def _errors(review: Review, told: Told) -> list[tuple[str, str]]:
    """Each gap with the id of the link that leads to where it is mended."""
    if not told.gaps:
        return []
    return [(f"Missing: {gap.label}", f"mend-{gap}") for gap in review.gaps]


def _mend_contact_url(steps: YearSteps, review: Review, product: Product) -> str:
    """Where a complete contact comes from: the unfinished one, or a new one."""
    unfinished, query = review.unfinished, f"?back={product}"
    if unfinished is None:
        return f"{steps.url('add_contact')}{query}"
    target = f"#id_contact-{unfinished.id}-{unfinished.missing[0]}"
    return f"{steps.url('edit_contact', unfinished.id)}{query}{target}"


def _offers(steps: YearSteps, contacts: Sequence[Contact]) -> dict[str, Any]:
    """What of an earlier year can be taken over, and what an automatic registration has."""
    if steps.refusal:
        return {}
    registration = steps.case.begun
    earlier = last_address_of(registration)
    return {
        "last_year": None if contacts else last_year_of(registration),
        "last_address": earlier,
        "last_address_line": address_line(earlier.information()) if earlier else "",
        "to_confirm": to_confirm(steps.case),
        "carried_from": registration.carried_from,
    }
