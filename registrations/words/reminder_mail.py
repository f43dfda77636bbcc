"""What the mail says that reminds a Security Official of incomplete registrations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qpp_registration.clock import show_day_and_time, show_with_weekday
from registrations.enums import Product
from registrations.policy.registration import REMINDERS

TEXT = """\
{person},

registration for the {survey} closes on {close}. The registration of {of_these}, of which you are \
a Security Official, is incomplete:

{lines}

A registration that is incomplete at the close doesn't count, and nothing can be changed \
afterwards. Sign in to complete it:

{links}

If it was completed or deleted meanwhile, there is nothing to do.

Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and 8 p.m. \
ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov.

This is sent {steps} days before the close, as long as a registration is incomplete.
"""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An organization as the mail names it. Its TIN stays out of mail."""

    name: str
    number: int
    missing: str


def subject_of(*, year: int, product: Product, number: int, closes_at: datetime) -> str:
    """The subject: how many registrations are incomplete, and until when they can be completed."""
    survey = f"{year} {product.label}"
    these = (
        f"1 registration for the {survey} is incomplete: complete it"
        if number == 1
        else f"{number} registrations for the {survey} are incomplete: complete them"
    )
    return f"{these} by {show_day_and_time(closes_at)}"


def body_of(
    *,
    person: str,
    year: int,
    product: Product,
    listed: Sequence[Listed],
    number: int,
    closes_at: datetime,
    links: Sequence[str],
) -> str:
    """The text. `listed` are the first of `number` organizations; `links` lead to their lists."""
    rest = number - len(listed)
    lines = [
        f"- {one.name} (registration ID {one.number}). Missing: {one.missing}" for one in listed
    ]
    if rest:
        lines.append(f"- and {rest} more")
    return TEXT.format(
        person=person,
        survey=f"{year} {product.label}",
        close=show_with_weekday(closes_at),
        of_these="this organization" if number == 1 else f"these {number} organizations",
        lines="\n".join(lines),
        links="\n".join(links),
        steps=f"{', '.join(map(str, REMINDERS[:-1]))} and {REMINDERS[-1]}",
    )
