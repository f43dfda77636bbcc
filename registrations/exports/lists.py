"""The columns of the lists about years, windows, samples, files and rosters."""

from accounts.exports.columns import Column, column, full_name, label_of, times
from accounts.policy.rights import Right
from organizations.policy import show_identifier
from registrations.enums import Completion, SamplingOutcome, SheetStatus
from registrations.words.sheet_columns import size_cell


def _offering(path: str = "") -> tuple[Column, ...]:
    """Year and product, by the names that the files of registrations have for them."""
    return (
        column("performance_year", f"{path}year"),
        column("offering", f"{path}product"),
    )


def _organization(path: str) -> tuple[Column, ...]:
    """What a registration's file says of whose it is, by the same names."""
    return (
        column("organization_kind", f"{path}kind"),
        column("identifier", f"{path}kind", f"{path}identifier", cell=show_identifier),
        column("registration_id", f"{path}registration_number__number"),
        column("name", f"{path}name"),
    )


BEGUN = (
    column("performance_year", "year"),
    *_organization("organization__"),
    column("size", cell=size_cell),
    *times("started", "started_at"),
    *times("changed", "changed_at"),
    column("changed_by"),
)
YEARS = (
    column("performance_year", "year"),
    column("completes", "completion", cell=label_of(Completion)),
    column("mails_contacts"),
    column("reminds_officials"),
    column("omb_control_number"),
    column("burden_hours"),
    *(
        column(name)
        for name in ("minimum_sample_small", "minimum_sample_medium", "minimum_sample_large")
    ),
    column("sampling_notices"),
    column("notice"),
)
OFFERINGS = (
    *_offering(),
    column("minimum_size", cell=size_cell),
    column("registers_shared_savings"),
    *times("opens", "opens_at"),
    *times("closes", "closes_at"),
)
WINDOW_EXTENSIONS = (
    *_offering("offering__"),
    *_organization("organization__"),
    *times("until", "until"),
    column("granted_by"),
    *times("granted", "granted_at"),
    column("reason"),
)
SAMPLING_RESULTS = (
    *_offering("enrollment__offering__"),
    *_organization("enrollment__registration__organization__"),
    column("outcome", cell=label_of(SamplingOutcome)),
    column("loaded_by"),
    *times("loaded", "loaded_at"),
)
DIRECTORY_IMPORTS = (
    column("file_name"),
    column("performance_year"),
    column("loaded_by"),
    *times("loaded", "loaded_at"),
    column("added", "created"),
    column("changed"),
    column("as_before", "unchanged"),
    column("refused"),
)
SHEETS = (
    column("file_name"),
    column("user_id", "user__user_id", right=Right.SEE_CONTACTS),
    column("uploaded_by", "user__first_name", "user__last_name", cell=full_name),
    *_offering("offering__"),
    column("status", cell=label_of(SheetStatus)),
    *times("uploaded", "uploaded_at"),
    *times("confirmed", "confirmed_at"),
    *times("finished", "finished_at"),
    column("rows"),
    column("planned"),
    column("nothing"),
    column("errors"),
)
FINAL_ROSTERS = (
    *_offering("offering__"),
    column("number"),
    column("made_by"),
    *times("made", "made_at"),
    column("schema_version_of_files", "schema_version"),
    column("added"),
    column("removed"),
    column("changed"),
)
