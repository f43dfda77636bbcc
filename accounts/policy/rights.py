"""What CMS staff may do: rights, and the groups that hold them.

Each group has all rights of the one before it, so that a person is in one group only.
"""

from collections.abc import Collection

from django.db.models import TextChoices


class Right(TextChoices):
    """One thing that staff may do at the staff site. The value is the permission's code name."""

    READ = "read_staff_site", "Look at registrations, organizations, years, people and messages"
    SEE_CONTACTS = (
        "see_contacts",
        "See e-mails, phones and user IDs, and what was written about people",
    )
    LOOK_UP_CALLERS = "look_up_callers", "Look up a caller"
    VIEW_AS = "view_as", "View the site as a person or organization"
    CHANGE_REGISTRATIONS = (
        "change_registrations",
        "Register, modify, cancel and restore for an organization",
    )
    EXTEND_WINDOWS = "extend_windows", "Extend the window for one organization"
    CORRECT_ORGANIZATIONS = "correct_organizations", "Correct an organization"
    DECIDE_ROLES = "decide_roles", "Decide role requests"
    RESET_DEVICES = "reset_devices", "Ask for and decide resets of all devices"
    END_SESSIONS = "end_sessions", "End a person's sessions"
    RESEND_MESSAGES = "resend_messages", "Send messages again"
    MESSAGE_CONTACTS = "message_contacts", "Write to the contacts of a list"
    MANAGE_YEARS = "manage_years", "Create years, move a window for everybody"
    EXPORT = "export_results", "Export lists and rosters"
    READ_AUDIT = "read_audit", "Read the audit"
    DISABLE_PEOPLE = "disable_people", "Disable and enable a person"
    GIVE_RIGHTS = "give_rights", "Give and take staff rights"


class StaffGroup(TextChoices):
    """The groups of CMS staff, from the fewest rights to all."""

    READER = "reader", "Reader"
    SERVICE_CENTER = "service_center", "Service Center"
    PROGRAM_MANAGER = "program_manager", "Program manager"
    ADMINISTRATOR = "administrator", "Administrator"


# What each group may do beyond the group before it.
_MORE = {
    StaffGroup.READER: {Right.READ},
    StaffGroup.SERVICE_CENTER: {
        Right.SEE_CONTACTS,
        Right.LOOK_UP_CALLERS,
        Right.VIEW_AS,
        Right.CHANGE_REGISTRATIONS,
        Right.EXTEND_WINDOWS,
        Right.CORRECT_ORGANIZATIONS,
        Right.DECIDE_ROLES,
        Right.RESET_DEVICES,
        Right.END_SESSIONS,
        Right.RESEND_MESSAGES,
    },
    StaffGroup.PROGRAM_MANAGER: {
        Right.MESSAGE_CONTACTS,
        Right.MANAGE_YEARS,
        Right.EXPORT,
        Right.READ_AUDIT,
    },
    StaffGroup.ADMINISTRATOR: {Right.DISABLE_PEOPLE, Right.GIVE_RIGHTS},
}


def rights_of(group: StaffGroup) -> set[Right]:
    """All that the group may do."""
    groups = list(StaffGroup)
    return {right for one in groups[: groups.index(group) + 1] for right in _MORE[one]}


def why_out_of_reach(*, own: Collection[Right], group: StaffGroup | None) -> str:
    """Why somebody with these rights decides nothing about an account; empty when they may.

    `group`: the one of the account's person, None for people without staff rights. Who resets the
    devices of somebody with more rights could take these over.
    """
    if group is None or rights_of(group) <= set(own):
        return ""
    return (
        f"This person is CMS staff in the group {group.label}. Only somebody with all rights of "
        "that group decides about the account."
    )
