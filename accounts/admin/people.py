"""People on the staff site: finding them, ending their sessions, and their staff rights."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from accounts.actors import Actor
from accounts.admin.deeds import Deed, DeedAdmin, Fact
from accounts.live_sessions import end_sessions_of
from accounts.models import User
from accounts.rights import Right, StaffGroup
from accounts.staff_forms import RightsForm, WhyForm
from accounts.staff_rights import give_rights, has_right, staff_group_of
from accounts.views.lookup import person
from qpp_registration.clock import moment
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at


def _end_sessions(request: HttpRequest, user: User, _: WhyForm, actor: Actor) -> None:
    end_sessions_of(users=[user], actor=actor, received_at=received_at(request))


def _give_rights(request: HttpRequest, user: User, form: RightsForm, actor: Actor) -> None:
    group = form.cleaned_data["group"]
    give_rights(
        user=user,
        group=StaffGroup(group) if group else None,
        actor=actor,
        received_at=received_at(request),
    )


END_SESSIONS = Deed(
    name="end-sessions",
    title="End all sessions",
    press="End all sessions",
    right=Right.END_SESSIONS,
    form=WhyForm,
    do=_end_sessions,
    done="{} is signed out everywhere.",
    explained="The person is signed out with the next request of each browser.",
)
GIVE_RIGHTS = Deed(
    name="rights",
    title="Change staff rights",
    press="Change staff rights",
    right=Right.GIVE_RIGHTS,
    form=RightsForm,
    do=_give_rights,
    done="The rights of {} are changed.",
    explained="The person is signed out everywhere, and has the new rights after signing in again.",
)


@admin.register(User)
class PersonAdmin(DeedAdmin):
    """People and what staff may do about their accounts.

    Not searched by e-mail: what is searched for stands in the address.
    """

    list_display = ("user_id", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("user_id", "first_name", "last_name")
    ordering = ("user_id",)
    deeds = (END_SESSIONS, GIVE_RIGHTS)

    def facts(self, request: HttpRequest, row: User) -> Iterable[Fact]:
        """Who it is, and how the account stands."""
        yield "User ID", row.user_id
        yield "Name", row.full_name
        if has_right(request.user, Right.SEE_CONTACTS):
            yield "E-mail", row.email
            yield "Phone", show_phone(row.phone) or "Not given"
        yield "Account", "Active" if row.is_active else "Disabled"
        group = staff_group_of(row)
        if row.is_staff:
            yield "CMS staff", group.label if group else "Without rights"
        yield "Made", moment(row.created_at).text
        yield "Last sign-in", moment(row.last_login).text if row.last_login else "Never"

    def offered(self, request: HttpRequest, row: User) -> Iterable[Deed]:
        """Nobody ends their own sessions or changes their own rights here."""
        return () if row == person(request) else self.deeds

    def initial(self, request: HttpRequest, row: User) -> dict[str, object]:
        """The group that the person is in."""
        return {"group": staff_group_of(row) or ""}

    def name_of(self, row: User) -> str:
        """The person's name."""
        return row.full_name
