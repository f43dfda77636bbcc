"""Resets of all devices: asking for one, and the second member of staff who decides on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse

from accounts.actors import Actor
from accounts.admin.base import eastern
from accounts.admin.deeds import Deed, Fact, Link
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.words import status_of
from accounts.enums import ResetStatus
from accounts.exports.lists import DEVICE_RESETS
from accounts.forms.verification import ApproveResetForm, AskResetForm, DenyResetForm
from accounts.models import DeviceReset
from accounts.models.resets import OPEN
from accounts.people.profiles import find_user
from accounts.policy.rights import Right
from accounts.staff.reach import why_out_of_reach
from accounts.staff.rights import has_right
from accounts.verification import resets
from accounts.views.lookup import person
from qpp_registration.clock import moment
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

OPEN_FIRST = Case(When(status__in=OPEN, then=Value(0)), default=Value(1))


def _ask(request: HttpRequest, _: None, form: AskResetForm, actor: Actor) -> DeviceReset:
    return resets.ask(
        person=find_user(form.cleaned_data["user_id"]),
        asked_by=person(request),
        reason=actor.reason,
        identity_proof=form.cleaned_data["identity_proof"],
        received_at=received_at(request),
    )


def _approve(request: HttpRequest, reset: DeviceReset, _form: object, actor: Actor) -> DeviceReset:
    return resets.approve(
        reset_id=reset.pk,
        decided_by=person(request),
        reason=actor.reason,
        received_at=received_at(request),
    )


def _deny(request: HttpRequest, reset: DeviceReset, _: object, actor: Actor) -> DeviceReset:
    return resets.deny(
        reset_id=reset.pk,
        decided_by=person(request),
        reason=actor.reason,
        received_at=received_at(request),
    )


class Undecided(admin.SimpleListFilter):
    """Resets that wait for somebody."""

    title = "what waits"
    parameter_name = "undecided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One case."""
        return [("yes", "Undecided")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The open ones."""
        return queryset.filter(status__in=OPEN) if self.value() == "yes" else queryset


@admin.register(DeviceReset)
class DeviceResetAdmin(ListDeedAdmin):
    """Read here; asked for and decided on pages that call the services."""

    list_display = (
        *("person", "standing", eastern("begun_at", "Begun")),
        *("asked_by", "decided_by"),
    )
    list_filter = (Undecided, "status")
    list_select_related = ("person", "asked_by", "decided_by")
    list_deeds = (export_of("device-resets", DEVICE_RESETS),)
    starts = Deed(
        name="add",
        title="Ask for a reset of all devices",
        press="Ask",
        right=Right.RESET_DEVICES,
        form=AskResetForm,
        do=_ask,
        done="Asked. Another member of staff decides now. {} is told by e-mail.",
        explained=(
            "First prove who the person is: call back the number that the practice is known "
            "under, not one that you were told. Another member of staff decides. The person is "
            "told by e-mail."
        ),
    )
    deeds = (
        Deed(
            name="approve",
            title="Approve the reset of all devices",
            press="Approve",
            right=Right.RESET_DEVICES,
            form=ApproveResetForm,
            do=_approve,
            done="Approved: all devices and recovery codes are removed. {} is told by e-mail.",
            explained=(
                "All devices and recovery codes are removed, all sessions end, and the next "
                "sign-in sets up a new device."
            ),
        ),
        Deed(
            name="deny",
            title="Deny the reset of all devices",
            press="Deny",
            right=Right.RESET_DEVICES,
            form=DenyResetForm,
            do=_deny,
            done="Denied: nothing changes. {} is told by e-mail.",
            explained=(
                "Nothing changes for the person, who is told that the devices were not reset."
            ),
        ),
    )

    @admin.display(description="Status")
    def standing(self, row: DeviceReset) -> str:
        """How it stands."""
        return status_of(row)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Open ones first, and of them the oldest."""
        return (OPEN_FIRST, "begun_at", "pk")

    def facts(self, request: HttpRequest, row: DeviceReset) -> Iterable[Fact]:
        """Who, what was said, and how far it is."""
        sees = has_right(request.user, Right.SEE_CONTACTS)
        page = reverse("admin:accounts_user_change", args=[row.person_id])
        yield "Person", Link(row.person.full_name, page)
        if sees:
            yield "User ID", row.person.user_id
            yield "E-mail", row.person.email
            yield "Phone", show_phone(row.phone) or "Not given"
        yield "Status", status_of(row)
        yield "Begun", moment(row.begun_at).text
        if row.asked_at and row.asked_by:
            yield "Asked", f"{moment(row.asked_at).text} by {row.asked_by.full_name}"
            yield "Reason", row.reason if sees else None
            yield "How the identity was proved", row.identity_proof if sees else None
        if row.decided_at and row.decided_by:
            yield "Decided", f"{moment(row.decided_at).text} by {row.decided_by.full_name}"
            yield "Reason of the decision", (row.decision_reason or None) if sees else None
        else:
            yield "Can be approved until", moment(row.expires_at).text

    def offered(self, request: HttpRequest, row: DeviceReset) -> Iterable[Deed]:
        """Both decisions, for whoever may decide."""
        return () if self.why_nothing(request, row) else self.deeds

    def why_nothing(self, request: HttpRequest, row: DeviceReset) -> str:
        """Why this person doesn't decide now."""
        return resets.why_not_decided(row, by=person(request), received_at=received_at(request))

    def links(self, request: HttpRequest, row: DeviceReset) -> Iterable[tuple[str, str]]:
        """What the person asked for, staff asks for next."""
        if (
            row.status == ResetStatus.REQUESTED
            and self.has_add_permission(request)
            and not why_out_of_reach(person(request), row.person)
        ):
            address = reverse("admin:accounts_devicereset_add")
            yield "Ask for this reset", f"{address}?reset={row.pk}"

    def initial(self, request: HttpRequest, row: Any) -> dict[str, object]:
        """Whom the reset in the address is about; a user ID may be an e-mail."""
        try:
            reset = DeviceReset.objects.get(pk=UUID(request.GET["reset"]))
        except (KeyError, ValueError, ValidationError, DeviceReset.DoesNotExist):
            return {}
        return {"user_id": reset.person.user_id}

    def name_of(self, row: DeviceReset) -> str:
        """Whose reset it is."""
        return str(row.person)

    def title_of(self, row: DeviceReset) -> str:
        """Whose reset it is."""
        return f"Reset of all devices of {row.person.full_name}"
