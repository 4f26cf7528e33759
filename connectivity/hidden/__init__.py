"""What an average hides: the premises with a gap inside a place that looks well off, and how many may be in need."""
