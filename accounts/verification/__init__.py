"""Verification devices: the kinds, codes and signatures, and what helps without one."""
