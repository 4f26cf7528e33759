"""Two builds of different releases, compared: what changed, what was only counted otherwise, who is left behind."""
