"""Finding whom a caller means, and how organizations stand."""
