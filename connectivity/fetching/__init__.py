"""From the publishers to a study folder: what is asked for, fetched, locked and written."""
