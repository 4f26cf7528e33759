"""The method: what an activity asks, how a place is scored, and the only arithmetic that does it."""
