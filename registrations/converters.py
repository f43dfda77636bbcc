"""How years, products and kinds are written in addresses."""

from organizations.enums import OrganizationKind
from registrations.enums import Product


class ProductConverter:
    """`cahps`, `web-interface`."""

    regex = "|".join(product.value.replace("_", "-") for product in Product)

    def to_python(self, text: str) -> Product:
        """The product of an address."""
        return Product(text.replace("-", "_"))

    def to_url(self, product: str) -> str:
        """The product in an address."""
        return product.replace("_", "-")


class YearConverter:
    """A performance year. Four digits: a number of any length would be too large to look up."""

    regex = "[0-9]{4}"

    def to_python(self, text: str) -> int:
        """The year of an address."""
        return int(text)

    def to_url(self, year: int) -> str:
        """The year in an address."""
        return str(year)


class KindConverter:
    """The tabs: `practices`, `virtual-groups`, `apm-entities`."""

    kinds = {kind.tab.lower().replace(" ", "-"): kind for kind in OrganizationKind}
    regex = "|".join(kinds)

    def to_python(self, text: str) -> OrganizationKind:
        """The kind of an address."""
        return self.kinds[text]

    def to_url(self, kind: str) -> str:
        """The kind in an address."""
        return OrganizationKind(kind).tab.lower().replace(" ", "-")
