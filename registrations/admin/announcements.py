"""Writing to the contacts of the registrations on a list of the staff site."""

from django.http import HttpRequest

from accounts.actors import Actor
from accounts.admin.list_deeds import FoundRows, ListDeed, Review
from accounts.policy.rights import Right
from qpp_registration.requests import received_at
from registrations.forms.staff.export import AnnouncementForm
from registrations.mails.announcements import Announcement, Written, reach_of, write_to_contacts


def _announcement(form: AnnouncementForm) -> Announcement:
    return Announcement(
        drawn=form.cleaned_data["announcement"],
        subject=form.cleaned_data["subject"],
        text=form.cleaned_data["text"],
    )


def _review(request: HttpRequest, found: FoundRows, form: AnnouncementForm) -> Review | None:
    announcement = _announcement(form)
    reach = reach_of(found.rows, announcement, received_at=received_at(request))
    shown = f"{announcement.id}:{reach.mails}"
    if not reach.example or form.cleaned_data["reviewed"] == shown:
        return None
    mails = f"{reach.mails:,} mail{'' if reach.mails == 1 else 's'}, one to each address"
    to = f"{reach.organizations:,} organization{'' if reach.organizations == 1 else 's'}"
    unreached = [("Get no mail", said)] if (said := _unreached(reach.unreached)) else []
    return Review(
        facts=[
            ("Will be queued", f"{mails}, to contacts of {to}"),
            *unreached,
            ("Reason", form.cleaned_data["reason"]),
            ("Example: to", reach.example.to),
            ("Example: subject", reach.example.subject),
            ("Example: text", reach.example.body),
        ],
        confirmed={"reviewed": shown},
    )


def _write(request: HttpRequest, found: FoundRows, form: AnnouncementForm, actor: Actor) -> Written:
    return write_to_contacts(
        found=found.rows,
        announcement=_announcement(form),
        filters=found.in_words,
        actor=actor,
        received_at=received_at(request),
    )


def _written(written: Written) -> str:
    queued = written.queued
    mails = "1 mail is" if queued == 1 else f"{queued:,} mails are"
    said = (
        f"{mails} queued. Pressing again would queue none twice."
        if queued
        else "All of these mails were queued before. None is queued twice."
    )
    return f"{said} {_unreached(written.unreached)}".rstrip()


def _unreached(number: int) -> str:
    """What becomes of registrations that nobody can be written to about; empty without such."""
    if not number:
        return ""
    of = (
        "1 registration on the list has"
        if number == 1
        else f"{number:,} registrations on the list have"
    )
    about = "it" if number == 1 else "them"
    return f"{of} no complete contact, so nobody gets mail about {about}."


WRITE_TO_CONTACTS = ListDeed(
    name="write",
    title="Write to the contacts",
    press="Write to the contacts",
    right=Right.MESSAGE_CONTACTS,
    form=AnnouncementForm,
    do=_write,
    done=_written,
    explained=(
        "An e-mail goes to every complete contact of the registrations on the list, once to each "
        "address. You see how many, and one of them, before anything is queued."
    ),
    review=_review,
)
