"""What a row of a sheet will do, did, or couldn't do, in the words of the pages."""

from collections.abc import Iterable, Iterator, Mapping

from qpp_registration.phones import show_phone
from registrations.policy.sheet_plan import FIELD_LABELS, ContactChange, Plan
from registrations.words.sheet_columns import size_cell

NO_ROLE = "You no longer have the Security Official role for this organization."
NOT_YOURS = "This is not one of your organizations."
NOTHING_LEFT = "Somebody had made the same changes meanwhile; nothing was left to do."


def sentences(plan: Plan) -> Iterator[str]:
    """What the row will do, one thing a sentence."""
    was, now = (size_cell(size) for size in plan.size or ("", ""))
    if plan.start:
        again = " again, with the contacts of before" if plan.again else ""
        yield f"Registers{again}, size {now}" if now else f"Registers{again}"
    elif now:
        yield f"Changes the size from {was} to {now}" if was else f"Sets the size to {now}"
    for change in plan.contacts:
        yield _contact_sentence(change)
    if plan.completes:
        yield "Then it is Complete"
    elif plan.missing:
        yield f"Then it is still missing {_listed(item.label for item in plan.missing)}"


def outcome_of(plan: Plan, *, number: int | None, changed: bool, completed: bool) -> str:
    """What applying the row did, without anything of what contacts' fields hold.

    `number`: the registration ID, for a row that registered.
    """
    if not changed and not plan.start:
        return NOTHING_LEFT
    parts = []
    if plan.start:
        again = " again" if plan.again else ""
        parts.append(f"Registered{again}, registration ID {number}")
    if plan.size:
        parts.append(f"size {size_cell(plan.size[1])}")
    added = sum(change.is_new for change in plan.contacts)
    for count, what in ((added, "added"), (len(plan.contacts) - added, "changed")):
        if count:
            parts.append(f"{count} contact{'' if count == 1 else 's'} {what}")
    if completed:
        parts.append("now Complete")
    elif plan.missing:
        parts.append(f"still missing {_listed(item.label for item in plan.missing)}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def overtaken(fields: Iterable[str]) -> str:
    """Why a row wasn't applied that somebody else was quicker to change."""
    names = {"size": "Organization Size", **FIELD_LABELS}
    changed = _listed(dict.fromkeys(names[field] for field in fields)) or "a contact"
    return (
        f"Somebody else changed it after the sheet was checked ({changed}). Nothing of this row "
        f"was stored. Look at the registration, then upload the row again if it is still right."
    )


def _contact_sentence(change: ContactChange) -> str:
    if change.is_new:
        values = {name: now for name, (_, now) in change.fields.items()}
        return f"Adds {change.name}, {values['email']}, {_phone(values)}"
    changed = _listed(_field_sentence(name, *pair) for name, pair in change.fields.items())
    return f"Changes {change.name}: {changed}"


def _field_sentence(name: str, was: str, now: str) -> str:
    before, after = (show_phone(value) if name == "phone" else value for value in (was, now))
    label = FIELD_LABELS[name]
    return f"{label} from {before} to {after}" if before else f"{label} {after}"


def _phone(values: Mapping[str, str]) -> str:
    extension = values.get("extension", "")
    phone = show_phone(values.get("phone", ""))
    return f"{phone}, ext. {extension}" if extension else phone


def _listed(items: Iterable[str]) -> str:
    *most, last = [*items] or [""]
    return f"{', '.join(most)} and {last}" if most else last
