"""Lists that CMS staff takes away as files."""
