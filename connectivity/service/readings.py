"""How each decision is named and marked; what draws them is the pages' affair."""

from __future__ import annotations

from dataclasses import dataclass

from connectivity.claims import Basis
from connectivity.service.decisions import COUNTER, HELP, ONLINE, UNKNOWN


@dataclass(frozen=True, slots=True)
class Reading:
    """How a decision reads and is marked: its name, its name for lines measured in the past."""

    label: str
    past: str
    mark: str

    def name(self, basis: Basis) -> str:
        """Name it; of lines measured in the past nothing is said about today."""
        return self.past if basis.measured else self.label


READINGS: dict[str, Reading] = {
    COUNTER: Reading("Keep the counter", "Needed the counter", "counter"),
    HELP: Reading("Online with help", "Could have, with help", "helped"),
    ONLINE: Reading("Can go online", "Could have gone online", "online"),
    UNKNOWN: Reading("Not enough data", "Not enough data", "nodata"),
}
"""In the order of a legend."""
