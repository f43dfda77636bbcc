"""What staff may do about an organization."""

from accounts.admin.deeds import Deed

DEEDS: tuple[Deed, ...] = ()
