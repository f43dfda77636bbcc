"""Final rosters: numbered, kept, compared and checked."""
