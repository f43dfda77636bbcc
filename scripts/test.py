"""Runs all checks and the whole suite: `make test`.

Environment:
    DATABASE_URL   run the suite on this database only
    DATABASES      without DATABASE_URL: sqlite, postgres or both (default)
    REQUIRE_ALL    1: a part that can't run here is a failure instead of a notice
    VAR_DIR        where the embedded database goes; a temporary folder by default, in memory
                   where the system has room there
    SCREENSHOTS    a folder for pictures of the pages that the browser inspects; none by default

Everything runs even after a failure, so that one run shows all there is to mend.

Three lanes run at the same time: the walks in a browser, which mostly wait, in a lane for each
database; and beside them the checks and then the suite without a browser, on all cores, on one
database after the other. Each part has a database of its own.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
WITH_POSTGRES = ROOT / "scripts" / "with_postgres"
POSTGRES_MISSING = 69  # the exit status of with_postgres where there is no PostgreSQL
Command = tuple[str | Path, ...]
CODE = ("qpp_registration", "organizations", "accounts", "registrations", "tests", "scripts")
ROOM = 256 * 1024 * 1024  # bytes; all test databases together take a tenth
BROWSER_TESTS = "tests/browser"
# The first one has no windows to draw: the same engine for a third less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "CODE_KEY": secrets.token_urlsafe(64),
    "AUDIT_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "registration.example.org",
    "SITE_URL": "https://registration.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
}


@dataclass
class Results:
    """What happened, for the summary at the end."""

    failed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False

    def run(
        self, name: str, command: Command, environment: Mapping[str, str] | None = None
    ) -> None:
        """Runs a part. What it says is printed in one piece at its end, as others run beside it."""
        if self.interrupted:
            return
        print(f"... {name}", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            program = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read().decode(errors="replace").rstrip()
        verdict = "FAILED" if program.returncode else "ok"
        seconds = time.monotonic() - started
        processor = used.ru_utime + used.ru_stime
        self.times[name] = f"{seconds:.1f} s, {processor:.1f} s of processor"
        said = f"\n--- {name}\n{text}\n" if text else "\n"
        print(f"{said}--- {name}: {verdict}, {self.times[name]}", flush=True)
        if program.returncode:
            self.failed.append(name)

    def skip(self, part: str, how_to_get_it: str) -> None:
        self.skipped[part] = how_to_get_it

    def report(self, *, require_all: bool) -> int:
        """Prints the summary; the exit status."""
        print()
        for name, spent in self.times.items():
            print(f"{name}: {spent}")
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
    results.run("migrations are written", (*MANAGE, "makemigrations", "--check", "--dry-run"))
    results.run(
        "migrations are safe", (*production_database, sys.executable, "scripts/lint_migrations.py")
    )
    results.run(
        "production settings", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION
    )


def browser_environment(results: Results) -> dict[str, str] | None:
    """What the browser tests need, or None (and a notice) where there is no browser."""
    how = "apt-get install chromium-headless-shell libatomic1"
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


def databases(results: Results, postgres: Command) -> dict[str, Command]:
    """What the suite runs on, each with what to put before its command."""
    if "DATABASE_URL" in os.environ:
        scheme = os.environ["DATABASE_URL"].partition(":")[0]
        return {f"DATABASE_URL ({scheme})": ()}
    wanted = os.environ.get("DATABASES", "both")
    chosen: dict[str, Command] = {} if wanted == "postgres" else {"SQLite": ()}
    if wanted != "sqlite":
        if postgres:
            chosen["PostgreSQL"] = postgres
        else:
            results.skip("tests on PostgreSQL", "apt-get install postgresql")
    return chosen


def run_beside_the_browser(results: Results, postgres: Command, chosen: dict[str, Command]) -> None:
    """The checks, then the suite without a browser, on all cores, on one database after another."""
    run_checks(results, postgres)
    pytest = (BIN / "pytest", "--quiet", f"--ignore={BROWSER_TESTS}", "--numprocesses", "auto")
    for database, prefix in chosen.items():
        # The walks come first where both want a core: a person's patience is part of them.
        results.run(f"tests on {database}", ("nice", *prefix, *pytest, "--dist", "worksteal"))


def run_browser(
    results: Results, browser: Mapping[str, str], database: str, prefix: Command
) -> None:
    """The walks in a browser on one database, one after the other."""
    command = (*prefix, BIN / "pytest", "--quiet", BROWSER_TESTS)
    results.run(f"browser tests on {database}", command, browser)


def run_all(results: Results) -> None:
    """Everything, in lanes at once: a browser for each database, and what needs none."""
    postgres = postgres_prefix()
    browser = browser_environment(results)
    chosen = databases(results, postgres)
    look_for_what_faults_need(results)
    # Before the lanes begin: it makes the secrets in VAR_DIR, which all of them read.
    results.run("django", (*MANAGE, "check", "--fail-level", "WARNING"))
    with ThreadPoolExecutor() as lanes:
        running = [lanes.submit(run_beside_the_browser, results, postgres, chosen)]
        if browser is not None:
            # Both databases give the same HTML, so only the first one has its pages inspected.
            for number, (database, prefix) in enumerate(chosen.items()):
                inspects = {"INSPECT": "0" if number else "1"}
                walks = {**browser, **inspects}
                running.append(lanes.submit(run_browser, results, walks, database, prefix))
        try:
            for lane in running:
                lane.result()
        except KeyboardInterrupt:
            # The programs got the signal as well; nothing new is begun.
            results.interrupted = True
            raise


def postgres_prefix() -> Command:
    """What to put before a command so that it runs on PostgreSQL; nothing where there is none."""
    if "DATABASE_URL" in os.environ:
        return ()
    trial = subprocess.run((WITH_POSTGRES, "true"), check=False)
    return () if trial.returncode == POSTGRES_MISSING else (WITH_POSTGRES,)


def look_for_what_faults_need(results: Results) -> None:
    """Notices where the tests of `tests/faults` will skip something."""
    if not shutil.which("strace"):
        results.skip("that answers wait for the disk (no strace here)", "apt-get install strace")
    if os.geteuid():
        results.skip("a full disk (only root may mount a small one)", "run make test as root")


def in_memory() -> str | None:
    """Where Linux keeps files in memory, so that no test waits for a disk; None without room."""
    folder = "/dev/shm"  # noqa: S108 (a folder of our own is made in it)
    if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM:
        return folder
    return None


def main() -> None:
    if os.environ.get("DATABASES", "both") not in {"sqlite", "postgres", "both"}:
        sys.exit("DATABASES must be sqlite, postgres or both.")
    # Each program that runs tests would translate all of them anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    results = Results()
    with tempfile.TemporaryDirectory(prefix="qpp-test-", dir=in_memory()) as folder:
        os.environ.setdefault("VAR_DIR", folder)
        run_all(results)
    sys.exit(results.report(require_all=os.environ.get("REQUIRE_ALL") == "1"))


if __name__ == "__main__":
    main()
