"""The data-quality report: what was found about the files, as lights with words, JSON and a page."""
