"""What can be registered in a year, and what is registered."""

from registrations.models.afterwards import ChangeNotice, SamplingResult, WindowMove
from registrations.models.registrations import (
    Contact,
    Enrollment,
    Registration,
    RegistrationNumber,
)
from registrations.models.rosters import FinalRoster, RosterFile, RosterPiece
from registrations.models.sheets import SheetRow, SheetUpload
from registrations.models.years import Offering, PerformanceYear, ResourceLink, WindowExtension

__all__ = [
    "ChangeNotice",
    "Contact",
    "Enrollment",
    "FinalRoster",
    "Offering",
    "PerformanceYear",
    "Registration",
    "RegistrationNumber",
    "ResourceLink",
    "RosterFile",
    "RosterPiece",
    "SamplingResult",
    "SheetRow",
    "SheetUpload",
    "WindowExtension",
    "WindowMove",
]
