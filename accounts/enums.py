"""The words of people, roles, messages and audit."""

from django.db.models import TextChoices


class RoleName(TextChoices):
    """What a person may do for an organization (2023 guide, II: Obtain Access)."""

    SECURITY_OFFICIAL = "security_official", "Security Official"
    STAFF_USER = "staff_user", "Staff User"


class RoleRequestStatus(TextChoices):
    """Where the request of a role stands."""

    PENDING = "pending", "Pending"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class ActorKind(TextChoices):
    """In which capacity somebody acts: it decides what is allowed, above all after the close.

    `OFFICIAL` is whoever acts at the site for themselves or their organization. CMS staff do so,
    too, when they sign in: as `STAFF` they act at the staff site, about others.
    """

    OFFICIAL = "official", "Person"
    STAFF = "staff", "CMS staff"
    SYSTEM = "system", "System"


class Channel(TextChoices):
    """The ways to reach a person."""

    EMAIL = "email", "E-mail"
    TEXT = "text", "Text message"
    VOICE = "voice", "Voice call"


class DeviceKind(TextChoices):
    """What a person can be verified with, beside the password."""

    TEXT = "text", "Text message"
    VOICE = "voice", "Voice call"
    APP = "app", "Authenticator app"
    PASSKEY = "passkey", "Passkey or security key"
    RECOVERY = "recovery", "Recovery code"


class ResetStatus(TextChoices):
    """How far the reset is of the devices of somebody who lost all of them."""

    REQUESTED = "requested", "Requested by the person"
    ASKED = "asked", "Waiting for a second member of staff"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    WITHDRAWN = "withdrawn", "Withdrawn by the person"
    EXPIRED = "expired", "Expired"


class MessageStatus(TextChoices):
    """Where a message stands in the outbox."""

    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    BOUNCED = "bounced", "Bounced"


class Outcome(TextChoices):
    """How what somebody tried came out."""

    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"


class LinkPurpose(TextChoices):
    """What a mailed link is for."""

    PASSWORD = "password", "Set a password"
    REGISTER = "register", "Register"
    EMAIL = "email", "Confirm a new e-mail"


class SessionEnd(TextChoices):
    """Why a signed-in session ended, other than by *Sign out*."""

    IDLE = "idle", "Nothing was done for too long"
    TOO_OLD = "too_old", "Signed in too long ago"
    UNVERIFIED = "unverified", "Its device was removed"
    PASSWORD = "password", "The password was changed"
    OTHER_BROWSER = "other_browser", "Ended by the person from another browser"
    OPERATIONS = "operations", "Ended by operations"
    CLOSED = "closed", "The account was disabled"


class AuditAction(TextChoices):
    """Every kind of event that the audit knows. The last word of a value says how it came out."""

    ACCESS_REFUSED = "access.refused", "Access refused"
    EXPIRED_PURGED = "expired.purged", "Expired codes, sessions and texts removed"

    SIGN_IN_REFUSED = "sign_in.refused", "Sign-in refused"
    SIGN_IN_LOCKED = "sign_in.locked", "Sign-in locked after too many failures"
    STATEMENT_ACCEPTED = "statement.accepted", "Statement of Truth accepted"
    CODE_SENT = "code.sent", "One-time code sent"
    CODE_NOT_SENT = "code.not_sent", "One-time code could not be sent"
    CODE_REFUSED = "code.refused", "One-time code refused"
    CODES_LOCKED = "code.locked", "One-time codes locked after too many wrong ones"
    SIGNED_IN = "sign_in.done", "Signed in"
    SIGNED_OUT = "sign_out.done", "Signed out"
    IDENTITY_PROVED = "identity.proved", "Identity confirmed again"
    SIGNED_IN_ELSEWHERE_TOO = "sign_in.concurrent", "Signed in while signed in elsewhere"
    SESSION_ENDED = "session.ended", "Session ended"
    DEVICE_ADDED = "device.added", "Verification device added"
    DEVICE_RENAMED = "device.renamed", "Verification device renamed"
    DEVICE_REMOVED = "device.removed", "Verification device removed"
    DEVICE_DISABLED = "device.disabled", "Verification device disabled after too many wrong codes"
    RECOVERY_CODES_MADE = "recovery_codes.made", "Recovery codes made"
    RECOVERY_CODE_USED = "recovery_codes.used", "Recovery code used"
    DEVICE_RESET_REQUESTED = "device_reset.requested", "Reset of all devices requested"
    DEVICE_RESET_ASKED = "device_reset.asked", "Reset of all devices asked for by staff"
    DEVICE_RESET_APPROVED = "device_reset.approved", "Reset of all devices approved"
    DEVICE_RESET_DENIED = "device_reset.denied", "Reset of all devices denied"
    DEVICE_RESET_WITHDRAWN = "device_reset.withdrawn", "Reset of all devices withdrawn"
    USER_CREATED = "user.created", "Account created"
    REGISTER_ASKED = "account.asked", "Account asked for"
    RECOVERY_ASKED = "recovery.asked", "User ID or new password asked for"
    PASSWORD_SET = "password.set", "Password set"
    PASSWORD_CHANGED = "password.changed", "Password changed"
    PROFILE_CHANGED = "profile.changed", "Profile changed"
    EMAIL_ASKED = "email.asked", "Change of e-mail asked for"
    EMAIL_CHANGED = "email.changed", "E-mail changed"
    IDLE_WARNED = "idle.warned", "Warned of a paused account"
    RIGHTS_SYNCED = "rights.synced", "Groups of staff rights made as the code says"
    RIGHTS_GIVEN = "rights.given", "Staff rights changed"
    USER_DISABLED = "user.disabled", "Account disabled"
    USER_ENABLED = "user.enabled", "Account enabled"
    USER_SIGNED_OUT = "user.signed_out", "All sessions of a person ended"
    CALLER_LOOKED_UP = "caller.looked_up", "Caller looked up"
    VIEW_BEGUN = "view.begun", "View as somebody else begun"
    PAGE_VIEWED = "page.viewed", "Page viewed as somebody else"
    VIEW_REFUSED = "view.refused", "Refused in a view as somebody else"
    VIEW_ENDED = "view.ended", "View as somebody else ended"
    MESSAGE_RESENT = "message.resent", "Message sent again"
    ROLE_GRANTED = "role.granted", "Role granted"
    ROLE_ENDED = "role.ended", "Role ended"
    ROLE_REQUESTED = "role_request.asked", "Role requested"
    ROLE_REQUEST_MATCHED = "role_request.matched", "Organization of a role request found"
    ROLE_REQUEST_APPROVED = "role_request.approved", "Role request approved"
    ROLE_REQUEST_DENIED = "role_request.denied", "Role request denied"
    ROLE_REQUEST_WITHDRAWN = "role_request.withdrawn", "Role request withdrawn"
    ROLE_REQUEST_EXPIRED = "role_request.expired", "Role request expired"
    OFFICIALS_ASKED = "officials.asked", "Question to the Security Officials"
    YEAR_ADDED = "year.added", "Performance year added"
    YEAR_CHANGED = "year.changed", "Settings of a performance year changed"
    WINDOW_CHANGED = "window.changed", "Registration window changed"
    EXTENSION_GRANTED = "extension.granted", "Window extended for one organization"
    EXTENSION_CHANGED = "extension.changed", "Extension of a window changed"
    EXTENSION_ENDED = "extension.ended", "Extension of a window ended"
    ORGANIZATION_CORRECTED = "organization.corrected", "Name or address on record corrected"
    PARTICIPATION_CORRECTED = "participation.corrected", "Participation in a year corrected"
    REMINDERS_QUEUED = "reminders.queued", "Reminders of the close queued"
    REGISTRATION_STARTED = "registration.started", "Registration started"
    REGISTRATION_SAVED = "registration.saved", "Registration changed"
    REGISTRATION_COMPLETED = "registration.completed", "Registration completed"
    REGISTRATION_REGISTERED = "registration.registered", "Registered"
    REGISTRATION_CANCELLED = "registration.cancelled", "Registration cancelled"
    REGISTRATION_CONFIRMED = "registration.confirmed", "Details confirmed"
    REGISTRATION_DELETED = "registration.deleted", "Registration deleted"
    REGISTRATION_RESTORED = "registration.restored", "Registration restored"
    CONTACT_ADDED = "contact.added", "Contact added"
    AUTOMATICALLY_REGISTERED = "registration.automatic", "Registered automatically"
    SAMPLING_RESULT_LOADED = "sampling.loaded", "Sampling result loaded"
    CONTACTS_COPIED = "contacts.copied", "Contacts of an earlier year used"
    CONTACT_SAVED = "contact.saved", "Contact changed"
    CONTACT_DELETED = "contact.deleted", "Contact deleted"
    LIST_EXPORTED = "list.exported", "List or roster exported"
    ROSTER_MADE = "roster.made", "Final roster made"
    CONTACTS_WRITTEN_TO = "contacts.written_to", "Contacts of a list written to"
    LIST_DOWNLOADED = "list.downloaded", "List of organizations downloaded"
    SHEET_UPLOADED = "sheet.uploaded", "Registration sheet uploaded"
    SHEET_CONFIRMED = "sheet.confirmed", "Registration sheet confirmed"

    @property
    def outcome(self) -> Outcome:
        """How it came out: each action has one outcome."""
        return _OUTCOMES.get(self.value.rpartition(".")[2], Outcome.DONE)


_OUTCOMES = {
    "refused": Outcome.REFUSED,
    "locked": Outcome.REFUSED,
    "not_sent": Outcome.FAILED,
    "failed": Outcome.FAILED,
}
