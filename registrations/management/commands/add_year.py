"""Adds a performance year."""

from argparse import ArgumentParser
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.actors import operations
from organizations.enums import OrganizationSize
from organizations.policy import parse_size
from qpp_registration.clock import from_eastern_wall_time, show_day_and_time
from qpp_registration.commands import Command as OperationsCommand
from qpp_registration.errors import Refused
from registrations.enums import Completion, LinkPurpose, Product
from registrations.years.changes import OfferingRules, YearRules, add_year


class Command(OperationsCommand):
    """`manage.py add_year YEAR --completion … --offering PRODUCT SIZE OPENS CLOSES …`."""

    help = (
        "Add a performance year, for example: add_year 2024 --completion automatic "
        '--offering cahps 2-24 "2024-04-01 10:00" "2024-07-01 20:00". Times are Eastern wall time.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year's rules; what isn't given stays blank."""
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--completion", required=True, choices=Completion.values)
        parser.add_argument(
            "--offering",
            dest="offerings",
            nargs=4,
            action="append",
            required=True,
            metavar=("PRODUCT", "MINIMUM_SIZE", "OPENS", "CLOSES"),
            help=f"What can be registered ({', '.join(Product.values)}); may be repeated.",
        )
        parser.add_argument(
            "--not-automatic",
            nargs="*",
            default=[],
            choices=Product.values,
            metavar="PRODUCT",
            help="Shared Savings Program ACOs are not registered automatically for these.",
        )
        parser.add_argument("--mails-contacts", action="store_true")
        parser.add_argument(
            "--no-reminders",
            action="store_true",
            help="Officials of incomplete registrations are not reminded of the close.",
        )
        parser.add_argument("--omb-control-number", default="", metavar="0938-1222")
        parser.add_argument("--burden-hours", metavar="0.25")
        parser.add_argument(
            "--minimum-samples",
            nargs=3,
            type=int,
            metavar=tuple(OrganizationSize.values),
            help="Patients that CMS must be able to draw for each size.",
        )
        parser.add_argument("--sampling-notices", default="", metavar='"fall of 2023"')
        parser.add_argument("--notice", default="", help="Shown above the list.")
        parser.add_argument(
            "--link",
            dest="links",
            nargs=2,
            action="append",
            default=[],
            metavar=("PURPOSE", "ADDRESS"),
            help=f"A document ({', '.join(LinkPurpose.values)}); may be repeated.",
        )

    def handle(
        self,
        *_args: Any,
        year: int,
        completion: str,
        offerings: Sequence[Sequence[str]],
        not_automatic: Sequence[str],
        burden_hours: str | None,
        minimum_samples: Sequence[int] | None,
        links: Sequence[Sequence[str]],
        **options: Any,
    ) -> None:
        """Add the year and show its windows."""
        try:
            rules = YearRules(
                year=year,
                completion=Completion(completion),
                offerings=[
                    _offering(*texts, automatic=texts[0] not in not_automatic)
                    for texts in offerings
                ],
                mails_contacts=options["mails_contacts"],
                reminds_officials=not options["no_reminders"],
                omb_control_number=options["omb_control_number"],
                burden_hours=_hours(burden_hours),
                minimum_samples=dict(zip(OrganizationSize, minimum_samples or (), strict=False)),
                sampling_notices=options["sampling_notices"],
                notice=options["notice"],
                links={_purpose(purpose): address for purpose, address in links},
            )
        except ValueError as error:
            raise Refused(str(error)) from None
        add_year(rules, actor=operations())
        self.stdout.write(f"Added the performance year {year}, {completion}:")
        for offering in rules.offerings:
            self.stdout.write(
                f"  {offering.product.label}, {offering.minimum_size.label} and more: opens "
                f"{show_day_and_time(offering.opens_at)}, "
                f"closes {show_day_and_time(offering.closes_at)}"
            )


def _offering(
    product: str, size_text: str, opens: str, closes: str, *, automatic: bool
) -> OfferingRules:
    if product not in Product.values:
        raise ValueError(f'"{product}" is none of {", ".join(Product.values)}.')
    size = parse_size(size_text)
    if size is None:
        raise ValueError("Give the minimum size.")
    return OfferingRules(
        product=Product(product),
        minimum_size=size,
        opens_at=from_eastern_wall_time(opens),
        closes_at=from_eastern_wall_time(closes),
        registers_shared_savings=automatic,
    )


def _purpose(text: str) -> LinkPurpose:
    if text not in LinkPurpose.values:
        raise ValueError(f'"{text}" is none of {", ".join(LinkPurpose.values)}.')
    return LinkPurpose(text)


def _hours(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        raise ValueError(f'"{text}" is no number of hours like 0.25.') from None
