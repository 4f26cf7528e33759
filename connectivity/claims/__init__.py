"""Sentences with a figure in them, by subject, the words they are made of, and what none of them may say."""
