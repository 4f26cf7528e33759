"""DfT's connectivity metric as published: an ODS with a sheet for each kind of area, headings in the third row.

The first small area's overall score is 50, the next one's 51; every other score is 40.
"""

from __future__ import annotations

from official.spreadsheets import ods
from official.world import World

PURPOSES = ("Employment", "Education", "Healthcare", "Leisure and Community", "Shopping", "Residential", "Overall")
WAYS = ("walking", "cycling", "public transport", "driving")


def headings() -> list[str]:
    """Give the 35 scores in the publisher's order; for public transport jobs are headed Business."""
    by_way = [f"{purpose} ({way})" for way in WAYS for purpose in PURPOSES]
    by_way = [name.replace("Employment (public", "Business (public") for name in by_way]
    return [*by_way, *(f"{purpose} (overall)" for purpose in PURPOSES[:-1]), "Overall"]


def connectivity_ods(world: World) -> bytes:
    """Make ``connectivity_metrics_2025.ods`` with the sheets Metadata, OA, LSOA, LAD and RGN."""

    def sheet(code: str, codes: list[str], first: float) -> list[list[object]]:
        names = headings()
        title: list[list[object]] = [["Connectivity metrics 2025"], ["Scores from 0 to 100"], [code, *names]]
        return [*title, *([area, *([40.0] * (len(names) - 1)), first + place % 20] for place, area in enumerate(codes))]

    return ods(
        {
            "Metadata": [["Title", "Connectivity metrics"], ["Licence", "TBA"]],
            "OA": sheet("OA21CD", world.output_areas["oa21"].tolist(), 10.5),
            "LSOA": sheet("LSOA21CD", world.areas["lsoa21"].tolist(), 50.0),
            "LAD": sheet("LAD24CD", sorted(set(world.areas["district"])), 70.0),
            "RGN": sheet("RGN24CD", ["E12000009"], 80.0),
        }
    )
