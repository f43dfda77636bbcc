"""Measures on each database in turn: `make bench`, or `make bench DATABASES=sqlite`.

`make bench PART=staff` measures the staff's pages instead, on PostgreSQL.

Environment:
    DATABASE_URL   measure on this database only; it has to be new and empty
    DATABASES      without DATABASE_URL: sqlite, postgres or both (default)
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WITH_POSTGRES = ROOT / "scripts" / "with_postgres"
RUN = (sys.executable, "-m", "bench.run", *sys.argv[1:])


def main() -> None:
    """The exit status is 0 when everything was measured, whatever the figures are."""
    # A million organizations for the staff's pages are made on PostgreSQL only.
    default = "postgres" if "staff" in sys.argv else "both"
    databases = os.environ.get("DATABASES", default)
    if databases not in {"sqlite", "postgres", "both"}:
        sys.exit("DATABASES must be sqlite, postgres or both.")
    commands: list[tuple[str | Path, ...]] = []
    if "DATABASE_URL" in os.environ or databases != "postgres":
        commands.append(RUN)
    if "DATABASE_URL" not in os.environ and databases != "sqlite":
        commands.append((WITH_POSTGRES, *RUN))
    statuses = []
    for command in commands:
        with tempfile.TemporaryDirectory(prefix="qpp-bench-") as folder:
            environment = {**os.environ, "VAR_DIR": folder}
            statuses.append(subprocess.run(command, cwd=ROOT, env=environment, check=False))
        print(flush=True)
    sys.exit(max(finished.returncode for finished in statuses))


if __name__ == "__main__":
    main()
