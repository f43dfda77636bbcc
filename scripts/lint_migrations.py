"""Refuses migrations that would break the release still running while they are applied.

The linter is called from here, because installed as an app it would have to be in production too.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN_APPS = ["organizations", "accounts", "registrations"]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qpp_registration.settings")

    import django
    from django_migration_linter import MigrationLinter

    django.setup()
    # An app's first migration creates tables that no running release uses yet.
    linter = MigrationLinter(
        str(ROOT),
        include_apps=OWN_APPS,
        ignore_initial_migrations=True,
        no_cache=True,
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    sys.exit(1 if linter.has_errors else 0)


if __name__ == "__main__":
    main()
