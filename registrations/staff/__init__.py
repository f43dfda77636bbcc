"""What CMS staff does for an organization, and telling its officials of it."""
