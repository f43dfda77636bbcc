"""What mails tell Security Officials of what CMS staff did. The reason stays inside CMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qpp_registration.clock import show_day_and_time, show_to_the_second, show_with_weekday
from registrations.words.letters import QUESTIONS, Letter

WHY = "You get this mail because you are a Security Official of the organization."
WRONG = "If this is not what your organization wants, please contact us."


@dataclass(frozen=True, kw_only=True)
class StaffTold:
    """Of which organization a mail tells. Its TIN stays out. `number`: None if there is none."""

    organization: str
    number: int | None
    received_at: datetime
    site: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The organization, and when CMS did it."""
        number = [("Registration ID", str(self.number))] if self.number else []
        when = show_to_the_second(self.received_at)
        return [("Organization", self.organization), *number, ("Done", when)]


def changed_by_staff(told: StaffTold, year: int, changes: Sequence[str]) -> Letter:
    """A registration is not as it was: registered, changed or restored."""
    return Letter(
        subject=f"Changed by CMS staff: the {year} registration of your organization",
        lead=f"CMS staff changed the {year} registration of {told.organization}:",
        facts=told.facts,
        changes=changes,
        advice=[f"Sign in to see it: {told.site}", WRONG],
        small=(QUESTIONS, WHY),
    )


def extended(told: StaffTold, *, what: str, until: datetime) -> Letter:
    """The window is longer for the organization, or its longer one has another end."""
    close = show_with_weekday(until)
    return Letter(
        subject=f"You have until {show_day_and_time(until)}: {what}",
        lead=f"CMS extended the window of {told.organization} for the {what}.",
        facts=[*told.facts, ("New close", close)],
        advice=[
            f"Until then you can register, change and cancel: {told.site}",
            "The window stays as it is for other organizations.",
        ],
        small=(QUESTIONS, WHY),
    )


def extension_ended(told: StaffTold, *, what: str, was: datetime, closes_at: datetime) -> Letter:
    """The organization has the same window as all others again."""
    return Letter(
        subject=f"Your extension ended: {what}",
        lead=(
            f"CMS ended the extension of {told.organization} for the {what}, which ran until "
            f"{show_day_and_time(was)}."
        ),
        facts=[*told.facts, ("Close", show_with_weekday(closes_at))],
        advice=["What is registered stays registered.", WRONG],
        small=(QUESTIONS, WHY),
    )


def corrected(told: StaffTold, *, of_what: str, changes: Sequence[str]) -> Letter:
    """What CMS has on record was corrected; registrations keep their own copy."""
    return Letter(
        subject=f"Corrected by CMS staff: {of_what}",
        lead=f"CMS staff corrected {of_what} of {told.organization}:",
        facts=told.facts,
        changes=changes,
        advice=["What is registered stays as it is.", WRONG],
        small=(QUESTIONS, WHY),
    )


def window_moved(
    *,
    what: str,
    before: Sequence[datetime],
    after: Sequence[datetime],
    organizations: int,
    site: str,
) -> Letter:
    """The window of an offering was moved for everybody. One mail to each person."""
    opens, closes = after
    these = "1 organization" if organizations == 1 else f"{organizations} organizations"
    return Letter(
        subject=f"Another window for the {what}: closes {show_day_and_time(closes)}",
        lead=f"CMS moved the registration window for the {what}.",
        facts=[
            ("Opens", show_with_weekday(opens)),
            ("Closes", show_with_weekday(closes)),
            ("Was", f"{show_day_and_time(before[0])} to {show_day_and_time(before[1])}"),
        ],
        advice=[
            (
                f"It concerns {these} of which you are a Security Official. An extension that CMS "
                "granted to an organization still counts where it is later."
            ),
            f"Sign in to see where each stands: {site}",
        ],
        small=(
            QUESTIONS,
            (
                "You get this mail because an organization of which you are a Security Official "
                "has a registration or an extension there."
            ),
        ),
    )
