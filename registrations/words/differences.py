"""What differs between two snapshots of a registration (`notices.snapshot`), in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from organizations.enums import OrganizationSize
from qpp_registration.phones import show_phone

LABELS = {
    "size": "Organization Size",
    "name": "Organization name",
    "address1": "Address",
    "address2": "Address, second line",
    "city": "City",
    "state": "State",
    "zip_code": "ZIP code",
}
CONTACT_LABELS = {
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail",
    "phone": "phone",
    "extension": "extension",
}

PARTICIPATION_LABELS = {
    "approved": "CMS-approved virtual group",
    "shared_savings_program": "Shared Savings Program ACO",
    "directory_size": "Organization Size on record",
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that isn't as it was; empty where it wasn't there, or isn't any more.

    `personal`: both values are somebody's own, such as a phone number.
    """

    label: str
    before: str
    after: str
    personal: bool = False


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What of size, organization information and contacts differs, in the order of the pages."""
    found = [
        Difference(label=label, before=_show(name, before[name]), after=_show(name, after[name]))
        for name, label in LABELS.items()
        if before[name] != after[name]
    ]
    return [*found, *_of_contacts(before["contacts"], after["contacts"])]


def _of_contacts(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> Iterator[Difference]:
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            yield Difference(label="Contact", before=_name(was), after=_name(now))
        else:
            for name, label in CONTACT_LABELS.items():
                if was[name] != now[name]:
                    yield Difference(
                        label=f"Contact {_name(was)}, {label}",
                        before=_show(name, was[name]),
                        after=_show(name, now[name]),
                        personal=True,
                    )


def _name(values: Mapping[str, str] | None) -> str:
    return f"{values['first_name']} {values['last_name']}".strip() if values else ""


def _show(name: str, value: str) -> str:
    if name == "size":
        return dict(OrganizationSize.choices).get(value, value)
    return show_phone(value) if name == "phone" else value
