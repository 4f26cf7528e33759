"""Building Digital UK's list of premises: rows of a release, and what they come to by postcode."""
