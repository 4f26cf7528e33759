"""What Notspot concludes from the published layers: feasibility, score, ranking, and the sentences that say so."""

__version__ = "0.2.0"
METHOD_VERSION = "4"
"""Raised whenever a ranking can change for the same files (see CHANGELOG.md)."""
SCHEMA_VERSION = 3
"""Raised whenever what a build writes changes its names or meaning, or gains a file that readers ask for."""
