"""The staff site's pages about people."""

from accounts.admin.device_resets import DeviceResetAdmin

__all__ = ["DeviceResetAdmin"]
