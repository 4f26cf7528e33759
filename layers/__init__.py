"""What the world published, cleaned: one noun per module, no opinions about it."""
