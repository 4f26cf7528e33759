"""Places as people know them: parts of a study, any other boundary, and what an average hides."""
