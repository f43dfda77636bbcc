"""Size, address and contacts of a registration: storing what was typed."""
