"""How sure: every uncertain input drawn many times over, and what that does to each area's rank (method §6)."""
