"""Rosters on the staff site: taking one away, making a final one, and the final ones with files."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from accounts.actors import Actor
from accounts.admin.base import eastern, how_many
from accounts.admin.deeds import Deed, Fact, Way
from accounts.admin.exports import HOW, export_of, file_answer, taken_away
from accounts.admin.list_deeds import FoundRows, ListDeedAdmin
from accounts.forms.staff import WhyForm
from accounts.policy.rights import Right
from organizations.enums import OrganizationKind, OrganizationSize
from qpp_registration.clock import show_to_the_second
from qpp_registration.requests import received_at
from registrations.enums import EnrollmentStatus, Origin
from registrations.exports.lists import FINAL_ROSTERS
from registrations.exports.tables import CONTACTS, REGISTRATIONS
from registrations.forms.staff.export import KeptFileForm, RegistrationsFileForm
from registrations.models import FinalRoster, Offering
from registrations.rosters.final import make_final_roster, take_file, why_not_final
from registrations.rosters.rows import roster_of

_NAMES: Mapping[str, Mapping[str, str]] = {
    "status": dict(EnrollmentStatus.choices),
    "kind": dict(OrganizationKind.choices),
    "size": {"": "No size", **dict(OrganizationSize.choices)},
    "origin": dict(Origin.choices),
}


def _take_roster(
    request: HttpRequest, offering: Offering, form: RegistrationsFileForm, actor: Actor
) -> StreamingHttpResponse:
    found = FoundRows(rows=roster_of(offering), filters=[("Roster of", str(offering))])
    what = f"roster-{offering.year_id}-{offering.product}"
    return taken_away(what, (REGISTRATIONS, CONTACTS), request, found, form, actor)


def _make_final(request: HttpRequest, offering: Offering, _: WhyForm, actor: Actor) -> FinalRoster:
    return make_final_roster(offering_id=offering.pk, actor=actor, received_at=received_at(request))


def _take_file(
    _: HttpRequest, roster: FinalRoster, form: KeptFileForm, actor: Actor
) -> StreamingHttpResponse:
    return file_answer(take_file(roster=roster, table=form.cleaned_data["file"], actor=actor))


ROSTER = Deed(
    name="roster",
    title="Download the roster",
    press="Download",
    right=Right.EXPORT,
    form=RegistrationsFileForm,
    do=_take_roster,
    done="",
    explained=f"Everybody who is registered at the moment, by registration ID. {HOW}",
)
FINAL_ROSTER = Deed(
    name="final-roster",
    title="Make the final roster",
    press="Make the final roster",
    right=Right.EXPORT,
    form=WhyForm,
    do=_make_final,
    done="{} is made. Making it again gives the same one while nothing on it changes.",
    explained=(
        "Possible from one minute after the last close, extensions of single organizations "
        "included. It gets a number and a fingerprint, and is kept as it is. When staff "
        "changes something on it later, the next one gets the next number."
    ),
)
ROSTER_DEEDS: tuple[Deed, ...] = (ROSTER, FINAL_ROSTER)


def roster_ways(offering: Offering, at: datetime) -> Iterable[Way]:
    """The deeds for the offering's rosters; the final one has its time."""
    yield Way(deed=ROSTER)
    yield Way(deed=FINAL_ROSTER, why=why_not_final(offering, received_at=at))


class OfOffering(admin.SimpleListFilter):
    """The rosters of one offering."""

    title = parameter_name = "offering"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Offerings that have a final roster."""
        found = Offering.objects.filter(final_rosters__number=1).order_by("-year", "product")
        return [(str(offering.pk), str(offering)) for offering in found]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[FinalRoster]
    ) -> QuerySet[FinalRoster]:
        """Those of the chosen one."""
        chosen = {key for key, _name in self.lookup_choices} & {self.value()}
        return queryset.filter(offering__in=chosen) if self.value() else queryset


@admin.register(FinalRoster)
class FinalRosterAdmin(ListDeedAdmin):
    """Rosters as they were handed on, with what changed from one to the next."""

    list_display = (
        *("number", "offering", eastern("made_at", "Made"), "made_by"),
        *(how_many(name, name.capitalize()) for name in ("added", "removed", "changed")),
    )
    list_filter = (OfOffering,)
    list_select_related = ("offering",)
    ordering = ("-made_at", "-number")
    list_deeds = (export_of("final-rosters", FINAL_ROSTERS),)
    deeds = (
        Deed(
            name="download",
            title="Download",
            press="Download",
            right=Right.EXPORT,
            form=KeptFileForm,
            do=_take_file,
            done="",
            explained="The file as it was made, bit for bit. The audit keeps who took it, and why.",
        ),
    )

    def facts(self, request: HttpRequest, row: FinalRoster) -> Iterable[Fact]:
        """What it counts, how it differs from the one before, and its fingerprints."""
        yield "Offering", str(row.offering)
        yield "Number", row.number
        yield "Made", f"{show_to_the_second(row.made_at)} by {row.made_by}"
        for field, label in (
            ("status", "Registrations begun"),
            ("kind", "On the roster, by kind"),
            ("size", "By size"),
            ("origin", "By origin"),
        ):
            yield label, _told(row.counts[field], _NAMES[field])
        if row.number > 1:
            differ = f"{row.added:,} added, {row.removed:,} removed, {row.changed:,} changed"
            yield f"Registration IDs, against number {row.number - 1}", differ
        for file in row.files.order_by("-table"):
            yield file.get_table_display(), f"{file.rows:,} rows, SHA-256 {file.sha256}"
        yield "Schema version", row.schema_version


def _told(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    found = [f"{label}: {counts[value]:,}" for value, label in names.items() if value in counts]
    return "\n".join(found) or "None"
