"""What the scripts of the register page weigh on the way, compressed as production sends them."""

import gzip
import re
from pathlib import Path

from django.conf import settings

from tests.registrations.conftest import RegisterPage

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
IMPORT = re.compile(r'from "\./([a-z-]+)\.js"')


def weight(*names: str) -> int:
    """Bytes of the scripts and of what they import."""
    left, seen = set(names), set[str]()
    while left:
        seen.add(name := left.pop())
        left |= set(IMPORT.findall((SCRIPTS / f"{name}.js").read_text())) - seen
    return sum(len(gzip.compress((SCRIPTS / f"{name}.js").read_bytes())) for name in seen)


def test_saving_by_itself_takes_at_most_6_kb() -> None:
    assert weight("autosave") > weight("autosave-page"), "imports are weighed too"
    assert weight("autosave") <= 6 * 1024


def test_all_scripts_of_the_register_page_take_at_most_8_kb(started: RegisterPage) -> None:
    html = started.client.get(started.url).content.decode()
    names = re.findall(r'src="[^"]*/js/([a-z-]+)\.js"', html)
    assert {"autosave", "countdown", "local-time", "menu", "session-clock"} == set(names)
    assert weight(*names) <= 8 * 1024
