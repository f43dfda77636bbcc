"""Roles on organizations: asked for, decided, granted, changed, ended."""
