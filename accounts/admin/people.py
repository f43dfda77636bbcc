"""People on the staff site: what blocks them, viewing as them, disabling, their staff rights."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.actors import Actor
from accounts.admin.base import eastern
from accounts.admin.deeds import Deed, Fact, Section, Way
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.lists import any_of
from accounts.admin.person_sections import account_section, person_sections
from accounts.exports.lists import PEOPLE
from accounts.forms.staff import RightsForm, WhyForm
from accounts.models import User
from accounts.people.disabling import disable_person, enable_person, left_without_official
from accounts.people.signing_out import sign_out_everywhere
from accounts.policy.account import why_not_viewed
from accounts.policy.rights import Right, StaffGroup
from accounts.staff.reach import why_out_of_reach
from accounts.staff.rights import give_rights, has_right, staff_group_of
from accounts.support import view_as
from accounts.support.person_state import state_of_person
from accounts.views.lookup import person
from organizations.models import Organization
from qpp_registration.clock import moment
from qpp_registration.phones import show_phone
from qpp_registration.requests import received_at

NAMED = 20  # organizations


def _end_sessions(request: HttpRequest, user: User, _: WhyForm, actor: Actor) -> None:
    sign_out_everywhere(user=user, actor=actor, received_at=received_at(request))


def _give_rights(request: HttpRequest, user: User, form: RightsForm, actor: Actor) -> None:
    group = form.cleaned_data["group"]
    give_rights(
        user=user,
        group=StaffGroup(group) if group else None,
        actor=actor,
        received_at=received_at(request),
    )


def _disable(request: HttpRequest, user: User, _: WhyForm, actor: Actor) -> None:
    left = disable_person(user=user, actor=actor, received_at=received_at(request))
    if left:
        messages.warning(request, f"Without a Security Official now: {_named(left)}.")


def _enable(request: HttpRequest, user: User, _: WhyForm, actor: Actor) -> None:
    enable_person(user=user, actor=actor, received_at=received_at(request))


def _what_disabling_leaves(user: User) -> list[str]:
    left = list(left_without_official(user)[: NAMED + 1])
    return [f"Nobody could act for these organizations then: {_named(left)}."] if left else []


def _named(organizations: Sequence[Organization]) -> str:
    more = " and others" if len(organizations) > NAMED else ""
    return ", ".join(one.name for one in organizations[:NAMED]) + more


def _view_as(request: HttpRequest, user: User, _: WhyForm, actor: Actor) -> HttpResponse:
    view_as.view_person(request.session, person=user, actor=actor, received_at=received_at(request))
    return redirect("home")


VIEW_AS = Deed(
    name="view-as",
    title="View as this person",
    press="View as this person",
    right=Right.VIEW_AS,
    form=WhyForm,
    do=_view_as,
    done="You view the site as {} sees it.",
    explained=(
        "You see the pages that the person sees, and can change nothing. Every page goes into the "
        "audit. The view ends with Exit view, and by itself after 30 minutes."
    ),
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
DISABLE = Deed(
    name="disable",
    title="Disable the account",
    press="Disable the account",
    right=Right.DISABLE_PEOPLE,
    form=WhyForm,
    do=_disable,
    done="The account of {} is disabled.",
    explained=(
        "The person is signed out everywhere at once, can’t sign in, and is told by e-mail. Roles "
        "stay, and do nothing until the account is enabled again."
    ),
    warns=_what_disabling_leaves,
)
ENABLE = Deed(
    name="enable",
    title="Enable the account",
    press="Enable the account",
    right=Right.DISABLE_PEOPLE,
    form=WhyForm,
    do=_enable,
    done="The account of {} is enabled.",
    explained="The person can sign in again, with the roles from before, and is told by e-mail.",
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
class PersonAdmin(ListDeedAdmin):
    """People and what staff may do about their accounts.

    Not searched by e-mail: what is searched for stands in the address. The beginning of a user ID
    or name is looked for, because an index finds it among however many people.
    """

    list_display = (
        *("user_id", "first_name", "last_name", "account", "of_staff"),
        eastern("last_login", "Last sign-in"),
    )
    list_filter = ("is_active", "is_staff")
    search_fields = ("user_id", "first_name", "last_name")
    search_help_text = "The beginning of the name, or of the user ID if your rights include these."
    ordering = ("user_id",)
    deeds = (VIEW_AS, END_SESSIONS, DISABLE, ENABLE, GIVE_RIGHTS)
    list_deeds = (export_of("people", PEOPLE),)

    @admin.display(description="account")
    def account(self, row: User) -> str:
        """Whether it can be used."""
        return "Active" if row.is_active else "Disabled"

    @admin.display(description="CMS staff")
    def of_staff(self, row: User) -> str:
        """Whether the person is."""
        return "Yes" if row.is_staff else "No"

    def get_list_display(self, request: HttpRequest) -> Any:
        """User IDs, which may be e-mails, for those only who may see contacts."""
        if has_right(request.user, Right.SEE_CONTACTS):
            return self.list_display
        return [column for column in self.list_display if column != "user_id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By last name, first and last name, or user ID if it may be seen, each by its index."""
        text = " ".join(search_term.split())
        if not text:
            return queryset, False
        first, _, last = text.partition(" ")
        last_name = Q(last_name__istartswith=text)
        name = Q(first_name__istartswith=first, last_name__istartswith=last)
        found = [queryset.filter(last_name), queryset.filter(~last_name, name)]
        if has_right(request.user, Right.SEE_CONTACTS):
            found.append(queryset.filter(~last_name, ~name, user_id__istartswith=text))
        return any_of(found, queryset), False

    def facts(self, request: HttpRequest, row: User) -> Iterable[Fact]:
        """Who it is, and how the account stands."""
        yield from facts_of(request, row)

    def sections(self, request: HttpRequest, row: User) -> Iterable[Section]:
        """What blocks the person, roles, requests, devices, mails, and the sign-in history."""
        state = state_of_person(row, received_at=received_at(request))
        yield account_section(state)
        sees = has_right(request.user, Right.SEE_CONTACTS)
        yield from person_sections(row, state, sees=sees)

    def offered(self, request: HttpRequest, row: User) -> Iterable[Deed]:
        """Nobody ends their own sessions, disables themselves or changes their own rights here."""
        if row == person(request):
            return ()
        not_now = {DISABLE} if not row.is_active else {ENABLE}
        if why_not_viewed(is_staff=row.is_staff, is_active=row.is_active):
            not_now.add(VIEW_AS)
        return [deed for deed in self.deeds if deed not in not_now]

    def ways(self, request: HttpRequest, row: User) -> Iterable[Way]:
        """Nothing about staff with rights that the viewer doesn't have."""
        why = why_out_of_reach(person(request), row)
        return [Way(deed=deed, why=why) for deed in self.offered(request, row)]

    def initial(self, request: HttpRequest, row: User) -> dict[str, object]:
        """The group that the person is in."""
        return {"group": staff_group_of(row) or ""}

    def name_of(self, row: User) -> str:
        """The person's name."""
        return row.full_name


def facts_of(request: HttpRequest, user: User) -> Iterable[Fact]:
    """Who somebody is, as much of it as this member of staff may see."""
    yield "Name", user.full_name
    if has_right(request.user, Right.SEE_CONTACTS):
        yield "User ID", user.user_id
        yield "E-mail", user.email
        yield "Phone", show_phone(user.phone) or "Not given"
    yield "Account", "Active" if user.is_active else "Disabled"
    group = staff_group_of(user)
    if user.is_staff:
        yield "CMS staff", group.label if group else "Without rights"
    yield "Made", moment(user.created_at).text
    yield "Last sign-in", moment(user.last_login).text if user.last_login else "Never"
