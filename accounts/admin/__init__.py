"""The staff site's pages about people and their roles."""

from accounts.admin.people import PersonAdmin
from accounts.admin.role_requests import RoleRequestAdmin

__all__ = ["PersonAdmin", "RoleRequestAdmin"]
