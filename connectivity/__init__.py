"""What Notspot concludes from the published layers: feasibility, score, ranking, and the sentences that say so."""

__version__ = "0.2.0"
