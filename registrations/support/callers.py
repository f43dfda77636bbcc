"""*Look up a caller*: who or what is meant by what a caller says of themselves.

Each kind of search looks at an index. What was searched for is kept nowhere but masked.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Func, Q, QuerySet, Value
from django.db.models.functions import Lower

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import ChannelDevice, Role, User
from accounts.policy.signing_in import lockout_key
from organizations.enums import OrganizationKind
from organizations.models import Organization
from organizations.policy import normalize_identifier
from qpp_registration.last_four import LastFour
from registrations.models import Contact, RegistrationNumber

MOST = 20
LOT = 100  # of rows that are read at first
PHONE_END, TIN = 4, 9  # digits
PHONES = (PHONE_END, 10)  # digits; of a whole number the last four are looked for
NUMBERS = (6, 7)  # digits of a registration ID
_BETWEEN_DIGITS = re.compile(r"[\s().-]")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Somebody, or an organization, that may be the caller. `detail` tells it from others."""

    is_person: bool
    key: UUID
    title: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found: at most 20, and whether there are more (`is_cut`)."""

    hits: Sequence[Hit]
    is_cut: bool


def look_up(text: str, *, actor: Actor) -> Found:
    """Search for what a caller says: one event of the audit, with what was opened where only one
    was found."""
    hits = list(dict.fromkeys(_hits(text)))
    shown = sorted(hits[:MOST], key=lambda hit: (hit.title, hit.detail))
    found = Found(hits=shown, is_cut=len(hits) > MOST)
    _record(
        actor,
        opened=hits[0] if len(hits) == 1 else None,
        searched=masked(text),
        found=len(found.hits),
    )
    return found


def choose(*, is_person: bool, key: UUID, actor: Actor) -> bool:
    """Open one of several that were found, which is an event too. False: it isn't there."""
    model: type[User] | type[Organization] = User if is_person else Organization
    if not model._default_manager.filter(pk=key).exists():
        return False
    _record(actor, opened=Hit(is_person=is_person, key=key, title="", detail=""), chosen=True)
    return True


def masked(text: str) -> str:
    """What was searched for, as the audit keeps it: its shape, and little of itself."""
    digits = _digits(text)
    if len(digits) in PHONES:
        return f"phone **{digits[-2:]}"
    if len(digits) in NUMBERS:
        return f"registration ID ***{digits[-2:]}"
    if digits:
        return f"number ***{digits[-2:]}"
    if "@" in text:
        return f"e-mail {audit.masked('email', text)}"
    return "user ID or identifier ***"


def _hits(text: str) -> Iterable[Hit]:
    digits = _digits(text)
    if len(digits) in NUMBERS:
        yield from _by_number(int(digits))
    yield from _by_identifier(text, digits)
    people = list(_by_account(text))
    contacts: QuerySet[Contact] | None = None
    if len(digits) in PHONES:
        people += _by_phone(digits[-PHONE_END:])
        contacts = _ending(Contact.objects.all(), "phone", digits[-PHONE_END:])
    elif "@" in text:
        contacts = _equal(Contact.objects.all(), Lower("email"), Lower(Value(text)))
    yield from map(_person, people)
    if contacts is not None:
        yield from _of_contacts(contacts, people)


def _digits(text: str) -> str:
    """The digits of a text that holds nothing else but what people write between them."""
    plain = _BETWEEN_DIGITS.sub("", text)
    return plain if plain.isascii() and plain.isdecimal() else ""


def _by_number(number: int) -> Iterable[Hit]:
    numbers = RegistrationNumber.objects.filter(number=number).select_related("organization")
    return [_organization(found.organization) for found in numbers]


def _by_identifier(text: str, digits: str) -> Iterable[Hit]:
    wanted = Q()
    for kind in OrganizationKind:
        is_tin = kind == OrganizationKind.GROUP and len(digits) == TIN
        try:
            wanted |= Q(
                kind=kind, identifier=normalize_identifier(kind, digits if is_tin else text)
            )
        except ValueError:
            continue
    return [_organization(one) for one in Organization.objects.filter(wanted)] if wanted else ()


def _by_account(text: str) -> Iterable[User]:
    people = User.objects.with_user_id(lockout_key(text)) | User.objects.with_email(text)
    return people.order_by("user_id")


def _by_phone(end: str) -> Iterable[User]:
    """Whose phone or device ends so."""
    keys = _different(_ending(User.objects.all(), "phone", end), "pk")
    keys += _different(_ending(ChannelDevice.objects.all(), "address", end), "user")
    return User.objects.in_bulk(keys).values()


def _of_contacts(contacts: QuerySet[Contact], people: Iterable[User]) -> Iterable[Hit]:
    """The organizations that have these contacts; not those in which one of the people who were
    found has a role: who is a contact of the own organization is one caller, not two."""
    roles = Role.objects.filter(user__in=people)
    own = set(roles.values_list("organization", flat=True))
    keys = _different(contacts, "registration__organization", but=own)
    return map(_organization, Organization.objects.filter(pk__in=keys))


def _different(rows: QuerySet[Any], path: str, *, but: Collection[UUID] = ()) -> list[UUID]:
    """What stands at `path` in the rows, each once, in order: no more than tell that there are
    more than are shown.

    An organization has up to 50 contacts a year, so that the first rows may all be of one. Asked
    for different ones, the database would read all rows that there are.
    """
    lot = LOT
    while True:
        read = list(rows.values_list(path, flat=True)[:lot])
        found = [key for key in dict.fromkeys(read) if key not in but]
        if len(found) > MOST or len(read) < lot:
            return found[: MOST + 1]
        lot *= 10


def _ending(rows: QuerySet[Any], field: str, end: str) -> QuerySet[Any]:
    return _equal(rows, LastFour(field), end)


def _equal(rows: QuerySet[Any], expression: Func, value: object) -> QuerySet[Any]:
    """A range of one value, in the index's order: so it is read from the index always.

    Asked for as equal, PostgreSQL would read the whole table where many rows share one phone, in
    the hope to meet enough of them soon, and SQLite to find them in another order.
    """
    found = rows.annotate(found_by=expression).filter(found_by__gte=value, found_by__lte=value)
    return found.order_by("found_by")


def _person(user: User) -> Hit:
    return Hit(is_person=True, key=user.pk, title=user.full_name, detail=f"User ID {user.user_id}")


def _organization(organization: Organization) -> Hit:
    kind = OrganizationKind(organization.kind)
    return Hit(
        is_person=False,
        key=organization.pk,
        title=organization.name,
        detail=f"{kind.in_tab}, {kind.identifier_label} {organization.shown_identifier}",
    )


def _record(actor: Actor, *, opened: Hit | None, **details: Any) -> None:
    audit.record(
        AuditAction.CALLER_LOOKED_UP,
        actor=actor,
        object_id=opened.key if opened else None,
        organization_id=opened.key if opened and not opened.is_person else None,
        **details,
    )
