"""What the pages' scripts weigh."""

import gzip
from pathlib import Path

from django.conf import settings

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"


def test_saving_by_itself_takes_at_most_6_kb_on_the_way() -> None:
    sent = [gzip.compress(path.read_bytes()) for path in SCRIPTS.glob("autosave*.js")]
    assert len(sent) == 2
    assert sum(map(len, sent)) <= 6 * 1024
