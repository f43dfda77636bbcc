"""Signing in, from the password to the second factor, and proving who one is."""
