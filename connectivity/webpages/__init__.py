"""A build as plain web pages, one for each council: no script, nothing from outside, light enough for a bad line."""

from connectivity.webpages.page import page_of

__all__ = ["page_of"]
