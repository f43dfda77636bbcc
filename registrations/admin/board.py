"""The staff site's first page: how the season goes, and what waits for staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.enums import RoleRequestStatus
from accounts.models import DeviceReset, Message, RoleRequest
from accounts.models.resets import OPEN
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from organizations.enums import OrganizationKind, OrganizationSize
from organizations.models import DirectoryImport
from qpp_registration.clock import moment
from qpp_registration.requests import received_at
from qpp_registration.staff_site import StaffSite
from registrations.admin.filters import NO_SIZE
from registrations.admin.messages import LOST
from registrations.admin.words import ELSEWHERE, ICONS
from registrations.enums import EnrollmentStatus, Origin
from registrations.models import Offering, PerformanceYear, Registration
from registrations.years.figures import NOTHING, OfferingFigures, figures_of
from registrations.years.plot import plot
from registrations.years.season import season_of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with the list behind it. `status`, with its `icon`, stands beside its word."""

    label: str
    number: int
    address: str
    status: str = ""
    icon: str = ""


def board(request: HttpRequest) -> HttpResponse:
    """The figures of one year, the newest that has begun unless another one is chosen."""
    context: dict[str, Any] = {**admin.site.each_context(request), "title": "Overview"}
    if has_right(request.user, Right.READ):
        context |= _board(request)
    return render(request, "admin/index.html", context)


def _board(request: HttpRequest) -> dict[str, Any]:
    at = received_at(request)
    years = list(PerformanceYear.objects.order_by("-year").prefetch_related("offerings"))
    if not years:
        return {"years": [], "waits": _waits()}
    begun = [year for year in years if any(one.opens_at <= at for one in year.offerings.all())]
    chosen = _chosen(request, years) or (begun or years)[0]
    figures = figures_of(chosen.year, at=at)
    return {
        "years": years,
        "year": chosen,
        "elsewhere": ELSEWHERE,
        "taken": moment(figures.taken_at),
        "offerings": [
            {
                "season": season_of(offering, at),
                "address": reverse("admin:registrations_offering_change", args=[offering.pk]),
                "name": offering.get_product_display(),
                **_details(offering, figures.offerings.get(offering.pk, NOTHING)),
            }
            for offering in sorted(chosen.offerings.all(), key=lambda one: one.product)
        ],
        "oldest": [
            {
                "name": one.name,
                "started": moment(one.started_at),
                "address": reverse("admin:registrations_registration_change", args=[one.key]),
            }
            for one in figures.oldest
        ],
        "begun": _list(Registration, year=str(chosen.year)),
        "waits": _waits(),
        **_imported(),
    }


def _chosen(request: HttpRequest, years: list[PerformanceYear]) -> PerformanceYear | None:
    asked = request.GET.get("year")
    if asked is None:
        return None
    for year in years:
        if str(year.year) == asked:
            return year
    raise Http404


def _details(offering: Offering, figures: OfferingFigures) -> dict[str, Any]:
    def behind(**more: str) -> str:
        return address_of_registrations(offering, **more)

    complete = {"status__exact": EnrollmentStatus.COMPLETE}
    return {
        "statuses": [
            Figure(
                label="Registered" if status == EnrollmentStatus.COMPLETE else status.label,
                status=status,
                icon=ICONS[status],
                number=figures.by_status[status],
                address=behind(status__exact=status),
            )
            for status in SHOWN
        ],
        "groups": {
            "Who registered": _figures(
                figures.by_origin, Origin, lambda one: behind(**complete, origin__exact=one)
            ),
            "Kind": _figures(
                figures.by_kind, OrganizationKind, lambda one: behind(**complete, kind=one)
            ),
            "Size": [
                *_figures(
                    figures.by_size, OrganizationSize, lambda one: behind(**complete, size=one)
                ),
                Figure(
                    label="Not chosen",
                    number=figures.by_size[""],
                    address=behind(**complete, size=NO_SIZE),
                ),
            ],
        },
        "plot": plot(figures.by_day),
    }


def _figures(numbers: Mapping[Any, int], names: Any, address: Any) -> list[Figure]:
    return [
        Figure(label=name.label, number=numbers.get(name, 0), address=address(name))
        for name in names
    ]


def address_of_registrations(offering: Offering, **more: str) -> str:
    """The list of the offering's registrations, narrowed further by its filters."""
    filters = {"year": offering.year_id, "product": offering.product, **more}
    return f"{reverse('admin:registrations_enrollment_changelist')}?{urlencode(filters)}"


def _imported() -> dict[str, Any]:
    """The last import of the directory, with the way to its page."""
    last = DirectoryImport.objects.order_by("-loaded_at").first()
    if last is None:
        return {"imported": None}
    address = reverse("admin:organizations_directoryimport_change", args=[last.pk])
    return {"imported": last, "imported_at": moment(last.loaded_at), "import_address": address}


def _waits() -> Iterable[Figure]:
    """What staff has to look at, whatever the year. One query each."""
    pending = {"status__exact": RoleRequestStatus.PENDING}
    requests = RoleRequest.objects.filter(status=RoleRequestStatus.PENDING).aggregate(
        all=Count("pk"), unknown=Count("pk", filter=Q(organization=None))
    )
    resets = DeviceReset.objects.filter(status__in=OPEN)
    lost = Message.objects.filter(status__in=LOST)
    return [
        Figure(
            label="Undecided role requests",
            number=requests["all"],
            address=_list(RoleRequest, **pending),
        ),
        Figure(
            label="Of these without a known organization",
            number=requests["unknown"],
            address=_list(RoleRequest, **pending, organization="unknown"),
        ),
        Figure(
            label="Undecided resets of all devices",
            number=resets.count(),
            address=_list(DeviceReset, undecided="yes"),
        ),
        Figure(
            label="Messages that failed or came back",
            number=lost.count(),
            address=_list(Message, lost="yes"),
        ),
    ]


def _list(model: type[Model], **filters: str) -> str:
    options = model._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{urlencode(filters)}"


SHOWN = (EnrollmentStatus.COMPLETE, EnrollmentStatus.INCOMPLETE, EnrollmentStatus.CANCELLED)

# Instead of Django's own first page.
cast(StaffSite, admin.site).add_page("", board, name="index")
