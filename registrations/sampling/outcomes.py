"""What came of the sample, for the pages that show a registration. Nothing before the close."""

from django.db.models import Exists, OuterRef

from registrations.cases.registration import Case
from registrations.cases.year import YearCase
from registrations.enums import EnrollmentStatus, Product, SamplingOutcome
from registrations.models import Enrollment, Offering
from registrations.words.sampling import SamplingWords, sampling_words


def sampling_of(case: Case) -> SamplingWords | None:
    """The result of a registration in words, or None. Takes a query only when there is one."""
    outcome = _outcome(case)
    if outcome is None:
        return None
    enrollment = case.registered
    mine = Enrollment.objects.filter(
        registration=enrollment.registration_id,
        offering=OuterRef("pk"),
        status=EnrollmentStatus.COMPLETE,
    )
    web_interface = (
        Offering.objects.filter(year=case.offering.year_id, product=Product.WEB_INTERFACE)
        .annotate(registered=Exists(mine))
        .first()
    )
    return sampling_words(
        product=case.product,
        outcome=outcome,
        with_web_interface=web_interface is not None,
        registered=web_interface is not None and web_interface.registered,
        aco=bool(enrollment.in_shared_savings_program),
    )


def sampling_of_year(case: YearCase) -> dict[Product, SamplingWords]:
    """The results of an organization in an explicit year in words, without a query."""
    return {
        product: sampling_words(
            product=product,
            outcome=outcome,
            with_web_interface=Product.WEB_INTERFACE in case.cases,
            registered=Product.WEB_INTERFACE in case.registered,
            aco=case.is_aco,
        )
        for product, of_offering in case.cases.items()
        if (outcome := _outcome(of_offering))
    }


def _outcome(case: Case) -> SamplingOutcome | None:
    if case.status != EnrollmentStatus.COMPLETE:
        return None
    result = getattr(case.registered, "sampling_result", None)
    return SamplingOutcome(result.outcome) if result else None
