"""What CMS staff fill in about a performance year: windows, a new year, settings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms

from accounts.forms.staff import WhyForm
from accounts.forms.text_fields import LineField, ParagraphsField
from organizations.enums import OrganizationSize
from registrations.enums import Completion, LinkPurpose, Product
from registrations.forms.staff.eastern_time import EasternTimeField
from registrations.years.changes import OfferingRules, YearRules
from registrations.years.settings import SAMPLES, fingerprint, proposed


class WindowForm(WhyForm):
    """Opening and close of an offering, for all organizations."""

    opens_at = EasternTimeField(label="Opens")
    closes_at = EasternTimeField(label="Closes")

    field_order = ("opens_at", "closes_at", "reason")

    def clean(self) -> None:
        """The close comes after the opening."""
        check_order(self, "opens_at", "closes_at")


class CopyYearForm(WhyForm):
    """The number of a new year, and the windows of its offerings. All else is copied."""

    year = forms.IntegerField(
        label="New performance year",
        min_value=2017,
        max_value=2100,
        error_messages={"required": "Enter the year."},
    )

    def __init__(self, *arguments: Any, copied: YearRules, **options: Any) -> None:
        self.copied = copied
        options["initial"] = {"year": copied.year + 1, **_proposals(copied.offerings)}
        super().__init__(*arguments, **options)
        for offering in copied.offerings:
            label = offering.product.label
            opens, closes = _names(offering.product)
            self.fields[opens] = EasternTimeField(label=f"{label} opens")
            self.fields[closes] = EasternTimeField(label=f"{label} closes")
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def clean(self) -> None:
        """Each close comes after its opening."""
        for offering in self.copied.offerings:
            check_order(self, *_names(offering.product))

    @property
    def rules(self) -> YearRules:
        """The new year; the form is valid."""
        return replace(
            self.copied,
            year=self.cleaned_data["year"],
            offerings=[
                replace(
                    offering,
                    opens_at=self._time(_names(offering.product)[0]),
                    closes_at=self._time(_names(offering.product)[1]),
                )
                for offering in self.copied.offerings
            ],
        )

    def _time(self, name: str) -> datetime:
        at: datetime = self.cleaned_data[name]
        return at


class SettingsForm(WhyForm):
    """The settings of a year that aren't its windows. `seen`: which settings the page showed."""

    completion = forms.ChoiceField(
        label="How registrations complete", choices=Completion.choices, widget=forms.RadioSelect
    )
    mails_contacts = forms.BooleanField(
        label="Contacts are told of every registration, change and cancellation", required=False
    )
    reminds_officials = forms.BooleanField(
        label="Security Officials of incomplete registrations are reminded of the close",
        required=False,
    )
    omb_control_number = LineField(
        label="OMB control number", help_text="Like 0938-1222.", max_length=9, required=False
    )
    burden_hours = forms.DecimalField(
        label="Hours per response",
        min_value=0,
        max_digits=4,
        decimal_places=2,
        required=False,
    )
    sampling_notices = LineField(
        label="When organizations below the minimum sample are told",
        help_text="Like fall of 2023.",
        max_length=60,
        required=False,
    )
    notice = ParagraphsField(
        label="Notice",
        help_text="Shown above the list and on the front page.",
        max_length=2000,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, stored: YearRules, is_frozen: bool, **options: Any) -> None:
        self.stored = stored
        options["initial"] = _initial(stored)
        super().__init__(*arguments, **options)
        if is_frozen:
            del self.fields["completion"]
        for size, name in SAMPLES.items():
            self.fields[name] = forms.IntegerField(
                label=f"Minimum sample, {size.label}",
                min_value=0,
                max_value=1_000_000,
                required=False,
            )
        for purpose in LinkPurpose:
            self.fields[_link_name(purpose)] = forms.URLField(
                label=f"Link: {purpose.label}",
                max_length=500,
                assume_scheme="https",
                required=False,
            )
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def clean(self) -> None:
        """Links are secure ones."""
        for purpose in LinkPurpose:
            address = self.cleaned_data.get(_link_name(purpose))
            if address and not address.startswith("https://"):
                self.add_error(_link_name(purpose), "The address must start with https://.")

    @property
    def rules(self) -> YearRules:
        """The year with these settings; the form is valid."""
        values = self.cleaned_data
        return replace(
            self.stored,
            completion=Completion(values.get("completion", self.stored.completion)),
            mails_contacts=values["mails_contacts"],
            reminds_officials=values["reminds_officials"],
            omb_control_number=values["omb_control_number"],
            burden_hours=values["burden_hours"],
            minimum_samples={
                size: values[name] for size, name in SAMPLES.items() if values[name] is not None
            },
            sampling_notices=values["sampling_notices"],
            notice=values["notice"],
            links={
                purpose: values[_link_name(purpose)]
                for purpose in LinkPurpose
                if values[_link_name(purpose)]
            },
        )


def check_order(form: forms.Form, opens: str, closes: str) -> None:
    """Say beside the close that it has to come after the opening."""
    first, last = form.cleaned_data.get(opens), form.cleaned_data.get(closes)
    if first and last and last <= first:
        form.add_error(closes, "The window must close after it opens.")


def _names(product: Product) -> tuple[str, str]:
    return f"{product}_opens", f"{product}_closes"


def _proposals(offerings: Sequence[OfferingRules]) -> dict[str, str]:
    found = {}
    for offering in offerings:
        opens, closes = _names(offering.product)
        found[opens] = proposed(offering.opens_at, years=1)
        found[closes] = proposed(offering.closes_at, years=1)
    return found


def _link_name(purpose: LinkPurpose) -> str:
    return f"link_{purpose}"


def _initial(stored: YearRules) -> dict[str, Any]:
    samples = {SAMPLES[OrganizationSize(size)]: n for size, n in stored.minimum_samples.items()}
    links = {_link_name(purpose): url for purpose, url in stored.links.items()}
    return {
        "completion": stored.completion,
        "mails_contacts": stored.mails_contacts,
        "reminds_officials": stored.reminds_officials,
        "omb_control_number": stored.omb_control_number,
        "burden_hours": stored.burden_hours,
        "sampling_notices": stored.sampling_notices,
        "notice": stored.notice,
        "seen": fingerprint(stored),
        **samples,
        **links,
    }
