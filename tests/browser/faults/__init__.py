"""Faults that only a browser shows."""
