"""A PDF file as the tests read it: its tags in reading order, its fonts, its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject, PdfObject

# What could act, lead somewhere or carry something along.
DANGEROUS = {
    "/AA", "/Action", "/Annots", "/EmbeddedFile", "/EmbeddedFiles", "/GoToR", "/JS", "/JavaScript",
    "/Launch", "/Link", "/OpenAction", "/RichMedia", "/SubmitForm", "/URI", "/XFA",
}  # fmt: skip


@dataclass
class PdfFile:
    """A file that was downloaded."""

    content: bytes

    def __post_init__(self) -> None:
        self.reader = PdfReader(BytesIO(self.content), strict=False)
        self.root: Any = self.reader.trailer["/Root"]

    @property
    def text(self) -> str:
        """All its text in order, as one line."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def tags(self) -> list[str]:
        """The kinds of its structure elements, in reading order."""
        return [str(one["/S"])[1:] for one in _elements(self.root["/StructTreeRoot"])]

    def elements(self, kind: str) -> list[Any]:
        """The structure elements of a kind, in reading order."""
        return [
            one for one in _elements(self.root["/StructTreeRoot"]) if str(one["/S"]) == f"/{kind}"
        ]

    @staticmethod
    def attribute(element: Any, name: str) -> Any:
        """An attribute of a structure element; None when it has none of that name."""
        found = element.get("/A", [])
        owners = found if isinstance(found, list) else [found]
        return next((one.get_object()[name] for one in owners if name in one.get_object()), None)

    def operations(self) -> Iterator[tuple[Any, bytes]]:
        """What is drawn on the pages, in the order of drawing."""
        for page in self.reader.pages:
            yield from ContentStream(page["/Contents"], self.reader).operations

    @property
    def xmp(self) -> str:
        """What the file says of itself."""
        return self.root["/Metadata"].get_data().decode()

    def objects(self) -> Iterator[PdfObject]:
        """Every object in the file."""
        size: Any = self.reader.trailer["/Size"]
        for number in range(1, int(size)):
            found = self.reader.get_object(IndirectObject(number, 0, self.reader))
            if found is not None:
                yield found

    def names(self) -> set[str]:
        """Every name that the file uses, as a key or as a value."""
        return {name for thing in self.objects() for name in _names(thing)}

    def fonts(self) -> dict[str, bool]:
        """The fonts, and whether each is embedded."""
        return {
            str(thing["/FontName"]): any(key.startswith("/FontFile") for key in thing)
            for thing in self.objects()
            if isinstance(thing, DictionaryObject) and thing.get("/Type") == "/FontDescriptor"
        }


def _elements(element: Any) -> Iterator[DictionaryObject]:
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _elements(child)
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from _elements(element["/K"])


def _names(thing: Any) -> Iterator[str]:
    if isinstance(thing, DictionaryObject):
        yield from thing
        for value in thing.values():
            yield from _names(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _names(value)
    elif isinstance(thing, str) and thing.startswith("/"):
        yield thing
