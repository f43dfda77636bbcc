"""Who people are, what they may do, what they did, what they were told."""

from accounts.models.audit import AuditEvent
from accounts.models.devices import (
    ChannelDevice,
    OneTimeCode,
    PasskeyChallenge,
    RecoveryCode,
    RecoveryCodes,
)
from accounts.models.messages import Message
from accounts.models.people import StatementAcceptance, User
from accounts.models.resets import DeviceReset
from accounts.models.roles import Role
from accounts.models.sessions import Session

__all__ = [
    "AuditEvent",
    "ChannelDevice",
    "DeviceReset",
    "Message",
    "OneTimeCode",
    "PasskeyChallenge",
    "RecoveryCode",
    "RecoveryCodes",
    "Role",
    "Session",
    "StatementAcceptance",
    "User",
]
