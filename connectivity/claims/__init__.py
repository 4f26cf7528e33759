"""Sentences with a figure in them, and the words they are made of; nothing else words a claim."""
