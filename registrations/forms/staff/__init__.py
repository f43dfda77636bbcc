"""What CMS staff enters."""
