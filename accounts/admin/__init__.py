"""The staff site's pages about people."""

from accounts.admin.role_requests import RoleRequestAdmin

__all__ = ["RoleRequestAdmin"]
from accounts.admin.people import PersonAdmin
__all__ = ["PersonAdmin"]
