"""Which pages show something of a place that their address names."""

from __future__ import annotations

PLACED = ("", "why", "compare", "hidden", "first", "service", "evidence", "postcode")
"""Addresses of those that do: they are looked at with a place as well, and tests/app/test_links.py holds the others
to it."""
