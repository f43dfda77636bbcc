"""What staff may do about an organization."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.actors import Actor, staff
from accounts.admin.deeds import Deed, Preview, Way
from accounts.forms.staff import WhyForm
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from organizations.models import Organization, Participation
from qpp_registration.clock import show_day_and_time
from qpp_registration.requests import received_at
from registrations.admin.words import TOLD, registered
from registrations.cases.year import YearCase, read_year_case
from registrations.enums import Product
from registrations.forms.staff.eastern_time import as_typed
from registrations.forms.staff.organization import CorrectForm, ExtendForm, ParticipationForm
from registrations.forms.staff.registration import RegisterForForm
from registrations.models import Enrollment, Offering, PerformanceYear, WindowExtension
from registrations.policy.registration import ORGANIZATION_FIELDS
from registrations.staff.consequences import what_follows
from registrations.staff.corrections import (
    correct_organization,
    correct_participation,
    facts_of,
    fingerprint,
)
from registrations.staff.extensions import end_extension, extend_window, what
from registrations.staff.offers import Offer, offers_to
from registrations.staff.register import register_for, what_is_lacking

Options = Mapping[str, Any]


# --- What the forms begin with ------------------------------------------------------------------


def _register_options(request: HttpRequest, row: Organization) -> Options:
    offering = _offering(request)
    case = _year_case(request, row, offering.year_id)
    return {"lacks": what_is_lacking(case, Product(offering.product))}


def _register_title(request: HttpRequest, _: Organization) -> str:
    return f"Register for {what(_offering(request))}"


def _extend_options(request: HttpRequest, row: Organization) -> Options:
    offerings = list(Offering.objects.order_by("-year", "-product"))
    chosen = request.GET.get("of", "")
    extensions = WindowExtension.objects.filter(organization=row)
    until = {str(one.offering_id): as_typed(one.until) for one in extensions}
    return {
        "offerings": [
            (str(one.pk), f"{what(one)}, closes {show_day_and_time(one.closes_at)}")
            for one in offerings
        ],
        "initial": {"offering": chosen, "until": until.get(chosen, "")},
    }


def _correct_options(_: HttpRequest, row: Organization) -> Options:
    shown = {name: getattr(row, name) for name in ORGANIZATION_FIELDS}
    return {"initial": {**shown, "seen": fingerprint(row)}}


def _extension_title(request: HttpRequest, _: Organization) -> str:
    return f"End the extension for {what(_offering(request))}"


def _participation_title(request: HttpRequest, _: Organization) -> str:
    return f"Correct the participation in {_year(request)}"


def _participation_options(request: HttpRequest, row: Organization) -> Options:
    found = Participation.objects.filter(organization=row, performance_year=_year(request))
    facts = facts_of(found.first())
    initial = {**asdict(facts), "seen": fingerprint(facts)}
    return {"kind": OrganizationKind(row.kind), "initial": initial}


def _offering(request: HttpRequest) -> Offering:
    """The offering that the page's address is about."""
    try:
        found = Offering.objects.select_related("year").filter(pk=request.GET.get("of", "")).first()
    except ValidationError:
        found = None
    if found is None:
        raise Http404
    return found


def _year(request: HttpRequest) -> int:
    """The performance year that the page's address is about."""
    text = request.GET.get("of", "")
    if not (text.isascii() and text.isdecimal() and len(text) == len("2022")):
        raise Http404
    if not PerformanceYear.objects.filter(year=text).exists():
        raise Http404
    return int(text)


def _year_case(request: HttpRequest, row: Organization, year: int) -> YearCase:
    return read_year_case(organization_id=row.pk, year=year, actor=staff(person(request)))


# --- What they do -------------------------------------------------------------------------------


def _register(
    request: HttpRequest, row: Organization, form: RegisterForForm, actor: Actor
) -> Enrollment:
    return register_for(
        organization_id=row.pk,
        offering=_offering(request),
        given=form.given,
        actor=actor,
        received_at=received_at(request),
    )


def _extend(request: HttpRequest, row: Organization, form: ExtendForm, actor: Actor) -> None:
    extend_window(
        organization_id=row.pk,
        offering_id=UUID(form.cleaned_data["offering"]),
        until=form.cleaned_data["until"],
        actor=actor,
        received_at=received_at(request),
    )


def _end_extension(request: HttpRequest, row: Organization, _: WhyForm, actor: Actor) -> None:
    end_extension(
        organization_id=row.pk,
        offering_id=_offering(request).pk,
        actor=actor,
        received_at=received_at(request),
    )


def _correct(request: HttpRequest, row: Organization, form: CorrectForm, actor: Actor) -> None:
    correct_organization(
        organization_id=row.pk,
        values=form.values,
        seen=form.cleaned_data["seen"],
        actor=actor,
        received_at=received_at(request),
    )


def _correct_participation(
    request: HttpRequest, row: Organization, form: ParticipationForm, actor: Actor
) -> None:
    correct_participation(
        organization_id=row.pk,
        year=_year(request),
        facts=form.facts,
        seen=form.cleaned_data["seen"],
        actor=actor,
        received_at=received_at(request),
    )


def _what_follows(
    request: HttpRequest, row: Organization, form: ParticipationForm
) -> Preview | None:
    """What may be registered then, before anything is stored."""
    case = _year_case(request, row, _year(request))
    lines = what_follows(case, form.facts)
    return Preview(lines=lines, about=" ".join([repr(form.facts), *lines]))


REGISTER = Deed(
    name="register",
    title="Register",
    titled=_register_title,
    press="Register",
    right=Right.CHANGE_REGISTRATIONS,
    form=RegisterForForm,
    options=_register_options,
    do=_register,
    done=registered,
    explained=(
        "At any time, also before the opening and after the close. Where a year completes "
        f"registrations by themselves, what you leave blank can be given later. {TOLD}"
    ),
)
EXTEND = Deed(
    name="extend",
    title="Extend the window",
    press="Extend the window",
    right=Right.EXTEND_WINDOWS,
    form=ExtendForm,
    options=_extend_options,
    do=_extend,
    done=f"The window is extended. {TOLD}",
    explained=f"For this organization only. {TOLD}",
)
END_EXTENSION = Deed(
    name="end-extension",
    title="End the extension",
    titled=_extension_title,
    press="End the extension",
    right=Right.EXTEND_WINDOWS,
    form=WhyForm,
    do=_end_extension,
    done=f"The extension is ended. {TOLD}",
    explained=(
        "The organization has the window of everybody again. What is registered stays "
        f"registered. {TOLD}"
    ),
)
CORRECT = Deed(
    name="correct",
    title="Correct name and address on record",
    press="Correct",
    right=Right.CORRECT_ORGANIZATIONS,
    form=CorrectForm,
    options=_correct_options,
    do=_correct,
    done=f"Corrected. {TOLD}",
    explained=(
        "Kind and identifier never change. Registrations keep their own name and address; the next "
        f"directory file that names the organization counts again. {TOLD}"
    ),
)
PARTICIPATION = Deed(
    name="participation",
    title="Correct the participation in a year",
    titled=_participation_title,
    press="Correct",
    right=Right.CORRECT_ORGANIZATIONS,
    form=ParticipationForm,
    options=_participation_options,
    preview=_what_follows,
    do=_correct_participation,
    done=f"Corrected. {TOLD}",
    explained=(
        "It decides what can be registered from now on; what is registered stays. The next "
        f"directory file that names the organization counts again. {TOLD}"
    ),
)
DEEDS: tuple[Deed, ...] = (REGISTER, EXTEND, END_EXTENSION, CORRECT, PARTICIPATION)


# --- What is possible now -----------------------------------------------------------------------


def ways_of(request: HttpRequest, row: Organization) -> Iterable[Way]:
    """Each offering that the organization has nothing in, its extensions, and what is on record."""
    offers = offers_to(row, at=received_at(request))
    for offer in offers:
        if offer.case.status is None:
            yield Way(
                deed=REGISTER, title=f"Register for {offer.name}", of=_key(offer), why=offer.why
            )
    yield Way(deed=EXTEND)
    yield from _extension_ways(offers)
    yield Way(deed=CORRECT)
    for year in dict.fromkeys(offer.case.offering.year_id for offer in offers):
        yield Way(deed=PARTICIPATION, title=f"Correct the participation in {year}", of=str(year))


def register_links(request: HttpRequest, row: Organization, year: int) -> Iterable[tuple[str, str]]:
    """To *Register* for each offering of the year that the organization can be registered for, for
    those who may do it."""
    if not has_right(request.user, REGISTER.right):
        return
    page = reverse("admin:organizations_organization_register", args=[row.pk])
    for offer in offers_to(row, at=received_at(request)):
        case = offer.case
        if case.offering.year_id == year and case.status is None and not offer.why:
            yield f"Register for {offer.name}", f"{page}?{urlencode({'of': _key(offer)})}"


def _extension_ways(offers: Iterable[Offer]) -> Iterator[Way]:
    for offer in offers:
        if offer.extended_until:
            yield Way(deed=EXTEND, title=f"Change the extension for {offer.name}", of=_key(offer))
            yield Way(
                deed=END_EXTENSION, title=f"End the extension for {offer.name}", of=_key(offer)
            )


def _key(offer: Offer) -> str:
    return str(offer.case.offering.pk)
