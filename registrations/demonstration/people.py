"""The demonstration's people, with their roles, phones and passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actors import operations
from accounts.enums import AuditAction, DeviceKind
from accounts.models import User
from accounts.people.profiles import create_person
from accounts.policy.account import is_idle
from accounts.policy.rights import StaffGroup
from accounts.roles.file import load_roles
from accounts.verification import devices
from qpp_registration.errors import Refused

ROLES = Path(__file__).with_name("roles.csv")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to try things as. `phone` is ten digits; without one, the first sign-in sets up.

    `more_phones`: further devices, each a kind and ten digits.
    """

    user_id: str
    first_name: str
    last_name: str
    what_for: str
    phone: str = ""
    more_phones: tuple[tuple[DeviceKind, str], ...] = ()
    staff_group: StaffGroup | None = None

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        """An address that nobody has."""
        return f"{self.user_id}@example.org"


PEOPLE = (
    Person(
        user_id="jane.doe",
        first_name="Jane",
        last_name="Doe",
        phone="2025550101",
        what_for="Security Official of practices, virtual groups, APM Entities",
    ),
    Person(
        user_id="solo.official",
        first_name="Solomon",
        last_name="Whitcombe",
        phone="2025550112",
        what_for="Security Official of one practice",
    ),
    Person(
        user_id="many.official",
        first_name="Maya",
        last_name="Lindqvist",
        phone="2025550123",
        what_for="Security Official of 150 practices",
    ),
    Person(
        user_id="staff.user",
        first_name="Stanley",
        last_name="Okafor",
        phone="2025550134",
        what_for="Staff User: sees, but can't register",
    ),
    Person(
        user_id="new.user",
        first_name="Nell",
        last_name="Abara",
        what_for="no role, no verification device yet",
    ),
    Person(
        user_id="several.devices",
        first_name="Sevda",
        last_name="Aydin",
        phone="2025550156",
        more_phones=((DeviceKind.VOICE, "2025550156"), (DeviceKind.TEXT, "2025550167")),
        what_for="no role; several verification devices",
    ),
    Person(
        user_id="cms.staff",
        first_name="Casey",
        last_name="Moreau",
        phone="2025550145",
        staff_group=StaffGroup.ADMINISTRATOR,
        what_for="CMS staff: Administrator",
    ),
    Person(
        user_id="cms.colleague",
        first_name="Coralie",
        last_name="Petit",
        phone="2025550178",
        staff_group=StaffGroup.SERVICE_CENTER,
        what_for="CMS staff: Service Center; decides on what cms.staff asked for",
    ),
    Person(
        user_id="cms.manager",
        first_name="Marco",
        last_name="Bellini",
        phone="2025550189",
        staff_group=StaffGroup.PROGRAM_MANAGER,
        what_for="CMS staff: Program manager",
    ),
    Person(
        user_id="cms.reader",
        first_name="Rita",
        last_name="Solberg",
        phone="2025550190",
        staff_group=StaffGroup.READER,
        what_for="CMS staff: Reader",
    ),
)


def require_good_password(password: str) -> None:
    """Raise Refused with the reasons why it can't be everybody's password."""
    reasons = []
    if not password.isprintable() or password != password.strip():
        reasons.append("The password has a character that can't be typed, or a space at an end.")
    for person in PEOPLE:
        try:
            validate_password(password, _unsaved(person))
        except ValidationError as error:
            reasons.extend(error.messages)
    if reasons:
        raise Refused("\n".join(dict.fromkeys(reasons)))


def load_people(passwords: Mapping[str, str], *, given: set[str], now: datetime) -> set[str]:
    """Create the people who aren't there; everybody's password is the one of `passwords`.

    Of those who were there before, only the ones in `given` get it, and who has it but didn’t
    sign in for so long that it is paused. Gives the user IDs of people
    whose password is another one, because they set it themselves.
    """
    existing = {
        user.user_id: user
        for user in User.objects.filter(user_id__in=[person.user_id for person in PEOPLE])
    }
    with transaction.atomic():
        for person in PEOPLE:
            if person.user_id not in existing:
                _create(person, passwords[person.user_id], now)
        if len(existing) < len(PEOPLE):
            _grant_roles(now)
    other_passwords = set()
    for user_id, user in existing.items():
        is_kept = user.check_password(passwords[user_id])
        if is_kept and not is_idle(last_used_at=user.last_used_at, received_at=now):
            continue
        if is_kept or user_id in given:
            _set_password(user, passwords[user_id], now)
        else:
            other_passwords.add(user_id)
    return other_passwords


def _unsaved(person: Person) -> User:
    return User(
        user_id=person.user_id,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
    )


def _create(person: Person, password: str, now: datetime) -> None:
    user = create_person(
        user_id=person.user_id,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        staff_group=person.staff_group,
        password=password,
        actor=operations("Demonstration"),
        received_at=now,
    )
    phones = [(DeviceKind.TEXT, person.phone)] if person.phone else []
    for place, (kind, digits) in enumerate([*phones, *person.more_phones]):
        first = place == 0
        device = devices.start_phone(user=user, kind=kind, digits=digits, first=first)
        devices.confirm(user=user, device=device, received_at=now, first=first, tell=False)


def _grant_roles(now: datetime) -> None:
    loaded = load_roles(ROLES, actor=operations("Demonstration"), received_at=now)
    if loaded.refusals.rows:
        raise Refused(str(loaded.refusals))


def _set_password(user: User, password: str, now: datetime) -> None:
    with transaction.atomic():
        user.set_password(password)
        user.password_set_at = now
        user.save(update_fields=["password", "password_set_at"])
        audit.record(AuditAction.PASSWORD_SET, actor=operations("Demonstration"), object_id=user.pk)
