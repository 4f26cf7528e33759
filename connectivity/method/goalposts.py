"""The four dimensions, and the indicators inside two of them with their fixed goalposts: records, never bare numbers.

Adding or changing a figure here changes the ranking: raise ``METHOD_VERSION``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.figures import Figure

Dimension = Literal["remote", "digital", "need", "alternative"]
DIMENSIONS: tuple[Dimension, ...] = ("remote", "digital", "need", "alternative")
SIDE: tuple[Dimension, Dimension] = ("need", "alternative")
"""The two dimensions a study declares indicators for; the other two come from broadband."""

INDICATORS_NEEDED = Figure(2 / 3, "share of the declared indicators", "fewer than this: not enough data", "method §4")
A = "assumption"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure inside a dimension, with its fixed goalposts.

    Attributes
    ----------
    key
        The word used in study files.
    columns
        Columns of the joined table it is made from; several are averaged after each is put on its goalposts.
    goalposts
        For each column, the value that counts as 0 (good) and the value that counts as 100 (bad).
    scale
        What one unit of the column is shown as: 100 for shares shown in percent, 1 otherwise.
    enough_alone
        Whether one such indicator may carry its dimension.
    proxy
        Whether it stands in for what it is called.
    straight
        Whether its columns are straight lines × :data:`layers.people.alternatives.DETOUR`.
    """

    key: str
    dimension: Dimension
    label: str
    unit: str
    columns: tuple[str, ...]
    goalposts: tuple[tuple[Figure, Figure], ...]
    source: str
    scale: float = 1.0
    enough_alone: bool = False
    proxy: bool = False
    straight: bool = False


Range = tuple[float, float] | None


def _posts(
    good: float, bad: float, unit: str, source: str, *, good_range: Range = None, bad_range: Range = None
) -> tuple[Figure, Figure]:
    """Make a pair of goalposts; one without a range is not varied."""
    return (
        Figure(good, unit, "counts as 0, good", source, *(good_range or (None, None))),
        Figure(bad, unit, "counts as 100, bad", source, *(bad_range or (None, None))),
    )


def _percentiles(good: float, bad: float, source: str) -> tuple[Figure, Figure]:
    """Take percentiles as posts; others could be taken, so each may lie a tenth of the span further in or out."""
    some = (bad - good) / 10
    said = f"{source}, 1st and 99th percentile of England's areas; range: assumption, a tenth of the span either way"
    near, far = (max(0.0, good - some), good + some), (bad - some, bad + some)
    return _posts(good, bad, "share", said, good_range=near, bad_range=far)


_POST = "Post Office access criterion: 3 miles"
_SIX_MILES = _posts(0, 9.66, "km", f"{A}: 6 miles; range: 3 to 9 miles", bad_range=(4.83, 14.48))
_ALL_OF_THEM = _posts(0, 1, "share", f"{A}; range: bad from 60% of the neighbourhoods on", bad_range=(0.6, 1.0))
INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        Indicator(
            "income_employment_2019",
            "need",
            "Residents on a low income or out of work (mean of two rates)",
            "%",
            ("income_rate", "employment_rate"),
            (_percentiles(0.016, 0.409, "IoD 2019"), _percentiles(0.016, 0.315, "IoD 2019")),
            "Indices of Deprivation 2019",
            scale=100,
        ),
        Indicator(
            "older_residents",
            "need",
            "Residents aged 65 or over",
            "%",
            ("older_share",),
            (_percentiles(0.0395, 0.4126, "mid-2020"),),
            "ONS mid-year population estimates",
            scale=100,
        ),
        Indicator(
            "income_employment_2025",
            "need",
            "Residents on a low income or out of work (mean of two rates)",
            "%",
            ("income_rate", "employment_rate"),
            (_percentiles(0.028, 0.666, "IoD 2025"), _percentiles(0.027, 0.391, "IoD 2025")),
            "Indices of Deprivation 2025",
            scale=100,
        ),
        Indicator(
            "disabled_residents",
            "need",
            "Disabled residents",
            "%",
            ("disabled_share",),
            (_percentiles(0.082, 0.3034, "Census 2021"),),
            "Census 2021",
            scale=100,
        ),
        Indicator(
            "deprived_households",
            "need",
            "Households deprived in two or more ways",
            "%",
            ("deprived_households_share",),
            (_percentiles(0.0489, 0.3978, "Census 2021"),),
            "Census 2021",
            scale=100,
        ),
        Indicator(
            "hard_pressed_proxy",
            "need",
            "Neighbourhoods classed as hard-pressed or constrained (2011)",
            "%",
            ("hard_pressed_share",),
            (_ALL_OF_THEM,),
            "ONS 2011 output area classification",
            scale=100,
            proxy=True,
        ),
        Indicator(
            "ageing_proxy",
            "need",
            "Neighbourhoods classed as ageing (2011)",
            "%",
            ("ageing_share",),
            (_ALL_OF_THEM,),
            "ONS 2011 output area classification",
            scale=100,
            proxy=True,
        ),
        Indicator(
            "post_office",
            "alternative",
            "Post office, by road",
            "km",
            ("post_office_km",),
            (_posts(0, 4.83, "km", _POST),),
            "Indices of Deprivation 2019, road distances",
        ),
        Indicator(
            "shop",
            "alternative",
            "General store or supermarket, by road",
            "km",
            ("shop_km",),
            (_posts(0, 4.83, "km", _POST),),
            "Indices of Deprivation 2019, road distances",
        ),
        Indicator(
            "gp",
            "alternative",
            "GP surgery, by road",
            "km",
            ("gp_km",),
            (_SIX_MILES,),
            "Indices of Deprivation 2019, road distances",
        ),
        Indicator(
            "library",
            "alternative",
            "Staffed library (straight line × 1.3)",
            "km",
            ("library_km",),
            (_SIX_MILES,),
            "Arts Council England, public libraries 2023",
            straight=True,
        ),
        Indicator(
            "connectivity",
            "alternative",
            "How hard it is to reach places (100 less DfT's connectivity score)",
            "points",
            ("travel_badness",),
            (_posts(0, 100, "points", "DfT connectivity metric 2025: its own scale"),),
            "DfT connectivity metric, Indices of Deprivation 2025",
            enough_alone=True,
        ),
        Indicator(
            "rail_station",
            "alternative",
            "Rail station (straight line × 1.3)",
            "km",
            ("station_km",),
            (_SIX_MILES,),
            "DfT NaPTAN",
            enough_alone=True,
            proxy=True,
            straight=True,
        ),
    )
}
