"""The figures of the method: what an activity asks of a line, and how an indicator counts; records, never bare numbers.

First the profiles and their chances, then the four dimensions, with the indicators inside two of them and their fixed
goalposts. All are beside the version they make: changing one changes a ranking, so it raises ``METHOD_VERSION``, and a
test holds them to those of ``tests/golden/method.txt``. A new indicator changes no ranking that does not declare it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from connectivity.method.uncertain import Uncertain, at_quantile, of_figure, within_bounds, yes_or_no
from layers.coverage import Band, Basis
from layers.figures import Figure

METHOD_VERSION = "4"
"""Raised whenever a ranking can change for the same files (see CHANGELOG.md)."""

Key = Literal["digital", "remote", "household", "business"]


@dataclass(frozen=True, slots=True)
class Triple:
    """A chance, at its lowest, central and highest: an assumption, every one (method §2, §3), as no one publishes it.

    Varied as a triangle in the robustness run.
    """

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
    uploads
        Chance that a line meets `upload`, by release basis; a basis that is absent has no figure for this profile.
    fwa
        Chance that a premises with decent fixed wireless meets the profile, its round trip included.
    mobile
        Chance that a premises with indoor 4G meets the profile; "4G" there means at least 2 Mbit/s.
    source
        Where the requirement comes from.
    """

    key: Key
    label: str
    download: Figure
    upload: Figure
    uploads: dict[Basis, tuple[UploadChance, ...]] = field(repr=False)
    fwa: Triple
    mobile: Triple
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
    {
        "availability": _steps((0, NEVER), (10, Triple(0.9, 0.97, 1)), (30, ALWAYS)),
        "measured sync speeds": _steps((0, NEVER), (10, Triple(0.6, 0.85, 1)), (30, ALWAYS)),
    },
    ALWAYS,
    Triple(0.3, 0.6, 0.85),
    _LAW,
)
HOME_WORKER = Profile(
    "remote",
    "one person working from home on video calls",
    Figure(10, "Mbit/s", "download for a home worker", A),
    Figure(4, "Mbit/s", "upload for a home worker", f"{_TEAMS}; range: method §6", 1.5, 6.5),
    {
        "availability": _steps((0, NEVER), (10, Triple(0, 0.25, 0.6)), (30, Triple(0.9, 0.97, 1)), (100, ALWAYS)),
        "measured sync speeds": _steps((0, NEVER), (10, Triple(0, 0.05, 0.3)), (30, Triple(0.4, 0.65, 0.9))),
    },
    Triple(0.2, 0.5, 0.8),
    Triple(0.1, 0.3, 0.6),
    _TEAMS,
)
HOUSEHOLD = Profile(
    "household",
    "a household of two workers and a pupil",
    Figure(30, "Mbit/s", "download for a working household", _USO_2016),
    Figure(6, "Mbit/s", "upload for a working household", _USO_2016),
    {
        "availability": _steps(
            (0, NEVER), (10, Triple(0, 0.05, 0.2)), (30, Triple(0.8, 0.92, 1)), (100, Triple(0.98, 1, 1))
        )
    },
    Triple(0, 0.1, 0.3),
    NEVER,
    _USO_2016,
)
BUSINESS = Profile(
    "business",
    "a small business that works in the cloud",
    Figure(100, "Mbit/s", "download for a cloud-heavy small business", A),
    Figure(20, "Mbit/s", "upload for a cloud-heavy small business", A),
    {
        "availability": _steps(
            (0, NEVER), (30, Triple(0, 0.05, 0.15)), (100, Triple(0.5, 0.85, 1)), (300, Triple(0.7, 0.95, 1))
        )
    },
    Triple(0, 0, 0.1),
    NEVER,
    A,
)
PROFILES: dict[Key, Profile] = {p.key: p for p in (ESSENTIAL, HOME_WORKER, HOUSEHOLD, BUSINESS)}

UNKNOWN_LIMIT = Figure(0.20, "share of premises", "more unknown than this: not enough data", A)
FEWEST = Figure(10, "premises", "fewer than this: no percentage and no rank", "method §3")
PEOPLE_PER_PREMISES = Figure(2.4, "people per premises", "residents where none are published", A, 2.2, 2.6)

CONCENTRATION = Figure(
    40, "times the weight", "how close drawn weights lie to the chosen ones (Dirichlet)", "method §6"
)
_METHOD = "method §1 and §6"
_TRIPLES = "the triples of the profiles, read at one share of draws for every need"
_BOUNDS = "method §3 gives the bounds; that the middle is likeliest is an assumption"
_ENDS = "method §3 gives low and high; that the middle is likeliest is an assumption"
_JOINED = "how the two kinds of infeasibility are joined"
UNCERTAIN: tuple[Uncertain, ...] = (
    of_figure(HOME_WORKER.upload, key="upload", label="the upload speed a home worker needs"),
    at_quantile("uploads", "what lines of each speed can upload", source=_TRIPLES, each_band=True),
    yes_or_no("fwa", "whether fixed wireless counts", source=_METHOD, needs="fwa"),
    at_quantile("fwa chance", "how good fixed wireless is", source=_TRIPLES, needs="fwa"),
    within_bounds("fwa overlap", "whether fixed wireless reaches the lines that fail", source=_BOUNDS, needs="fwa"),
    yes_or_no("mobile", "whether mobile counts", source=_METHOD, needs="mobile"),
    at_quantile("mobile chance", "how good indoor 4G is", source=_TRIPLES, needs="mobile"),
    within_bounds("mobile overlap", "whether indoor 4G reaches the premises that fail", source=_BOUNDS, needs="mobile"),
    within_bounds("unknown", "premises whose speed is not known", source=_ENDS),
    Uncertain("aggregation", _JOINED, 0, 0, 2, "choice", "geometric mean, mean, or the worse one", "method §5"),
)
"""What the robustness run varies. With these come whatever has a range of its own: goalposts, the length of roads, and
the slope and noise of modelled areas. Where a study has switched, its choice is the central value."""

Dimension = Literal["remote", "digital", "need", "alternative"]
DIMENSIONS: tuple[Dimension, ...] = ("remote", "digital", "need", "alternative")
SIDE: tuple[Dimension, Dimension] = ("need", "alternative")
"""The two dimensions a study declares indicators for; the other two come from broadband."""

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
