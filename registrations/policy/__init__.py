"""Decisions about registering as functions of plain values: nothing is read or written."""
