"""The words of the directory."""

from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    """What can register (2023 guide, I: Definitions). Values stand in files and in the database."""

    GROUP = "group", "Group"
    VIRTUAL_GROUP = "virtual_group", "Virtual Group"
    APM_ENTITY = "apm_entity", "APM Entity"

    @property
    def identifier_label(self) -> str:
        """What the identifier of this kind is called beside its value."""
        return {"group": "TIN", "virtual_group": "Virtual Group ID"}.get(self, "APM Entity ID")

    @property
    def tab(self) -> str:
        """The kind's tab on lists: a group is shown as a practice (2023 guide, III.7)."""
        return {
            "group": "Practices",
            "virtual_group": "Virtual Groups",
            "apm_entity": "APM Entities",
        }[self]

    @property
    def in_tab(self) -> str:
        """One organization of the kind, as its tab calls it."""
        return {"group": "Practice", "virtual_group": "Virtual Group"}.get(self, "APM Entity")


class OrganizationSize(TextChoices):
    """The number of clinicians, in the three bands of the guides (2023 guide, II)."""

    SMALL = "2-24", "2-24"
    MEDIUM = "25-99", "25-99"
    LARGE = "100+", "100 or greater"

    @property
    def lowest(self) -> int:
        """The smallest number of clinicians of the band."""
        return {"2-24": 2, "25-99": 25}.get(self, 100)
