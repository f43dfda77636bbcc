"""What CMS staff sees for a person on the phone: how they stand, and their view."""
