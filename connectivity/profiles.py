"""Every number of ours: requirement profiles, upload chances, fixed wireless, goalposts. Records, never bare numbers.

Adding or changing a figure here changes the ranking: raise ``METHOD_VERSION``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from layers.coverage import Band, Basis
from layers.figures import Figure

Key = Literal["digital", "remote", "household", "business"]
Dimension = Literal["remote", "digital", "need", "alternative"]
DIMENSIONS: tuple[Dimension, ...] = ("remote", "digital", "need", "alternative")


@dataclass(frozen=True, slots=True)
class Triple:
    """A chance, at its lowest, central and highest; varied as a triangle in the robustness run."""

    low: float
    central: float
    high: float


NEVER, ALWAYS = Triple(0, 0, 0), Triple(1, 1, 1)


@dataclass(frozen=True, slots=True)
class UploadChance:
    """Chance that a line whose download lies in a range meets a need for upload.

    Holds for bands whose lower edge is at least `from_download` (Mbit/s); the last that fits counts.
    """

    from_download: float
    chance: Triple


@dataclass(frozen=True, slots=True)
class Profile:
    """What an activity asks of a line.

    Attributes
    ----------
    label
        What it is, in plain words.
    download, upload
        Mbit/s.
    round_trip
        ms; fixed lines are taken to meet it, and the fixed-wireless chances below include it.
    uploads
        Chance that a line meets `upload`, by release basis; a basis that is absent has no figure for this profile.
    fwa
        Chance that a premises with decent fixed wireless meets the profile.
    source
        Where the requirement comes from.
    """

    key: Key
    label: str
    download: Figure
    upload: Figure
    round_trip: Figure
    uploads: dict[Basis, tuple[UploadChance, ...]] = field(repr=False)
    fwa: Triple
    source: str

    def upload_chance(self, band: Band, *, basis: Basis) -> Triple:
        """Look up the chance that a line in `band` meets the need for upload."""
        fitting = [step for step in self.uploads[basis] if step.from_download <= band.low]
        return fitting[-1].chance


A = "assumption"
_TEAMS = "Microsoft Teams network table (two-person video call)"
_LAW = "SI 2018/445, Schedule 1; assumption that it is the floor for public services"
_USO_2016 = "Ofcom 2016, higher-specification universal service option"


def _steps(*steps: tuple[float, Triple]) -> tuple[UploadChance, ...]:
    return tuple(UploadChance(edge, chance) for edge, chance in steps)


ESSENTIAL = Profile(
    "digital",
    "an essential online service",
    Figure(10, "Mbit/s", "download for an essential online service", _LAW),
    Figure(1, "Mbit/s", "upload for an essential online service", _LAW),
    Figure(200, "ms", "round trip for an essential online service", A),
    {
        "availability": _steps((0, NEVER), (10, Triple(0.9, 0.97, 1)), (30, ALWAYS)),
        "measured sync speeds": _steps((0, NEVER), (10, Triple(0.6, 0.85, 1)), (30, ALWAYS)),
    },
    ALWAYS,
    _LAW,
)
HOME_WORKER = Profile(
    "remote",
    "one person working from home on video calls",
    Figure(10, "Mbit/s", "download for a home worker", A),
    Figure(4, "Mbit/s", "upload for a home worker", _TEAMS),
    Figure(100, "ms", "round trip for a home worker", _TEAMS),
    {
        "availability": _steps((0, NEVER), (10, Triple(0, 0.25, 0.6)), (30, Triple(0.9, 0.97, 1)), (100, ALWAYS)),
        "measured sync speeds": _steps((0, NEVER), (10, Triple(0, 0.05, 0.3)), (30, Triple(0.4, 0.65, 0.9))),
    },
    Triple(0.2, 0.5, 0.8),
    _TEAMS,
)
HOUSEHOLD = Profile(
    "household",
    "a household of two workers and a pupil",
    Figure(30, "Mbit/s", "download for a working household", _USO_2016),
    Figure(6, "Mbit/s", "upload for a working household", _USO_2016),
    Figure(100, "ms", "round trip for a working household", A),
    {
        "availability": _steps(
            (0, NEVER), (10, Triple(0, 0.05, 0.2)), (30, Triple(0.8, 0.92, 1)), (100, Triple(0.98, 1, 1))
        )
    },
    Triple(0, 0.1, 0.3),
    _USO_2016,
)
BUSINESS = Profile(
    "business",
    "a small business that works in the cloud",
    Figure(100, "Mbit/s", "download for a cloud-heavy small business", A),
    Figure(20, "Mbit/s", "upload for a cloud-heavy small business", A),
    Figure(50, "ms", "round trip for a cloud-heavy small business", A),
    {
        "availability": _steps(
            (0, NEVER), (30, Triple(0, 0.05, 0.15)), (100, Triple(0.5, 0.85, 1)), (300, Triple(0.7, 0.95, 1))
        )
    },
    Triple(0, 0, 0.1),
    A,
)
PROFILES: dict[Key, Profile] = {p.key: p for p in (ESSENTIAL, HOME_WORKER, HOUSEHOLD, BUSINESS)}

UNKNOWN_LIMIT = Figure(0.20, "share of premises", "more unknown than this: not enough data", A)
FEWEST = Figure(10, "premises", "fewer than this: no percentage and no rank", "method §3")
PEOPLE_PER_PREMISES = Figure(2.4, "people per premises", "residents where none are published", A, 2.2, 2.6)
INDICATORS_NEEDED = Figure(2 / 3, "share of the declared indicators", "fewer than this: not enough data", "method §4")


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


def _posts(good: float, bad: float, unit: str, source: str) -> tuple[Figure, Figure]:
    return Figure(good, unit, "counts as 0, good", source), Figure(bad, unit, "counts as 100, bad", source)


_P = "1st and 99th percentile of England's areas"
_POST = "Post Office access criterion: 3 miles"
INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        Indicator(
            "income_employment_2019",
            "need",
            "Residents on a low income or out of work (mean of two rates)",
            "%",
            ("income_rate", "employment_rate"),
            (_posts(0.016, 0.409, "share", f"IoD 2019, {_P}"), _posts(0.016, 0.315, "share", f"IoD 2019, {_P}")),
            "Indices of Deprivation 2019",
            scale=100,
        ),
        Indicator(
            "older_residents",
            "need",
            "Residents aged 65 or over",
            "%",
            ("older_share",),
            (_posts(0.0395, 0.4126, "share", f"mid-2020, {_P}"),),
            "ONS mid-year population estimates",
            scale=100,
        ),
        Indicator(
            "hard_pressed_proxy",
            "need",
            "Neighbourhoods classed as hard-pressed or constrained (2011)",
            "%",
            ("hard_pressed_share",),
            (_posts(0, 1, "share", A),),
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
            (_posts(0, 1, "share", A),),
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
            (_posts(0, 9.66, "km", f"{A}: 6 miles"),),
            "Indices of Deprivation 2019, road distances",
        ),
        Indicator(
            "library",
            "alternative",
            "Staffed library, by road (straight line × 1.3)",
            "km",
            ("library_km",),
            (_posts(0, 9.66, "km", f"{A}: 6 miles"),),
            "Arts Council England, public libraries 2023",
        ),
        Indicator(
            "rail_station",
            "alternative",
            "Rail station, by road (straight line × 1.3)",
            "km",
            ("station_km",),
            (_posts(0, 9.66, "km", f"{A}: 6 miles"),),
            "DfT NaPTAN",
            enough_alone=True,
            proxy=True,
        ),
    )
}
