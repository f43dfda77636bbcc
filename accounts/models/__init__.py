"""Who people are, what they may do, what they did, what they were told."""

from accounts.models.audit import AuditEvent, AuditSeal
from accounts.models.devices import (
    ChannelDevice,
    OneTimeCode,
    PasskeyChallenge,
    RecoveryCode,
    RecoveryCodes,
)
from accounts.models.links import AccountLink, MailRequest
from accounts.models.lock_out import FailedPassword, KnownBrowser
from accounts.models.messages import Message
from accounts.models.people import FormerPassword, StatementAcceptance, User
from accounts.models.resets import DeviceReset
from accounts.models.role_requests import OfficialsQuestion, RoleRequest
from accounts.models.roles import Role
from accounts.models.sessions import EndedSession, Session, SessionView

__all__ = [
    "AccountLink",
    "AuditEvent",
    "AuditSeal",
    "ChannelDevice",
    "DeviceReset",
    "EndedSession",
    "FailedPassword",
    "FormerPassword",
    "KnownBrowser",
    "MailRequest",
    "Message",
    "OfficialsQuestion",
    "OneTimeCode",
    "PasskeyChallenge",
    "RecoveryCode",
    "RecoveryCodes",
    "Role",
    "RoleRequest",
    "Session",
    "SessionView",
    "StatementAcceptance",
    "User",
]
