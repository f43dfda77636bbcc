"""Resets of all devices: asking for one, and the second member of staff who decides on it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from accounts import resets
from accounts.admin.base import StaffModelAdmin
from accounts.device_forms import ApproveResetForm, AskResetForm, DenyResetForm
from accounts.models import DeviceReset
from accounts.models.resets import OPEN
from accounts.people import find_user
from accounts.views.lookup import person
from accounts.views.proof import recent_proof_required
from qpp_registration.clock import moment
from qpp_registration.errors import Refused
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

ONE = "admin:accounts_devicereset_change"
OPEN_FIRST = Case(When(status__in=OPEN, then=Value(0)), default=Value(1))
Deed = Callable[[forms.Form], object]


@admin.register(DeviceReset)
class DeviceResetAdmin(StaffModelAdmin):
    """Read here; asked for and decided on pages that call the services."""

    list_display = ("person", "status", "begun_at", "asked_by", "decided_by")
    list_filter = ("status",)
    list_select_related = ("person", "asked_by", "decided_by")
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """All CMS staff ask."""
        return True

    def get_ordering(self, request: HttpRequest) -> Any:
        """Open ones first, and of them the oldest."""
        return (OPEN_FIRST, "begun_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """The pages that ask and decide, before the admin's own."""
        pages: list[Any] = [
            path(
                f"<uuid:reset_id>/{name}/",
                self.admin_site.admin_view(recent_proof_required(page)),
                name=f"device_reset_{name}",
            )
            for name, page in {"approve": self.approve, "deny": self.deny}.items()
        ]
        ask = self.admin_site.admin_view(recent_proof_required(self.ask))
        return [path("add/", ask, name="accounts_devicereset_add"), *pages, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """One reset, with what may be done about it."""
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return self._page(request, "reset", self._reset(key))

    def ask(self, request: HttpRequest) -> HttpResponse:
        """Ask for a reset, once it is proved who the person is."""
        sent = request.POST if request.method == "POST" else None
        form = AskResetForm(sent, initial={"user_id": self._asked_for(request)})
        if form.is_valid():
            try:
                reset = resets.ask(
                    person=find_user(form.cleaned_data["user_id"]),
                    asked_by=person(request),
                    reason=form.cleaned_data["reason"],
                    identity_proof=form.cleaned_data["identity_proof"],
                    received_at=received_at(request),
                )
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, DONE["ask"].format(reset.person))
                return redirect(ONE, reset.pk)
        return self._page(request, "ask", None, form=form)

    def _asked_for(self, request: HttpRequest) -> str:
        """Whom the reset in the address is about; a user ID may be an e-mail."""
        try:
            return self._reset(UUID(request.GET["reset"])).person.user_id
        except (KeyError, ValueError, Http404):
            return ""

    def approve(self, request: HttpRequest, reset_id: UUID) -> HttpResponse:
        """Agree: all devices go."""
        return self._decide(
            request,
            reset_id,
            ApproveResetForm,
            "approve",
            lambda _form: resets.approve(
                reset_id=reset_id, decided_by=person(request), received_at=received_at(request)
            ),
        )

    def deny(self, request: HttpRequest, reset_id: UUID) -> HttpResponse:
        """Don't agree: nothing changes."""
        return self._decide(
            request,
            reset_id,
            DenyResetForm,
            "deny",
            lambda form: resets.deny(
                reset_id=reset_id,
                decided_by=person(request),
                reason=form.cleaned_data["reason"],
                received_at=received_at(request),
            ),
        )

    def _decide(
        self,
        request: HttpRequest,
        reset_id: UUID,
        form_class: type[forms.Form],
        name: str,
        deed: Deed,
    ) -> HttpResponse:
        """The form of one decision; afterwards the reset as it is then."""
        reset = self._reset(reset_id)
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                deed(form)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, DONE[name].format(reset.person))
                return redirect(ONE, reset_id)
        return self._page(request, name, reset, form=form)

    def _reset(self, reset_id: UUID) -> DeviceReset:
        found = DeviceReset.objects.select_related("person", "asked_by", "decided_by")
        return get_object_or_404(found, pk=reset_id)

    def _page(
        self, request: HttpRequest, name: str, reset: DeviceReset | None, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[name],
            "opts": self.opts,
            "reset": reset,
            **more,
        }
        if reset:
            now = received_at(request)
            context |= {
                "phone": show_phone(reset.phone),
                "begun": moment(reset.begun_at).text,
                "asked": reset.asked_at and moment(reset.asked_at).text,
                "decided": reset.decided_at and moment(reset.decided_at).text,
                "expires": moment(reset.expires_at).text,
                "why_not": resets.why_not_decided(reset, by=person(request), received_at=now),
            }
        template = f"admin/accounts/devicereset/{name}.html"
        form = more.get("form")
        status = 422 if form and form.errors else 200
        return render(request, template, context, status=status)


TITLES = {
    "ask": "Ask for a reset of all devices",
    "reset": "Reset of all devices",
    "approve": "Approve the reset of all devices",
    "deny": "Deny the reset of all devices",
}
DONE = {
    "ask": "Asked. Another member of staff decides now. {} is told by e-mail.",
    "approve": "Approved: all devices and recovery codes are removed. {} is told by e-mail.",
    "deny": "Denied: nothing changes. {} is told by e-mail.",
}
