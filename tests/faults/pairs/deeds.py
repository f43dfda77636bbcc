"""What people and the system do with one registration, each as one call of its service."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import cms, official, staff
from accounts.roles.granting import end_role
from organizations.enums import OrganizationSize
from registrations.automatic.register import register_automatically
from registrations.details.contacts import delete_contact as delete_contact_of_registration
from registrations.details.edits import ContactEdit, FieldEdit, Saved
from registrations.details.save import save as save_registration
from registrations.details.size import change_size
from registrations.details.update import delete_contact_of_year, update_details
from registrations.enums import Completion
from registrations.registering.cancel import cancel_registration
from registrations.registering.delete import delete_registration
from registrations.registering.register import register as register_for_year
from registrations.registering.start import start_registration
from registrations.staff.extensions import extend_window
from registrations.staff.modify import change_size_for
from registrations.years.changes import change_window
from tests.faults.pairs.scenes import DANIEL, DAY, HOUR, MARIA, PHONE, WEB_INTERFACE, Scene, Start

Deed = Callable[[Scene, datetime], Any]
SECOND = timedelta(seconds=1)
EXPLICIT, AUTOMATIC = Completion.EXPLICIT, Completion.AUTOMATIC


def save(scene: Scene, at: datetime) -> Any:
    """Jane empties Daniel's phone, which only goes while another contact is complete."""
    fields = {"phone": FieldEdit(was=PHONE, now="")}
    contacts = {scene.contacts[DANIEL]: ContactEdit(is_new=False, fields=fields)}
    if _is_explicit(scene):
        return update_details(**_year(scene, at), information={}, contacts=contacts)
    return save_registration(**_registration(scene, at), size=None, contacts=contacts)


def register(scene: Scene, at: datetime) -> Any:
    """Jane registers, or starts again what was deleted."""
    if _is_explicit(scene):
        return register_for_year(
            **_year(scene, at),
            product=WEB_INTERFACE,
            expected_version=scene.registration.version,
        )
    return start_registration(
        organization_id=scene.organization.pk,
        offering=scene.offering,
        actor=official(scene.stage.jane),
        received_at=at,
    )


def cancel(scene: Scene, at: datetime) -> Any:
    """Jane cancels the CMS Web Interface."""
    return cancel_registration(**_year(scene, at), product=WEB_INTERFACE)


def size_to_2_24(scene: Scene, at: datetime) -> Any:
    """Jane chooses 2-24, which is too small for the CMS Web Interface of explicit years."""
    was = scene.start.size
    if _is_explicit(scene):
        return change_size(
            **_year(scene, at), was=was, size=OrganizationSize.SMALL, accepts=[WEB_INTERFACE]
        )
    size = FieldEdit(was=was, now=OrganizationSize.SMALL)
    return save_registration(**_registration(scene, at), size=size, contacts={})


def delete_contact(scene: Scene, at: datetime) -> Any:
    """Jane deletes Maria."""
    contact = scene.contacts[MARIA]
    if _is_explicit(scene):
        return delete_contact_of_year(**_year(scene, at), contact_id=contact)
    return delete_contact_of_registration(**_registration(scene, at), contact_id=contact)


def delete(scene: Scene, at: datetime) -> Any:
    """Jane deletes the registration."""
    return delete_registration(**_registration(scene, at))


def register_by_itself(scene: Scene, at: datetime) -> Any:
    """CMS registers who submitted the year before."""
    return register_automatically(
        year=scene.year,
        prior_submitters=[scene.organization.pk],
        actor=cms(),
        received_at=at,
    )


def extend(scene: Scene, at: datetime) -> Any:
    """Pat of CMS gives the organization more time."""
    return extend_window(
        organization_id=scene.organization.pk,
        offering_id=scene.offering.pk,
        until=scene.stage.at + 10 * DAY,
        actor=staff(scene.stage.pat, "She asked for it."),
        received_at=at,
    )


def move_window(scene: Scene, at: datetime) -> Any:
    """Pat closes the window early; later than an extension, where it was closed already."""
    closes_at = scene.stage.at + 20 * DAY if scene.start.closed else scene.stage.at - HOUR
    return change_window(
        year=scene.year,
        product=WEB_INTERFACE,
        opens_at=None,
        closes_at=closes_at,
        actor=staff(scene.stage.pat, "The rule says so."),
        received_at=at,
    )


def end_of_role(scene: Scene, at: datetime) -> Any:
    """Ken ends Jane's role."""
    return end_role(role_id=scene.role.pk, actor=official(scene.stage.ken), received_at=at)


def change_by_staff(scene: Scene, at: datetime) -> Any:
    """Pat changes the size to 100 or greater, of the registration as she saw it at the start."""
    return change_size_for(
        enrollment=scene.enrollment,
        size=OrganizationSize.LARGE,
        accepts=[],
        expected_version=scene.registration.version,
        actor=staff(scene.stage.pat, "They called."),
        received_at=at,
    )


DEEDS: dict[str, Deed] = {
    "save": save,
    "register": register,
    "cancel": cancel,
    "size to 2-24": size_to_2_24,
    "delete contact": delete_contact,
    "delete": delete,
    "automatic": register_by_itself,
    "extension": extend,
    "window move": move_window,
    "role end": end_of_role,
    "staff change": change_by_staff,
}
ONLY_IN = {"cancel": EXPLICIT, "delete": AUTOMATIC}


def start_of(completion: Completion, pair: frozenset[str]) -> Start:
    """How things have to stand so that both deeds of the pair have something to do."""
    automatic = "automatic" in pair
    if completion == EXPLICIT:
        status, size = None if pair & {"register", "automatic"} else "complete", "25-99"
    elif "register" in pair:
        status, size = "cancelled", "25-99"
    else:
        status, size = ("incomplete", "") if automatic else ("complete", "25-99")
    return Start(
        completion=completion,
        status=status,
        size=size,
        closed="extension" in pair,
        cahps_open=automatic,
    )


def told(act: Callable[[], Any]) -> str:
    """What whoever acts is told: what came back, or the exception."""
    try:
        result = act()
    except Exception as error:  # noqa: BLE001 - judged by whoever asked
        return f"{type(error).__name__}: {error}"
    if isinstance(result, Saved):
        # The rows themselves are compared as stored.
        return repr((result.changed, result.completed, result.conflicts, result.kept, result.gone))
    return repr(result)


def _is_explicit(scene: Scene) -> bool:
    return scene.start.completion == EXPLICIT


def _year(scene: Scene, at: datetime) -> dict[str, Any]:
    return {
        "organization_id": scene.organization.pk,
        "year": scene.year,
        "actor": official(scene.stage.jane),
        "received_at": at,
    }


def _registration(scene: Scene, at: datetime) -> dict[str, Any]:
    return {
        "registration_id": scene.registration.pk,
        "product": WEB_INTERFACE,
        "actor": official(scene.stage.jane),
        "received_at": at,
    }
