"""Runs the tests of faults at full size: `make faults`. The suite runs them with small counts.

Arguments: the parts to run, as in `test_PART.py`; all of them without one.

Environment:
    DATABASES      sqlite, postgres or both (default)

Everything talks to 127.0.0.1 only, on databases of its own in a temporary folder, and ends with the
run. A table of the figures comes last; the exit status is 1 when anything failed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from test import BIN, ROOT, WITH_POSTGRES, Results, browser_environment

# What needs a browser stands with the other tests of one, for their fixtures.
TESTS = (ROOT / "tests" / "faults", ROOT / "tests" / "browser" / "faults")
Prefix = tuple[Path, ...]


def files(parts: list[str]) -> list[Path]:
    """The tests of the parts. Exits with a list of what there is where one doesn't exist."""
    found = sorted(file for folder in TESTS for file in folder.rglob("test_*.py"))
    there = {file.stem.removeprefix("test_"): file for file in found}
    if unknown := set(parts) - set(there):
        sys.exit(f"No part {', '.join(sorted(unknown))}. There are: {', '.join(there)}.")
    return [there[part] for part in parts] or list(there.values())


def run(database: str, prefix: Prefix, chosen: list[Path], figures: Path) -> bool:
    """Runs them on one database, saying each one's figures as it ends. Whether all passed."""
    print(f"--- {database}", flush=True)
    began = time.monotonic()
    where = figures.with_name(database)
    where.mkdir()
    environment = {"FAULTS": "full", "FAULTS_FIGURES": str(figures), "VAR_DIR": str(where)}
    pytest = (BIN / "pytest", "-n0", "--verbose", "--tb=short")
    command: tuple[str | Path, ...] = (*prefix, *pytest, *chosen)
    with (
        figures.open() as lines,
        subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as running,
    ):
        lines.seek(0, os.SEEK_END)
        while running.poll() is None:
            time.sleep(1)
            for line in lines:
                print(f"\n    {said(line)}", flush=True)
    print(f"--- {database}: {time.monotonic() - began:.0f} s", flush=True)
    return running.returncode == 0


def said(line: str) -> str:
    """One line of figures as people read it."""
    figures = json.loads(line)
    database, part = figures.pop("database"), figures.pop("part")
    counts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
    return f"{database:<11} {part:<40} {counts}"


def main() -> None:
    wanted = os.environ.get("DATABASES", "both")
    if wanted not in {"sqlite", "postgres", "both"}:
        sys.exit("DATABASES must be sqlite, postgres or both.")
    chosen = files(sys.argv[1:])
    databases: dict[str, Prefix] = {"SQLite": (), "PostgreSQL": (WITH_POSTGRES,)}
    if wanted != "both":
        databases.pop("PostgreSQL" if wanted == "sqlite" else "SQLite")
    os.environ.update(browser_environment(Results()) or {})
    with tempfile.TemporaryDirectory(prefix="qpp-faults-") as name:
        figures = Path(name) / "figures"
        figures.touch()
        passed = [run(database, prefix, chosen, figures) for database, prefix in databases.items()]
        print("", *map(said, figures.read_text().splitlines()), sep="\n")
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
