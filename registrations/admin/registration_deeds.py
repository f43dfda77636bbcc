"""What staff may do about a registration."""

from accounts.admin.deeds import Deed

DEEDS: tuple[Deed, ...] = ()
