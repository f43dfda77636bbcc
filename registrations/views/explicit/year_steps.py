"""What the pages about one organization in an explicit year have in common."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.actors import Actor, official
from accounts.enums import RoleName
from accounts.models import User
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.cases.presentation import heading_of, overview_place
from registrations.cases.registration import Case
from registrations.cases.year import YearCase
from registrations.enums import Product
from registrations.policy.registration import Action, Refusal
from registrations.views.lookup import year_case_or_404
from registrations.years.season import season_of

BACK = "back"


@dataclass(frozen=True)
class YearSteps:
    """One request about one organization in an explicit year."""

    request: HttpRequest
    case: YearCase
    user: User
    at: datetime

    @classmethod
    def of(cls, request: HttpRequest, organization_id: UUID, year: int) -> "YearSteps":
        """Raises Http404 where the person sees no such organization, or the year is no such."""
        case = year_case_or_404(request, organization_id, year)
        return cls(request, case, person(request), received_at(request))

    def again(self) -> "YearSteps":
        """The same with the case as it stands now, as somebody else left it."""
        return self.of(self.request, self.case.organization.pk, self.case.year.year)

    @property
    def actor(self) -> Actor:
        """The person, acting for the organization."""
        return official(self.user)

    @cached_property
    def shared(self) -> Case:
        """The case that speaks for size, organization information and contacts."""
        return self.case.shared(self.at)

    def of_offering(self, product: Product) -> Case:
        """The case of one offering. Raises Http404 where the year doesn't have it."""
        if product not in self.case.cases:
            raise Http404
        return self.case.cases[product]

    @property
    def came_from(self) -> Product | None:
        """Whose register page the person came from; None for the overview."""
        product = self.request.GET.get(BACK, "")
        return next((found for found in self.case.cases if found == product), None)

    @property
    def back_url(self) -> str:
        """Where the person came from, and goes back to."""
        if self.came_from:
            return self.url("register_page", self.came_from)
        return overview_place(self.case.organization, self.case.year.year)

    @property
    def done_url(self) -> str:
        """The same page after a change, from its top: the message there is to be read first.

        A browser doesn't give the focus to a message where the address names another place.
        """
        return urldefrag(self.back_url).url

    @property
    def query(self) -> str:
        """What an address needs to lead back to the same place."""
        return f"?{BACK}={self.came_from}" if self.came_from else ""

    def url(self, name: str, *more: Any) -> str:
        """The address of a page about this organization in this year."""
        return reverse(name, args=[self.case.year.year, self.case.organization.pk, *more])

    @property
    def refusal(self) -> Refusal | None:
        """Why what the offerings share can't be changed; None where it can."""
        return self.shared.refusal(Action.CHANGE, self.at)

    def why_not_changed(self) -> str:
        """The same in words; empty where it can."""
        return self.shared.explain(self.refusal) if self.refusal else ""

    def cancelling(self, of_offering: Case) -> dict[str, Any]:
        """Whether the registration can be cancelled; an ACO is told why not."""
        why = of_offering.refusal(Action.CANCEL, self.at)
        return {
            "may_cancel": why is None,
            "why_kept": of_offering.explain(why) if why is Refusal.REQUIRED else "",
        }

    def page(
        self, template: str, context: dict[str, Any], *, status: int = 200, of: Case | None = None
    ) -> HttpResponse:
        """A page with what all of them show. `of`: the offering that it is about."""
        about = of or self.shared
        common = {
            "case": self.case,
            "heading": heading_of(self.case),
            "season": season_of(about.offering, self.at, about.closes_at),
            "back_url": self.back_url,
            "back_query": self.query,
            "came_from": self.came_from,
            "is_staff_user": self.case.role == RoleName.STAFF_USER,
            "overview_url": overview_place(self.case.organization, self.case.year.year),
        }
        path = f"registrations/explicit/{template}.html"
        return render(self.request, path, common | context, status=status)

    def cannot(self, title: str, reason: str, *, status: int = 200, **more: Any) -> HttpResponse:
        """A page that says why something can't be done. `more`: a link that helps."""
        return self.page("cannot", {"title": title, "reason": reason, **more}, status=status)
