"""Loading the directory from a file: the whole file is checked before anything is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from organizations import staging
from organizations.directory_rows import COLUMNS, DirectoryRow, parse_row
from organizations.models import DirectoryImport
from qpp_registration.csv_file import LISTED_REFUSALS, CsvFile, Refusals, Row, RowRefusal
from qpp_registration.errors import Refused

YEARS = range(2017, 2101)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a load did, or in a dry run would do. `written` is False when it kept nothing."""

    counts: staging.Counts
    refusals: Refusals
    written: bool


def load_directory(
    file: Path,
    *,
    year: int,
    loaded_by: str,
    loaded_at: datetime,
    dry_run: bool = False,
    skip_refused: bool = False,
    on_read: Callable[[int], object] = lambda _count: None,
) -> Loaded:
    """Create and change organizations, and their participation in the year, as the file says.

    The file is UTF-8 CSV with the columns of `DirectoryRow`. Any refused row means that nothing is
    written, unless `skip_refused`. What officials chose is elsewhere and stays as it is, and so
    does what the file doesn't mention. Leaves a `DirectoryImport` when it writes. `on_read` is
    told of the bytes read, for a progress bar.

    Raises Refused when the file can't be used as a whole.
    """
    if year not in YEARS:
        raise Refused(f"The year is from {YEARS.start} to {YEARS.stop - 1}, not {year}.")
    refusals = Refusals()
    with CsvFile(file, COLUMNS, on_read=on_read) as rows, staging.staging_table():
        staging.fill(_good(rows.rows(), refusals))
        total, first = staging.duplicates(LISTED_REFUSALS)
        refusals.add_found_later(total, first)
        if dry_run or (refusals.rows and not skip_refused):
            return Loaded(counts=staging.counts(year), refusals=refusals, written=False)
        with transaction.atomic():
            counts = staging.write(year, loaded_at=loaded_at)
            DirectoryImport.objects.create(
                file_name=file.name[:255],
                sha256=rows.sha256,
                performance_year=year,
                loaded_by=loaded_by,
                loaded_at=loaded_at,
                **counts._asdict(),
                refused=refusals.rows,
            )
    return Loaded(counts=counts, refusals=refusals, written=True)


def _good(
    rows: Iterable[Row | RowRefusal], refusals: Refusals
) -> Iterator[tuple[int, DirectoryRow]]:
    """The rows that can be loaded; the others go to `refusals`."""
    for row in rows:
        if isinstance(row, RowRefusal):
            refusals.add([row])
            continue
        parsed = parse_row(row)
        if isinstance(parsed, DirectoryRow):
            yield row.line, parsed
        else:
            refusals.add(parsed)
