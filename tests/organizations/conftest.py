"""A directory file and its load."""

import pytest

from tests.organizations.loading import HEADER, Run


@pytest.fixture
def load(tmp_path):
    """Load a file with these lines below the header, or these bytes."""

    def load(*lines: str, options=(), header=HEADER, content=None, year=2023) -> Run:
        file = tmp_path / "directory.csv"
        file.write_bytes(content or "\n".join([header, *lines, ""]).encode())
        return Run(file, *options, year=year)

    return load
