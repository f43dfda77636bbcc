"""Taking a file from the staff site, and reading it as programs and spreadsheets do."""

import csv
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from django.test import Client

REGISTRATIONS = "/staff/registrations/enrollment/"
ORGANIZATIONS = "/staff/organizations/organization/"
CAHPS_COMPLETE = "?product=cahps&status__exact=complete"
IN_WORDS = ["Offering: CAHPS for MIPS Survey", "Status: Complete"]
WRONG = "?year=2022%00"
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def ask(client: Client, address: str, **sent: str) -> Any:
    """Press the button of a page that gives a file."""
    return client.post(address, {"file": "registrations", "reason": "Vendor asked"} | sent)


def content_of(answer: Any) -> bytes:
    """The whole file; a page instead of it fails."""
    assert answer.status_code == 200, answer.status_code
    assert answer.streaming, "a page and not a file"
    return b"".join(answer.streaming_content)


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets_of(content: bytes) -> dict[str, list[list[str]]]:
    """The rows of each sheet of a workbook. A cell that isn't text fails."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        for place, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{place}.xml"))
            assert not list(sheet.iter(f"{_NAMESPACE}f")), "a formula"
            found[name] = [[_text(cell) for cell in row] for row in sheet.iter(f"{_NAMESPACE}row")]
    return found


def _text(cell: ElementTree.Element) -> str:
    assert cell.get("t") == "inlineStr"
    return "".join(text.text or "" for text in cell.iter(f"{_NAMESPACE}t"))
