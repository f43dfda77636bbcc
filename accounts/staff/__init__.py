"""CMS staff: groups of rights, kept as the code says, and given to people."""
