"""The lists of a person's organizations."""
