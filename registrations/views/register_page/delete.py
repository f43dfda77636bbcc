"""Deleting a registration or a contact: a page that asks, then the deed (2023 guide, V and VII)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.actors import official
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.cases.presentation import header_of, list_url
from registrations.details.contacts import LAST_CONTACT, delete_contact
from registrations.enums import Product
from registrations.errors import RegistrationError
from registrations.forms.register import prefix_of
from registrations.models import Contact, Enrollment
from registrations.policy.registration import Action, may_delete_contact
from registrations.registering.delete import delete_registration
from registrations.views.lookup import case_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """Ask whether to delete the registration, and delete it."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            delete_registration(
                registration_id=registration_id,
                product=product,
                actor=official(person(request)),
                received_at=received_at(request),
            )
        except Enrollment.DoesNotExist:
            raise Http404 from None
        except RegistrationError as error:
            refused, status = str(error), 403
        else:
            return _back_to_list(request, registration_id, product)
    case = case_or_404(request, registration_id, product)
    why = case.refusal(Action.DELETE, received_at(request))
    context = {
        "case": case,
        "header": header_of(case, complete_contacts=0),
        "refused": refused or (case.explain(why) if why else ""),
        "list_url": list_url(case),
    }
    return render(
        request, "registrations/register_page/delete_registration.html", context, status=status
    )


def _back_to_list(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    case = case_or_404(request, registration_id, product)
    keep = {"registration_id": registration_id, "product": product}
    messages.success(
        request,
        format_html(
            "{} is no longer registered for the {}. Its registration ID {} stays the same if you "
            'register again. <a href="{}">Download receipt of deletion</a>',
            case.organization.name,
            case.product.label,
            case.organization.registration_number.number,
            reverse("summary_pdf", kwargs=keep),
        ),
    )
    return redirect(list_url(case))


@require_http_methods(["GET", "HEAD", "POST"])
def contact(
    request: HttpRequest, registration_id: UUID, product: Product, contact_id: UUID
) -> HttpResponse:
    """Ask whether to delete the contact, and delete it."""
    refused, status = "", 200
    here = reverse("register", kwargs={"registration_id": registration_id, "product": product})
    if request.method == "POST":
        try:
            delete_contact(
                registration_id=registration_id,
                product=product,
                contact_id=contact_id,
                actor=official(person(request)),
                received_at=received_at(request),
            )
        except Enrollment.DoesNotExist:
            raise Http404 from None
        except RegistrationError as error:
            refused, status = str(error), 403
        else:
            messages.success(request, "The contact is deleted.")
            return redirect(here)
    case = case_or_404(request, registration_id, product)
    chosen = get_object_or_404(Contact, registration=registration_id, pk=contact_id)
    why = case.refusal(Action.SAVE, received_at(request))
    if why:
        refused = case.explain(why)
    elif not may_delete_contact(chosen.values(), _others(chosen)):
        refused = LAST_CONTACT
    is_last = refused == LAST_CONTACT
    context = {
        "case": case,
        "contact": chosen,
        "header": header_of(case, complete_contacts=0),
        "refused": refused,
        "edit_url": f"{here}#id_{prefix_of(contact_id)}-first_name" if is_last else "",
        "back_url": here,
        "list_url": list_url(case),
    }
    return render(
        request, "registrations/register_page/delete_contact.html", context, status=status
    )


def _others(chosen: Contact) -> list[dict[str, str]]:
    others = Contact.objects.filter(registration=chosen.registration_id).exclude(pk=chosen.pk)
    return [other.values() for other in others]
