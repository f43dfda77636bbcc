"""People on the staff site: finding them, and ending their sessions."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import staff
from accounts.admin.base import StaffModelAdmin
from accounts.live_sessions import end_sessions_of
from accounts.models import User
from qpp_registration.requests import received_at


@admin.register(User)
class PersonAdmin(StaffModelAdmin):
    """Read here; the only thing that is done is ending sessions.

    Not searched by e-mail: what is searched for stands in the address.
    """

    list_display = ("user_id", "first_name", "last_name", "is_active", "is_staff", "last_login")
    search_fields = ("user_id", "first_name", "last_name")
    ordering = ("user_id",)
    list_per_page = 50
    show_full_result_count = False
    fields = (
        *("user_id", "first_name", "last_name", "email"),
        *("is_active", "is_staff", "created_at", "last_login"),
    )
    actions = ("end_sessions",)

    @admin.action(description="End all sessions of the selected people")
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Sign them out with their browsers' next request; the own session goes on."""
        user = cast(User, request.user)
        number = end_sessions_of(
            users=chosen.exclude(pk=user.pk),
            actor=staff(user),
            received_at=received_at(request),
        )
        messages.success(request, f"{number} session{'' if number == 1 else 's'} ended.")
