"""Many organizations at once: how each stands, what will happen to it, and making it happen.

What a page announces and what is done afterwards come from the same planner, a function of one
organization as it stands. It is asked again when the deed begins, and once more under the lock
where the registration changed since, so that whatever happened between the page and the deed is
told for that organization and stops no other.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction

from accounts.actors import Actor
from accounts.models import User
from organizations.models import Organization
from registrations.details.edits import ContactEdit, FieldEdit, Saved
from registrations.details.save import save
from registrations.enums import Product
from registrations.errors import RegistrationError
from registrations.many.members import Member, members
from registrations.models import Enrollment, Offering, Registration
from registrations.policy.contact_plans import ContactPlan, Values
from registrations.registering.start import start_registration

MAX_AT_ONCE = 200
ROLE_ENDED = "You no longer have a role on this organization. Nothing was changed."
LEFT_ALONE = "Somebody changed or deleted a contact here meanwhile. It was left alone."
TROUBLE = "This couldn’t be stored just now. Nothing was changed. Try this organization again."
logger = logging.getLogger(__name__)


class Will(Enum):
    """What will happen to an organization: in words before, and afterwards."""

    REGISTER = ("Will be registered", "Registered")
    COMPLETE = ("Will be completed", "Completed")
    CHANGE = ("Will be changed", "Changed")
    NOTHING = ("Nothing to do", "Nothing to do")
    CANNOT = ("Can’t be done", "Not done")

    @property
    def before(self) -> str:
        """In words, on the page that asks."""
        return self.value[0]

    @property
    def afterwards(self) -> str:
        """In words, on the page that tells the outcome."""
        return self.value[1]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will happen to one organization. `lines`: in detail, or why nothing can be done."""

    will: Will
    lines: tuple[str, ...] = ()
    size: FieldEdit | None = None
    contacts: Mapping[UUID, ContactEdit] = field(default_factory=dict)

    @property
    def does_something(self) -> bool:
        """Whether there is something to write."""
        return self.will in {Will.REGISTER, Will.COMPLETE, Will.CHANGE}


Planner = Callable[[Member], Plan]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A line of the page that asks."""

    member: Member
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one organization. `member`: as it stands now; None when the role ended."""

    member: Member | None
    will: Will
    lines: tuple[str, ...] = ()


def cannot(why: str) -> Plan:
    """The plan for an organization for which nothing can be done."""
    return Plan(will=Will.CANNOT, lines=(why,))


def plan_all(known: Iterable[Member], planner: Planner) -> list[Planned]:
    """What will happen to each."""
    return [Planned(member=member, plan=planner(member)) for member in known]


def carry_out(
    planner: Planner,
    *,
    organization_ids: Collection[UUID],
    offering: Offering,
    actor: Actor,
    received_at: datetime,
) -> list[Outcome]:
    """Do for each organization what the planner says of it as it stands then.

    A transaction of its own for each, through `start_registration` and `save`; what one refuses
    leaves it as it was and stops no other. At most MAX_AT_ONCE organizations; more raise
    ValueError, as does an actor who isn't a person. A database that doesn't answer raises
    OperationalError: what was done by then stays, and doing all of it again does the rest. By name,
    as they stand afterwards.
    """
    if len(organization_ids) > MAX_AT_ONCE or actor.user is None:
        raise ValueError(f"At most {MAX_AT_ONCE} organizations at once, and for a person.")
    run = _Run(planner, offering, actor.user, actor, received_at)
    known = members(actor.user, offering, organization_ids)
    done = {key: run.one(member) for key, member in known.items()}
    now = members(actor.user, offering, organization_ids)
    found = [Outcome(member=now[key], will=done[key].will, lines=done[key].lines) for key in now]
    lost = [key for key in organization_ids if key not in now]
    return found + [Outcome(member=None, will=Will.CANNOT, lines=(ROLE_ENDED,)) for _ in lost]


@dataclass(frozen=True)
class _Run:
    """What is the same for each organization of a run."""

    planner: Planner
    offering: Offering
    user: User
    actor: Actor
    received_at: datetime

    def one(self, member: Member) -> Plan:
        """Do what is planned for the organization, or tell why not."""
        plan = self.planner(member)
        if not plan.does_something:
            return plan
        try:
            with transaction.atomic():
                return self._do(member, plan)
        except RegistrationError as error:
            return cannot(str(error))
        except (Organization.DoesNotExist, Enrollment.DoesNotExist):
            return cannot(ROLE_ENDED)
        except OperationalError:
            raise  # away, or held: nobody is kept waiting for it 200 times
        except DatabaseError:
            logger.exception("Not stored for organization %s", member.organization_id)
            return cannot(TROUBLE)

    def _do(self, member: Member, plan: Plan) -> Plan:
        """Under the lock: plan anew where the registration changed meanwhile, then write.

        Role, window and approval are read anew by `start_registration` and `save`.
        """
        key = member.organization_id
        list(
            Organization.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk=key)
            .values_list("pk")
        )
        version = (
            Registration.objects.filter(organization=key, year=self.offering.year_id)
            .values_list("version", flat=True)
            .first()
        )
        if version != member.version:
            now = members(self.user, self.offering, [key]).get(key)
            if now is None:
                return cannot(ROLE_ENDED)
            member, plan = now, self.planner(now)
            if not plan.does_something:
                return plan
        return self._told(plan, self._write(member, plan))

    def _write(self, member: Member, plan: Plan) -> Saved:
        registration_id = member.registration_id
        if registration_id is None or not member.is_running:
            registration_id = start_registration(
                organization_id=member.organization_id,
                offering=self.offering,
                actor=self.actor,
                received_at=self.received_at,
            ).pk
        return save(
            registration_id=registration_id,
            product=Product(self.offering.product),
            size=plan.size,
            contacts=plan.contacts,
            actor=self.actor,
            received_at=self.received_at,
        )

    def _told(self, plan: Plan, saved: Saved) -> Plan:
        """The plan as it came true: a contact that somebody deleted meanwhile isn't revived."""
        if saved.is_clean:
            return plan
        return (
            replace(plan, lines=(*plan.lines, LEFT_ALONE)) if saved.changed else cannot(LEFT_ALONE)
        )


def edits_of(plan: ContactPlan) -> dict[UUID, ContactEdit]:
    """The plan's new and completed contacts, for `save`."""
    added = {key: _edit(values, is_new=True) for key, values in plan.added.items()}
    return added | {key: _edit(values, is_new=False) for key, values in plan.filled.items()}


def _edit(values: Values, *, is_new: bool) -> ContactEdit:
    fields = {name: FieldEdit(was="", now=value) for name, value in values.items()}
    return ContactEdit(is_new=is_new, fields=fields)
