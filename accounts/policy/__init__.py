"""Decisions about people as functions of plain values: nothing is read or written."""
