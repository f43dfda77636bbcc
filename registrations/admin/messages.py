"""Messages on the staff site: what was sent, what wasn't, and sending it again."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts import audit
from accounts.actors import Actor
from accounts.admin.base import eastern
from accounts.admin.deeds import Deed, Fact, Link, Section
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.words import status_of
from accounts.enums import Channel, MessageStatus
from accounts.exports.lists import MESSAGES
from accounts.forms.staff import WhyForm
from accounts.messages.resend import send_again, why_not_sent_again
from accounts.models import Message
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from qpp_registration.clock import moment
from qpp_registration.requests import received_at
from registrations.admin.registration_sections import registrations_about

LOST = (MessageStatus.FAILED, MessageStatus.BOUNCED)


def _send_again(request: HttpRequest, message: Message, _: WhyForm, actor: Actor) -> Message:
    return send_again(message_id=message.pk, actor=actor, received_at=received_at(request))


SEND_AGAIN = Deed(
    name="send-again",
    title="Send the message again",
    press="Send again",
    right=Right.RESEND_MESSAGES,
    form=WhyForm,
    do=_send_again,
    done="Queued: “{}” goes to the same address again.",
    explained=(
        "It goes to the same address as before. If that is wrong, correct it first where it "
        "stands: with the person or the contact."
    ),
)


class Lost(admin.SimpleListFilter):
    """Messages that will never arrive unless somebody does something."""

    title = "what became of it"
    parameter_name = "lost"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One case."""
        return [("yes", "Failed or came back")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The lost ones."""
        return queryset.filter(status__in=LOST) if self.value() == "yes" else queryset


@admin.register(Message)
class MessageAdmin(ListDeedAdmin):
    """The outbox. Not searched by address: what is searched for stands in the address of a page."""

    list_filter = (Lost, "status", "channel")
    ordering = ("-created_at",)
    sortable_by = ()
    deeds = (SEND_AGAIN,)
    list_deeds = (export_of("messages", MESSAGES),)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Addresses in full for those only who may see contacts."""
        to = "to" if has_right(request.user, Right.SEE_CONTACTS) else "masked_to"
        times = (eastern("created_at", "Queued"), eastern("sent_at", "Sent"))
        return ["subject", "channel", to, "standing", *times]

    @admin.display(description="Status")
    def standing(self, message: Message) -> str:
        """How it stands."""
        return status_of(message)

    @admin.display(description="To")
    def masked_to(self, message: Message) -> str:
        """The address, so that one sees of what kind it is and no more."""
        return _masked(message)

    def facts(self, request: HttpRequest, row: Message) -> Iterable[Fact]:
        """Where it went, what became of it, and its text."""
        sees = has_right(request.user, Right.SEE_CONTACTS)
        yield "Subject", row.subject
        yield "Channel", row.get_channel_display()
        yield "To", row.to if sees else _masked(row)
        yield "Status", status_of(row)
        yield "Queued", moment(row.created_at).text
        yield "Sent", moment(row.sent_at).text if row.sent_at else None
        yield "Next try", moment(row.due_at).text if row.status == "queued" else None
        yield "Not sent from then on", moment(row.expires_at).text if row.expires_at else None
        yield "Tries", str(row.attempts)
        yield "Error", row.last_error if sees and row.last_error else None
        if row.organization:
            address = reverse("admin:organizations_organization_change", args=[row.organization_id])
            yield "Organization", Link(row.organization.name, address)
        yield "Text", _text(row, sees=sees)

    def sections(self, request: HttpRequest, row: Message) -> Iterable[Section]:
        """The registrations that it tells of."""
        return registrations_about(row.about) if row.about else ()

    def offered(self, request: HttpRequest, row: Message) -> Iterable[Deed]:
        """What failed or came back can be sent again."""
        return () if self.why_nothing(request, row) else self.deeds

    def why_nothing(self, request: HttpRequest, row: Message) -> str:
        """Why it isn't sent again."""
        return why_not_sent_again(row, received_at=received_at(request))

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the texts, which a list doesn't show."""
        return super().get_queryset(request).defer("html")

    def name_of(self, row: Message) -> str:
        """Its subject."""
        return row.subject


def _masked(message: Message) -> str:
    return audit.masked("email" if message.channel == Channel.EMAIL else "phone", message.to)


def _text(message: Message, *, sees: bool) -> str:
    if message.secret:
        return "Not shown: it holds a link or code that opens something."
    return message.body if sees else "Not shown: texts name people’s e-mail and phone."
