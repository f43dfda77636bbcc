"""What a sampling result means, beside the sentences of both guides."""

from itertools import product as combinations

import pytest

from registrations.enums import Product, SamplingOutcome
from registrations.words.sampling import ANY, CASES, outcomes_of, sampling_words

FLAGS = ((True, False),) * 3
# "Is it possible we won't be able to administer …" and "… to report … through the CMS Web
# Interface?" (2022 guide, I); the last one is the 2023 guide's.
CANNOT = "won’t be able to administer the CAHPS for MIPS Survey"
SUPPLEMENT = (
    "won’t be able to supplement its quality score from CMS Web Interface reporting with points "
    "associated with the administration of the CAHPS for MIPS Survey"
)
MAY_QUALIFY = (
    "may qualify for a denominator reduction in the quality performance category if it isn’t "
    "submitting quality data through the CMS Web Interface"
)
ACO = "required to report quality via the APP, and will receive a denominator reduction"
EXCLUDED = (
    "will qualify for a denominator reduction, and the CAHPS for MIPS Survey measure will be "
    "excluded from scoring"
)
CANNOT_SUBMIT = "can’t submit quality data through the CMS Web Interface"
OTHER = "will need to submit quality measures from another collection type"
EVERY = (CANNOT, SUPPLEMENT, MAY_QUALIFY, ACO, EXCLUDED, CANNOT_SUBMIT, OTHER)


@pytest.mark.parametrize(
    ("product", "outcome", "with_web_interface", "registered", "aco", "said"),
    [
        # 2022 guide
        ("cahps", "minimum_not_met", True, False, False, {CANNOT, MAY_QUALIFY}),
        ("cahps", "minimum_not_met", True, True, False, {CANNOT, SUPPLEMENT, MAY_QUALIFY}),
        ("cahps", "minimum_not_met", True, False, True, {CANNOT, ACO}),
        ("cahps", "minimum_not_met", True, True, True, {CANNOT, SUPPLEMENT, ACO}),
        ("cahps", "no_assigned_patients", True, False, False, {CANNOT, MAY_QUALIFY}),
        ("web_interface", "no_assigned_patients", True, True, False, {CANNOT_SUBMIT, OTHER}),
        ("web_interface", "no_assigned_patients", True, True, True, {CANNOT_SUBMIT, OTHER}),
        # 2023 guide: the same for everybody, "including Shared Savings Program ACOs"
        ("cahps", "minimum_not_met", False, False, False, {CANNOT, EXCLUDED}),
        ("cahps", "minimum_not_met", False, False, True, {CANNOT, EXCLUDED}),
        # Nothing of it where the sample is met
        ("cahps", "eligible", True, True, True, set()),
        ("cahps", "eligible", False, False, False, set()),
        ("web_interface", "eligible", True, True, False, set()),
    ],
)
def test_words_are_those_of_the_guide(
    product: str,
    outcome: str,
    with_web_interface: bool,
    registered: bool,
    aco: bool,
    said: set[str],
) -> None:
    words = sampling_words(
        product=Product(product),
        outcome=SamplingOutcome(outcome),
        with_web_interface=with_web_interface,
        registered=registered,
        aco=aco,
    )
    text = " ".join(words.sentences)
    assert {sentence for sentence in EVERY if sentence in text} == said
    assert words.heading == SamplingOutcome(outcome).label
    assert words.is_good is (outcome == "eligible")


def test_every_case_there_can_be_has_exactly_one_line() -> None:
    for product in Product:
        for outcome, facts in combinations(outcomes_of(product), combinations(*FLAGS)):
            lines = [
                says
                for of, outcomes, *when, says in CASES
                if of == product
                and outcome in outcomes
                and all(wanted in {ANY, fact} for wanted, fact in zip(when, facts, strict=True))
            ]
            assert len(lines) == 1, (product, outcome, facts)


def test_web_interface_has_no_minimum() -> None:
    outcome = SamplingOutcome.MINIMUM_NOT_MET
    assert outcome not in outcomes_of(Product.WEB_INTERFACE)
    with pytest.raises(LookupError):
        sampling_words(
            product=Product.WEB_INTERFACE,
            outcome=outcome,
            with_web_interface=True,
            registered=True,
            aco=False,
        )
