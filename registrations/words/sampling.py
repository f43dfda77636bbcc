"""What a sampling result means for an organization (both guides, I: Is it possible that …).

What is said depends on what the year offers, not on which year it is: a year with the CMS Web
Interface has the rules of the 2022 guide, one without it those of the 2023 guide.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registrations.enums import Product, SamplingOutcome

ELIGIBLE, BELOW, NOBODY = (
    SamplingOutcome.ELIGIBLE,
    SamplingOutcome.MINIMUM_NOT_MET,
    SamplingOutcome.NO_ASSIGNED_PATIENTS,
)

CAN_ADMINISTER = (
    "This organization meets the minimum patient sampling requirements and can administer the "
    "CAHPS for MIPS Survey. It needs a CMS-approved vendor to administer it."
)
CANNOT_ADMINISTER = (
    "This organization doesn’t meet the minimum patient sampling requirements and won’t be able to "
    "administer the CAHPS for MIPS Survey."
)
EXCLUDED = (
    "It will qualify for a denominator reduction, and the CAHPS for MIPS Survey measure will be "
    "excluded from scoring."
)
NO_SUPPLEMENT = (
    "It won’t be able to supplement its quality score from CMS Web Interface reporting with points "
    "associated with the administration of the CAHPS for MIPS Survey."
)
MAY_QUALIFY = (
    "It may qualify for a denominator reduction in the quality performance category if it isn’t "
    "submitting quality data through the CMS Web Interface."
)
ACO_REDUCTION = (
    "As a Shared Savings Program ACO it is required to report quality via the APP, and will "
    "receive a denominator reduction."
)
CAN_SUBMIT = (
    "Medicare patients are assigned to this organization, so it can submit quality data through "
    "the CMS Web Interface."
)
CANNOT_SUBMIT = (
    "No Medicare patients are assigned to this organization for any of the CMS Web Interface "
    "measures, so it can’t submit quality data through the CMS Web Interface."
)
OTHER_COLLECTION_TYPE = (
    "It won’t meet the CMS Web Interface data submission criteria and will need to submit quality "
    "measures from another collection type."
)


CAHPS, WEB_INTERFACE = Product.CAHPS, Product.WEB_INTERFACE
MISSED = (BELOW, NOBODY)  # without patients there is no sample either
ANY = None
# Of what the result is, the result, whether the year has the Web Interface, whether the
# organization is registered for it, whether it is a Shared Savings Program ACO; what is said.
CASES: Sequence[
    tuple[
        Product,
        Collection[SamplingOutcome],
        bool | None,
        bool | None,
        bool | None,
        Sequence[str],
    ]
] = [
    (CAHPS, (ELIGIBLE,), ANY, ANY, ANY, [CAN_ADMINISTER]),
    (CAHPS, MISSED, False, ANY, ANY, [CANNOT_ADMINISTER, EXCLUDED]),
    (CAHPS, MISSED, True, False, False, [CANNOT_ADMINISTER, MAY_QUALIFY]),
    (CAHPS, MISSED, True, True, False, [CANNOT_ADMINISTER, NO_SUPPLEMENT, MAY_QUALIFY]),
    (CAHPS, MISSED, True, False, True, [CANNOT_ADMINISTER, ACO_REDUCTION]),
    (CAHPS, MISSED, True, True, True, [CANNOT_ADMINISTER, NO_SUPPLEMENT, ACO_REDUCTION]),
    (WEB_INTERFACE, (ELIGIBLE,), ANY, ANY, ANY, [CAN_SUBMIT]),
    (WEB_INTERFACE, (NOBODY,), ANY, ANY, ANY, [CANNOT_SUBMIT, OTHER_COLLECTION_TYPE]),
]


@dataclass(frozen=True, kw_only=True)
class SamplingWords:
    """A result as people read it. `is_good`: the organization can do what it registered for."""

    heading: str
    sentences: tuple[str, ...]
    is_good: bool


def sampling_words(
    *,
    product: Product,
    outcome: SamplingOutcome,
    with_web_interface: bool,
    registered: bool,
    aco: bool,
) -> SamplingWords:
    """The words for a result. `with_web_interface`: the year offers it; `registered`: the
    organization is registered for it; `aco`: it is in the Shared Savings Program.

    Raises LookupError for an outcome that the product can't have (see `outcomes_of`).
    """
    facts = (with_web_interface, registered, aco)
    for of, outcomes, *when, says in CASES:
        fits = all(wanted in {ANY, fact} for wanted, fact in zip(when, facts, strict=True))
        if of == product and outcome in outcomes and fits:
            return SamplingWords(
                heading=outcome.label, sentences=tuple(says), is_good=outcome == ELIGIBLE
            )
    raise LookupError(f"{product.label} has no result {outcome}.")


def outcomes_of(product: Product) -> list[SamplingOutcome]:
    """The results that there can be for a product, in the order of the file's words."""
    known = {outcome for of, outcomes, *_ in CASES if of == product for outcome in outcomes}
    return [outcome for outcome in SamplingOutcome if outcome in known]
