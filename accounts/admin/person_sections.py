"""The sections of pages about a person: what blocks them, roles, requests, devices, mails."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from accounts.admin.deeds import Link, Section
from accounts.admin.words import status_of
from accounts.models import Message, RoleRequest, User
from accounts.signing_in.history import sign_ins_of
from accounts.support.person_state import PersonState
from accounts.words.about_blocks import Told
from qpp_registration.clock import moment

LATEST = 10  # events of the sign-in history


def told_section(
    title: str | Link, groups: Sequence[tuple[Link | None, Sequence[Told]]]
) -> Section:
    """Sentences for staff and for the caller, each group under its heading."""
    return Section(
        title=title,
        template="admin/sections/told.html",
        context={"groups": [(heading, told) for heading, told in groups if told]},
        empty="Nothing stands in the way.",
    )


def what_blocks(state: PersonState) -> Section:
    """What blocks the person, and what to say."""
    return told_section("What blocks the person, and what to say", [(None, state.told)])


def account_section(state: PersonState) -> Section:
    """How the account is used now."""
    return Section(
        title="Use of the account",
        columns=("Live sessions", "Last used", "Paused unless used before"),
        rows=[(str(state.sessions), moment(state.used_at).text, moment(state.pauses_at).text)],
    )


def person_sections(user: User, state: PersonState, *, sees: bool) -> Iterable[Section]:
    """All that is known of the account, in lists that don't grow. `sees`: e-mails and phones."""
    yield what_blocks(state)
    yield _roles(state)
    yield requests_section(state.requests, title="Role requests")
    yield Section(
        title="Verification devices",
        columns=("Device", "Name", "Added", "Last used", "State"),
        rows=[
            (
                device.label,
                device.name,
                device.added.text if device.added else "",
                device.last_used.text if device.last_used else "Never",
                "Disabled after too many wrong codes" if device.disabled else "Can be used",
            )
            for device in state.devices
        ],
    )
    yield mails_section(state.lost, sees=sees)
    _, entries = sign_ins_of(user, page="1")
    yield Section(
        title="Sign-in history",
        note=f"The latest {LATEST}." if len(entries) > LATEST else "",
        columns=("When", "What", "From", "Browser"),
        rows=[(one.when.text, one.what, one.where, one.browser) for one in entries[:LATEST]],
        empty="Nothing yet.",
    )


def requests_section(
    requests: Sequence[RoleRequest], *, title: str, with_person: bool = False
) -> Section:
    """Role requests, each leading to the page where it is decided."""
    return Section(
        title=title,
        columns=("Person" if with_person else "Organization", "Role", "Requested", "Status"),
        rows=[
            (
                Link(
                    request.user.full_name if with_person else _named(request),
                    reverse("admin:accounts_rolerequest_change", args=[request.pk]),
                ),
                request.get_role_display(),
                request.asked_moment.text,
                status_of(request),
            )
            for request in requests
        ],
    )


def mails_section(lost: Sequence[Message], *, sees: bool) -> Section:
    """Mails that failed or came back, each leading to its page. Errors may name addresses."""
    return Section(
        title="Mails that failed or came back",
        columns=("Subject", "When", "Status", "Why"),
        rows=[
            (
                Link(mail.subject, reverse("admin:accounts_message_change", args=[mail.pk])),
                moment(mail.created_at).text,
                status_of(mail),
                mail.last_error if sees else "Not shown",
            )
            for mail in lost
        ],
    )


def organization_page(key: object) -> str:
    """The staff site's page of an organization."""
    return reverse("admin:organizations_organization_change", args=[key])


def _roles(state: PersonState) -> Section:
    shown, number = len(state.roles), state.number_of_roles
    return Section(
        title="Roles",
        note=f"{shown} of {number}." if number > shown else "",
        columns=("Organization", "Role", "Since"),
        rows=[
            (
                Link(role.organization.name, organization_page(role.organization_id)),
                role.get_name_display(),
                moment(role.granted_at).text,
            )
            for role in state.roles
        ],
    )


def _named(request: RoleRequest) -> str:
    if request.organization:
        return request.organization.name
    return f"Not found: {request.identifier_label} as given"
