"""What Notspot concludes from the published layers: feasibility, score, ranking, and the sentences that say so."""

__version__ = "0.1.0"
METHOD_VERSION = "2"
"""Raised whenever a ranking can change for the same files (see CHANGELOG.md)."""
SCHEMA_VERSION = 1
"""Raised whenever the meaning or the names of the output columns change."""
