"""Final rosters: what was registered when an offering had closed, kept as it was handed on."""

import uuid

from django.db import models

from registrations.enums import RosterTable
from registrations.models.years import Offering


class FinalRoster(models.Model):
    """What an offering came to after its last close. A change of what it holds makes the next one.

    `counts` has figures by status of all registrations, and by kind, size and origin of those on
    the roster. `added`, `removed` and `changed` count registration IDs against the number before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="final_rosters")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=201)
    schema_version = models.PositiveSmallIntegerField()
    counts = models.JSONField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "number"], name="final_roster_number_once_an_offering"
            )
        ]

    def __str__(self) -> str:
        return f"Final roster {self.number} of {self.offering}"


class RosterFile(models.Model):
    """One file of a final roster, by its SHA-256. `rows` doesn't count the header."""

    roster = models.ForeignKey(FinalRoster, on_delete=models.PROTECT, related_name="files")
    table = models.CharField(max_length=20, choices=RosterTable)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "table"], name="roster_file_once_a_table")
        ]

    def __str__(self) -> str:
        return f"{self.roster}: {self.get_table_display()}"


class RosterPiece(models.Model):
    """A part of a roster's file: the whole is read and written in constant memory."""

    file = models.ForeignKey(RosterFile, on_delete=models.PROTECT, related_name="pieces")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "place"], name="roster_piece_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.file}, piece {self.place}"
