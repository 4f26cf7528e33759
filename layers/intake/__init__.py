"""Files as people have them: opened safely, recognised, and read as tables of text and numbers."""
