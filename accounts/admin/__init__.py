"""The staff site's pages about people."""

from accounts.admin.people import PersonAdmin

__all__ = ["PersonAdmin"]
