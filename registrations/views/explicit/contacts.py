"""Contacts of an explicit year: add, edit, delete (2022 guide, IV.5 to IV.7 and V)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.sessions import kept
from registrations.details.contacts import LAST_CONTACT
from registrations.details.edits import Saved
from registrations.details.update import delete_contact_of_year
from registrations.errors import RegistrationError
from registrations.forms.details import ContactPage, SentContact
from registrations.forms.submission import with_theirs
from registrations.models import Contact
from registrations.policy.registration import MAX_CONTACTS, may_delete_contact
from registrations.views.explicit.updating import details_page, kept_typed, refused_page, update
from registrations.views.explicit.year_steps import YearSteps
from registrations.views.lookup import of_organization

CONTACT = "Contact Information"
NEW_CONTACT = "Add New Contact"
FULL = f"A registration has at most {MAX_CONTACTS} contacts. Delete one to add another."


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def add_contact(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Add a contact. The form of the first one begins with the official's own name."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, NEW_CONTACT)
    if refused:
        return refused
    if request.method == "POST":
        return _update_contact(steps, None)
    contacts = steps.case.contacts()
    if len(contacts) >= MAX_CONTACTS:
        return steps.cannot(NEW_CONTACT, FULL)
    typed = kept_typed(steps)
    if typed:
        return details_page(
            steps, "contact", ContactPage.again(SentContact.read(typed)), is_new=True
        )
    offered = {"first_name": steps.user.first_name, "last_name": steps.user.last_name}
    page = ContactPage.new({} if contacts else offered)
    return details_page(steps, "contact", page, is_new=True, is_offered=not contacts)


@kept.kept_over_sign_out
@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def contact(
    request: HttpRequest, organization_id: UUID, year: int, contact_id: UUID
) -> HttpResponse:
    """Edit a contact."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, CONTACT)
    if refused:
        return refused
    stored = Contact.objects.filter(registration=steps.case.begun, pk=contact_id).first()
    if request.method == "POST":
        return _update_contact(steps, stored)
    typed = kept_typed(steps)
    if typed and SentContact.read(typed).shown.values:
        return details_page(
            steps, "contact", ContactPage.again(SentContact.read(typed)), contact=stored
        )
    if stored is None:
        raise Http404
    return details_page(steps, "contact", ContactPage.fresh(stored), contact=stored)


def _update_contact(steps: YearSteps, stored: Contact | None) -> HttpResponse:
    kept.forget(steps.request.session)
    sent = SentContact.read(with_theirs(steps.request.POST))
    more: dict[str, Any] = {"contact": stored, "is_new": sent.shown.is_new}
    if stored is None and not sent.shown.values:
        raise Http404  # no page of ours has shown this contact
    if steps.why_not_changed():
        page = ContactPage.again(sent)
        return details_page(
            steps, "contact", page, blocked=steps.why_not_changed(), status=403, **more
        )
    saved, blocked, status = Saved(), "", 422
    if sent.form.is_valid():
        saved, blocked, status = update(steps, contacts={sent.id: sent.edit()})
        if not blocked and saved.is_clean:
            name = f"{sent.form.cleaned_data['first_name']} {sent.form.cleaned_data['last_name']}"
            messages.success(
                steps.request, f"The contact {name} is {'added' if more['is_new'] else 'updated'}."
            )
            return redirect(steps.done_url)
    now = Contact.objects.filter(registration=steps.case.begun, pk=sent.id).first()
    page = ContactPage.after(now, sent, saved)
    return details_page(steps, "contact", page, blocked=blocked, status=status, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@of_organization
def delete_contact(
    request: HttpRequest, organization_id: UUID, year: int, contact_id: UUID
) -> HttpResponse:
    """Ask whether to delete the contact, and delete it."""
    steps = YearSteps.of(request, organization_id, year)
    refused = refused_page(steps, "Delete Contact", always=True)
    if refused:
        return refused
    reason, status = "", 200
    contacts = {found.pk: found for found in steps.case.contacts()}
    if request.method == "POST":
        try:
            delete_contact_of_year(
                organization_id=organization_id,
                year=year,
                contact_id=contact_id,
                actor=steps.actor,
                received_at=steps.at,
            )
        except RegistrationError as error:
            reason, status = str(error), 403
        else:
            if contact_id in contacts:
                messages.success(request, f"The contact {contacts[contact_id]} is deleted.")
            return redirect(steps.done_url)
    if contact_id not in contacts:
        raise Http404
    chosen = contacts.pop(contact_id)
    if not may_delete_contact(chosen.values(), [other.values() for other in contacts.values()]):
        reason = LAST_CONTACT
    return steps.page("delete_contact", {"contact": chosen, "reason": reason}, status=status)
