"""Scoped reads of registrations and contacts."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from registrations.models import Contact, Registration

COMPLETE_CONTACT = ~(Q(first_name="") | Q(last_name="") | Q(email="") | Q(phone=""))


class RegistrationQuerySet(QuerySet["Registration"]):
    """Registrations."""

    def visible_to(self, user: "User") -> Self:
        """Those of organizations that the person has a role on."""
        return self.filter(organization__roles__user=user)


class ContactQuerySet(QuerySet["Contact"]):
    """Contacts of registrations."""

    def complete(self) -> Self:
        """Those with first name, last name, e-mail and phone (2023 guide, II)."""
        return self.filter(COMPLETE_CONTACT)
