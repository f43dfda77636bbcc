"""Select Size of an explicit year (2022 guide, IV.1)."""

from typing import Any

from organizations.enums import OrganizationSize
from registrations.enums import Product
from registrations.forms.register import Shown, SizeForm

SECTION = "size"


class SelectSizeForm(SizeForm):
    """The size, which decides what can be registered: choosing none is an error."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["size"]
        field.label, field.required = "Select Size", True
        field.error_messages["required"] = "Choose the size of the organization."

    @property
    def chosen(self) -> OrganizationSize:
        """The size that was chosen; the form is valid."""
        return OrganizationSize(self.cleaned_data["size"])


def size_shown(size: str) -> Shown:
    """The note of the size that a page shows."""
    return Shown(section=SECTION, is_new=False, values={"size": size}, offered={})


def read_products(texts: list[str]) -> list[Product]:
    """The products among the texts that came back from a page."""
    return [product for product in Product if product in texts]
