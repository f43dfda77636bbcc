"""Everything that decides about a registration, read at once, and as pages show it."""
