"""What there is to keep of a registration, and what was done to it."""
