"""Runs all checks and the whole suite: `make test`.

Environment:
    DATABASE_URL   run the suite on this database only
    DATABASES      without DATABASE_URL: sqlite, postgres or both (default)
    REQUIRE_ALL    1: a part that can't run here is a failure instead of a notice
    VAR_DIR        where the embedded database goes; a temporary folder by default

Everything runs even after a failure, so that one run shows all there is to mend.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
WITH_POSTGRES = ROOT / "scripts" / "with_postgres"
POSTGRES_MISSING = 69  # the exit status of with_postgres where there is no PostgreSQL
Command = tuple[str | Path, ...]
CODE = ("qpp_registration", "organizations", "accounts", "registrations", "tests", "scripts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "CODE_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "registration.example.org",
    "SITE_URL": "https://registration.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
}


@dataclass
class Results:
    """What happened, for the summary at the end."""

    failed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def run(
        self, name: str, command: Command, environment: Mapping[str, str] | None = None
    ) -> None:
        print(f"\n--- {name}", flush=True)
        started = time.monotonic()
        finished = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False
        )
        verdict = "ok" if finished.returncode == 0 else "FAILED"
        print(f"--- {name}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)
        if finished.returncode:
            self.failed.append(name)

    def skip(self, part: str, how_to_get_it: str) -> None:
        self.skipped[part] = how_to_get_it

    def report(self, *, require_all: bool) -> int:
        """Prints the summary; the exit status."""
        if self.skipped:
            print("\n" + "!" * 80)
            for part, how_to_get_it in self.skipped.items():
                print(f"!! NOT RUN: {part}\n!!   to run it: {how_to_get_it}")
            print("!" * 80)
        for name in self.failed:
            print(f"FAILED: {name}")
        if self.skipped and require_all:
            print("FAILED: REQUIRE_ALL=1 and not everything ran")
            return 1
        if self.failed:
            return 1
        print("Everything that ran passed." if self.skipped else "Everything passed.")
        return 0


def run_checks(results: Results, production_database: Command) -> None:
    results.run("ruff", (BIN / "ruff", "check", "."))
    results.run("format", (BIN / "ruff", "format", "--check", "."))
    results.run("types", (BIN / "mypy", *CODE))
    results.run("layers", (BIN / "lint-imports",))
    results.run("templates", (BIN / "djlint", "templates", "--lint", "--quiet"))
    results.run("django", (*MANAGE, "check", "--fail-level", "WARNING"))
    results.run("migrations are written", (*MANAGE, "makemigrations", "--check", "--dry-run"))
    results.run(
        "migrations are safe", (*production_database, sys.executable, "scripts/lint_migrations.py")
    )
    results.run(
        "production settings", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION
    )


def browser_environment(results: Results) -> dict[str, str] | None:
    """What the browser tests need, or None (and a notice) where there is no browser."""
    how = "apt-get install chromium libatomic1"
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        results.skip("browser tests (no Chromium here)", how)
        return None
    # Playwright's driver is a Node program that needs a library of its own.
    driver = subprocess.run(
        (BIN / "playwright", "--version"), capture_output=True, text=True, check=False
    )
    if driver.returncode:
        print(driver.stderr, file=sys.stderr)
        results.skip("browser tests (Playwright's driver doesn't start)", how)
        return None
    return {"CHROMIUM": browser, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}


def run_suite(
    results: Results, database: str, browser: Mapping[str, str] | None, prefix: Command = ()
) -> None:
    """The suite on one database: without a browser on all cores, then with one, in turn."""
    pytest: Command = (*prefix, BIN / "pytest", "--quiet")
    results.run(f"tests on {database}", (*pytest, "-m", "not browser", "--numprocesses", "auto"))
    if browser is not None:
        results.run(f"browser tests on {database}", (*pytest, "-m", "browser"), browser)


def run_suites(results: Results, postgres: Command) -> None:
    browser = browser_environment(results)
    if "DATABASE_URL" in os.environ:
        scheme = os.environ["DATABASE_URL"].partition(":")[0]
        run_suite(results, f"DATABASE_URL ({scheme})", browser)
        return
    databases = os.environ.get("DATABASES", "both")
    if databases != "postgres":
        run_suite(results, "SQLite", browser)
    if databases == "sqlite":
        return
    if postgres:
        run_suite(results, "PostgreSQL", browser, postgres)
    else:
        results.skip("tests on PostgreSQL", "apt-get install postgresql")


def postgres_prefix() -> Command:
    """What to put before a command so that it runs on PostgreSQL; nothing where there is none."""
    if "DATABASE_URL" in os.environ:
        return ()
    trial = subprocess.run((WITH_POSTGRES, "true"), check=False)
    return () if trial.returncode == POSTGRES_MISSING else (WITH_POSTGRES,)


def main() -> None:
    if os.environ.get("DATABASES", "both") not in {"sqlite", "postgres", "both"}:
        sys.exit("DATABASES must be sqlite, postgres or both.")
    results = Results()
    with tempfile.TemporaryDirectory(prefix="qpp-test-") as folder:
        os.environ.setdefault("VAR_DIR", folder)
        postgres = postgres_prefix()
        run_checks(results, postgres)
        run_suites(results, postgres)
    sys.exit(results.report(require_all=os.environ.get("REQUIRE_ALL") == "1"))


if __name__ == "__main__":
    main()
