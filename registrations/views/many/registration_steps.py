"""What pages that start from one registration have in common: whose it is, and may it change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actors import Actor, official
from accounts.models import User
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.cases.presentation import header_of, list_url
from registrations.cases.registration import Case
from registrations.enums import Product
from registrations.forms.notes import seal, unseal
from registrations.forms.search_name import NameSearchForm
from registrations.policy.registration import Action
from registrations.views.lookup import case_or_404
from registrations.views.many.outcomes import Around

START_AGAIN = "That page can’t be used any more. Choose again."


@dataclass(frozen=True)
class RegistrationSteps:
    """One request about one registration."""

    request: HttpRequest
    case: Case
    user: User
    at: datetime

    @classmethod
    def of(
        cls, request: HttpRequest, registration_id: UUID, product: Product
    ) -> "RegistrationSteps":
        """Raises Http404 where the person sees no such registration."""
        case = case_or_404(request, registration_id, product)
        return cls(request, case, person(request), received_at(request))

    @property
    def actor(self) -> Actor:
        """The person, acting for the organization."""
        return official(self.user)

    @property
    def url(self) -> str:
        """The registration's own page."""
        key = self.case.registered.registration_id
        return reverse("register", args=[key, self.case.product])

    def refused(self, title: str) -> HttpResponse | None:
        """The page that says why nothing can be changed here; None where it can."""
        why = self.case.refusal(Action.SAVE, self.at)
        if why is None:
            return None
        context = {
            "around": self.around(title),
            "reason": self.case.explain(why),
            "header": header_of(self.case, complete_contacts=0),
        }
        status = 403 if self.request.method == "POST" else 200
        return render(self.request, "registrations/many/refused.html", context, status=status)

    def around(self, title: str) -> Around:
        """The frame of review and outcome."""
        return Around(
            title=title,
            offering=self.case.offering,
            list_url=list_url(self.case),
            back_url=self.url,
            back_label="Back to the registration",
        )

    def seal(self, purpose: str, data: Any) -> str:
        """What a later step gets back."""
        return seal(purpose, data, user=self.user, offering=self.case.offering)

    def unseal(self, purpose: str) -> Any:
        """What an earlier step carried along; None without it."""
        token = str(self.request.POST.get(purpose, ""))
        return unseal(purpose, token, user=self.user, offering=self.case.offering)

    def again(self) -> HttpResponse:
        """To the first step, with a message."""
        messages.warning(self.request, START_AGAIN)
        return redirect(self.request.path)


def searched_for(request: HttpRequest, form: NameSearchForm) -> HttpResponse:
    """Back to the page with what was searched for in its address; the form is valid."""
    text = form.cleaned_data["text"]
    return redirect(f"{request.path}?{urlencode({'q': text})}" if text else request.path)


def name_searched(request: HttpRequest) -> str:
    """The part of a name in the address; nothing where it would be a TIN."""
    form = NameSearchForm({"text": request.GET.get("q", "")})
    return str(form.cleaned_data["text"]) if form.is_valid() else ""
