"""Registering without anybody's doing."""
