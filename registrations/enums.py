"""The words of registering."""

from django.db.models import TextChoices


class Completion(TextChoices):
    """How registrations of a year complete: by pressing Register, or by themselves."""

    EXPLICIT = "explicit", "The official presses Register (as in 2022)"
    AUTOMATIC = "automatic", "By itself when nothing is missing (as in 2023)"


class Product(TextChoices):
    """What an organization can be registered for."""

    WEB_INTERFACE = "web_interface", "CMS Web Interface"
    CAHPS = "cahps", "CAHPS for MIPS Survey"

    @property
    def short(self) -> str:
        """The name as buttons use it: *Register Group for CAHPS* (2023 guide, III.7)."""
        return "CAHPS" if self is Product.CAHPS else "CMS Web Interface"

    @property
    def in_box(self) -> str:
        """The name as *Connected Organizations* uses it (2022 guide, III.5)."""
        return "CAHPS Survey" if self is Product.CAHPS else "CMS Web Interface"


class EnrollmentStatus(TextChoices):
    """Where an organization stands with an offering, once it has started."""

    INCOMPLETE = "incomplete", "Incomplete"
    COMPLETE = "complete", "Complete"
    CANCELLED = "cancelled", "Not registered"


class Origin(TextChoices):
    """Who began the enrollment."""

    OFFICIAL = "official", "Security Official"
    AUTOMATIC = "automatic", "Registered automatically"
    STAFF = "staff", "CMS staff"


class SamplingOutcome(TextChoices):
    """What CMS found when it drew the sample of patients after the close (both guides, I)."""

    ELIGIBLE = "eligible", "Minimum sample met"
    MINIMUM_NOT_MET = "minimum_not_met", "Minimum sample not met"
    NO_ASSIGNED_PATIENTS = "no_assigned_patients", "No assigned patients"


class WindowState(TextChoices):
    """Where a moment lies against the window of an offering."""

    NOT_OPEN = "not_open", "Not open yet"
    OPEN = "open", "Open"
    LAST_DAY = "last_day", "Closes within 24 hours"
    CLOSED = "closed", "Closed"


class ListStatus(TextChoices):
    """What the list of organizations says of each (2023 guide, VI)."""

    NOT_STARTED = "not_started", "Not started"
    INCOMPLETE = "incomplete", "Incomplete"
    COMPLETE = "complete", "Complete"
    AUTOMATIC = "automatic", "Registered automatically"
    NOT_POSSIBLE = "not_possible", "Can't register"


class Missing(TextChoices):
    """What a registration still needs (both guides, II: Prepare to Register)."""

    SIZE = "size", "Organization Size"
    NAME = "name", "Organization Name"
    ADDRESS = "address1", "Address"
    CITY = "city", "City"
    STATE = "state", "State"
    ZIP_CODE = "zip_code", "ZIP code"
    CONTACT = "contact", "one complete contact"


class SheetStatus(TextChoices):
    """Where an uploaded registration sheet stands."""

    CHECKING = "checking", "Not read to its end"
    CHECKED = "checked", "Not applied yet"
    APPLYING = "applying", "Being applied"
    DONE = "done", "Applied"


class RowState(TextChoices):
    """What becomes of a row of a sheet: the first three by checking, the others by applying."""

    PLANNED = "planned", "Will change"
    NOTHING = "nothing", "Nothing to do"
    ERROR = "error", "Errors"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Not applied"


class RosterTable(TextChoices):
    """The files of a roster; values stand in their names."""

    REGISTRATIONS = "registrations", "One row a registration"
    CONTACTS = "contacts", "One row a contact"


class LinkPurpose(TextChoices):
    """The documents that a year can link to; each is left out where the year has no address."""

    FACT_SHEET = "fact_sheet", "CAHPS for MIPS Survey Overview Fact Sheet"
    ACCESS_GUIDE = "access_guide", "Quality Payment Program Access User Guide"
    MVP_REGISTRATION = "mvp_registration", "MVP Registration Form and Fact Sheet"
    MVP_OVERVIEW = "mvp_overview", "MIPS Value Pathways (MVPs)"
    HOW_TO_REGISTER = "how_to_register", "When and how to register"
