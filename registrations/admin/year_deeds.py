"""What staff may do about performance years and their windows."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.actors import Actor
from accounts.admin.deeds import Deed, Preview
from accounts.policy.rights import Right
from qpp_registration.clock import show_with_weekday
from qpp_registration.errors import Refused
from qpp_registration.requests import received_at
from registrations.enums import Product
from registrations.forms.staff.eastern_time import as_typed
from registrations.forms.staff.years import CopyYearForm, SettingsForm, WindowForm
from registrations.models import Offering, PerformanceYear
from registrations.years.changes import add_year, change_window
from registrations.years.settings import change_settings, is_frozen, rules_of
from registrations.years.window_moves import Affected, affected_by, people_told

Options = Mapping[str, Any]


def _window_options(_: HttpRequest, row: Offering) -> Options:
    return {"initial": {"opens_at": as_typed(row.opens_at), "closes_at": as_typed(row.closes_at)}}


def _move(request: HttpRequest, row: Offering, form: WindowForm, actor: Actor) -> None:
    change_window(
        year=row.year_id,
        product=Product(row.product),
        opens_at=form.cleaned_data["opens_at"],
        closes_at=form.cleaned_data["closes_at"],
        actor=actor,
        received_at=received_at(request),
    )


def _who_is_affected(request: HttpRequest, row: Offering, form: WindowForm) -> Preview | None:
    """Whom the move concerns; nobody when the window stays."""
    opens_at, closes_at = form.cleaned_data["opens_at"], form.cleaned_data["closes_at"]
    if (opens_at, closes_at) == (row.opens_at, row.closes_at):
        return None
    found = affected_by(row, opens_at=opens_at, closes_at=closes_at, at=received_at(request))
    times = (row.opens_at, row.closes_at, opens_at, closes_at)
    return Preview(
        lines=[
            f"The window is from {show_with_weekday(opens_at)} to {show_with_weekday(closes_at)}.",
            *_affected(found),
        ],
        about=" ".join(str(int(at.timestamp())) for at in times),
    )


def _moved(row: Offering) -> str:
    """Whom the move is told to. `row` was read before it; nobody hears of a window that stays."""
    if Offering.objects.filter(pk=row.pk, opens_at=row.opens_at, closes_at=row.closes_at).exists():
        return "The window is this one already. Nobody is told again."
    return (
        f"The window is moved. Security Officials told by e-mail: {people_told(row):,}. They act "
        "for organizations that are registered, have begun, or have an extension."
    )


def _affected(found: Affected) -> Iterator[str]:
    if found.ends:
        yield "It is open now, and will be closed at once."
    if found.opens:
        yield "It is closed now, and will be open at once."
    yield f"Registered: {found.registered:,}. Incomplete: {found.incomplete:,}."
    if found.moot:
        yield f"Extensions that no longer matter, because the window closes later: {found.moot:,}."
    if found.longer:
        yield f"Extensions that go on after the new close: {found.longer:,}."
    yield (
        f"Security Officials told by e-mail: {found.people:,}. They act for organizations that are "
        "registered, have begun, or have an extension. The reason isn’t sent."
    )


def _copy_options(_: HttpRequest, row: PerformanceYear) -> Options:
    return {"copied": rules_of(row)}


def _copy(
    _: HttpRequest, row: PerformanceYear, form: CopyYearForm, actor: Actor
) -> PerformanceYear:
    try:
        return add_year(form.rules, actor=actor, copied_from=row.year)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


def _settings_options(_: HttpRequest, row: PerformanceYear) -> Options:
    return {"stored": rules_of(row), "is_frozen": is_frozen(row.year)}


def _change(_: HttpRequest, _row: PerformanceYear, form: SettingsForm, actor: Actor) -> None:
    try:
        change_settings(form.rules, seen=form.cleaned_data["seen"], actor=actor)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


MOVE_WINDOW = Deed(
    name="window",
    title="Move the window for everybody",
    press="Move the window",
    right=Right.MANAGE_YEARS,
    form=WindowForm,
    options=_window_options,
    preview=_who_is_affected,
    do=_move,
    done=_moved,
    explained="Before anything is done, the next page says whom it concerns.",
)
COPY_YEAR = Deed(
    name="copy",
    title="Create a year like this one",
    press="Create the year",
    right=Right.MANAGE_YEARS,
    form=CopyYearForm,
    options=_copy_options,
    do=_copy,
    done="The performance year {} is created. Look through its settings.",
    explained=(
        "Offerings, minimum sizes, mails, samples, OMB control number, notice and links are "
        "copied; they can be changed on the new year’s page. The windows proposed are one year "
        "later at the same time on Eastern clocks."
    ),
)
CHANGE_SETTINGS = Deed(
    name="settings",
    title="Change the settings",
    press="Change the settings",
    right=Right.MANAGE_YEARS,
    form=SettingsForm,
    options=_settings_options,
    do=_change,
    done="The settings of {} are changed.",
    explained=(
        "They count at once. How registrations complete can be changed until the year has its "
        "first registration. Windows are moved on the pages of the offerings."
    ),
)
YEAR_DEEDS: tuple[Deed, ...] = (COPY_YEAR, CHANGE_SETTINGS)
OFFERING_DEEDS: tuple[Deed, ...] = (MOVE_WINDOW,)
