"""The staff site's pages about people, their roles and their devices."""

from accounts.admin.device_resets import DeviceResetAdmin
from accounts.admin.people import PersonAdmin
from accounts.admin.role_requests import RoleRequestAdmin

__all__ = ["DeviceResetAdmin", "PersonAdmin", "RoleRequestAdmin"]
