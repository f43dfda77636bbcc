"""What the page with *Register* shows of an organization, item by item (2022 guide, IV.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from organizations.enums import OrganizationSize
from registrations.cases.presentation import heading_of
from registrations.cases.year import YearCase
from registrations.enums import Missing, Origin, Product
from registrations.models import Contact
from registrations.policy.registration import REQUIRED_OF_A_CONTACT, REQUIRED_OF_AN_ORGANIZATION
from registrations.registering.register import missing_of
from registrations.words.differences import CONTACT_LABELS


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of *Organization Information*; complete when nothing of it is `missing`."""

    label: str
    value: str
    missing: list[Missing]
    figures: bool = False


@dataclass(frozen=True, kw_only=True)
class ReviewedContact:
    """A contact; complete when nothing is `missing` (names of fields)."""

    id: UUID
    name: str
    email: str
    phone: str
    missing: list[str]

    @property
    def needs(self) -> str:
        """What is missing, in words."""
        return ", ".join(CONTACT_LABELS[name] for name in self.missing)


@dataclass(frozen=True, kw_only=True)
class Review:
    """`gaps`: what stands between the organization and *Register*, in the page's order."""

    items: list[Item]
    contacts: list[ReviewedContact]
    gaps: list[Missing]

    @property
    def complete_contacts(self) -> int:
        """How many contacts get updates."""
        return sum(not contact.missing for contact in self.contacts)

    @property
    def unfinished(self) -> ReviewedContact | None:
        """The first contact that something is missing of."""
        return next((contact for contact in self.contacts if contact.missing), None)


def review_of(case: YearCase, contacts: Sequence[Contact]) -> Review:
    """The registration of a case that has one, with its contacts in their order."""
    gaps = missing_of(case, contacts)
    return Review(
        items=list(_items(case, gaps)),
        contacts=[
            ReviewedContact(
                id=contact.pk,
                name=str(contact),
                email=contact.email,
                phone=contact.shown_phone,
                missing=[name for name in REQUIRED_OF_A_CONTACT if not getattr(contact, name)],
            )
            for contact in contacts
        ],
        gaps=gaps,
    )


def _items(case: YearCase, gaps: Sequence[Missing]) -> Iterator[Item]:
    registration, heading = case.begun, heading_of(case)
    of_address = [gap for gap in REQUIRED_OF_AN_ORGANIZATION.values() if gap is not Missing.NAME]
    yield Item(
        label="Organization name",
        value=registration.name,
        missing=[gap for gap in gaps if gap is Missing.NAME],
    )
    yield Item(
        label="Address",
        value=address_line(registration.information()),
        missing=[gap for gap in gaps if gap in of_address],
    )
    yield Item(
        label="Size",
        value=registration.get_size_display(),
        missing=[gap for gap in gaps if gap is Missing.SIZE],
    )
    yield Item(label=heading.identifier_label, value=heading.identifier, missing=[], figures=True)


def address_line(values: dict[str, str]) -> str:
    """A mailing address in one line: *123 Better Health Way, Baltimore, MD 21239*."""
    place = " ".join(filter(None, [values["state"], values["zip_code"]]))
    return ", ".join(filter(None, [values["address1"], values["address2"], values["city"], place]))


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """A line of what an automatic registration took over; `directory`: what CMS has on record."""

    label: str
    value: str
    directory: str

    @property
    def is_same(self) -> bool:
        """Whether both agree, so that there is one value to confirm."""
        return self.value == self.directory


def automatic_products(case: YearCase) -> list[Product]:
    """What the organization was registered for automatically."""
    return [
        product
        for product, found in case.registered.items()
        if found.registered.origin == Origin.AUTOMATIC
    ]


def to_confirm(case: YearCase) -> list[TakenOver]:
    """What an automatic registration took over, to be confirmed; nothing once somebody has.

    (2022 guide, V: You were automatically registered and … is no longer accurate.)
    """
    registration = case.registration
    if registration is None or registration.confirmed_at or not automatic_products(case):
        return []
    organization = {name: getattr(case.organization, name) for name in registration.information()}
    sizes = dict(OrganizationSize.choices)
    return [
        TakenOver(
            label="Organization name", value=registration.name, directory=organization["name"]
        ),
        TakenOver(
            label="Address",
            value=address_line(registration.information()),
            directory=address_line(organization),
        ),
        TakenOver(
            label="Size",
            value=registration.get_size_display(),
            directory=sizes.get(case.size_hint, ""),
        ),
    ]
