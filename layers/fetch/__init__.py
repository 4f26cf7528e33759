"""Fetching published files: where they are, what is needed, and how they get here whole."""
