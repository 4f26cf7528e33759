"""Ofcom's measured speeds of the lines people have (2018 to 2023), by postcode or output area: never availability.

A slow line may stand where a fast one is on sale, and a place where nobody buys has no line to measure. So these
figures stand beside the others, and enter no score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.intake.published import published_column, published_columns
from layers.intake.tables import Column, normalised, read_headings, read_tables
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.lookups import without_spaces
from layers.ofcom.availability import refuse_doubled
from layers.ofcom.fixed import output_area_key
from layers.ofcom.releases import member_meant, one_member, release_in_words
from layers.people import dwellings
from layers.reading import StudyReading

PREFIX = "measured_"
MEASURES = (
    *("lines", "lines_unknown", "mean_mbps", "upload_mbps", "typical_mbps"),
    *("under_10_lines", "from_30_lines"),
)
BANDS = ("< 2", "2<5", "5<10", "10<30", "30<300", ">= 300")
SLOWER, FASTEST = BANDS[:4], BANDS[4:]
OVER = ">= 30"
COLUMNS = published_columns("ofcom_performance")
BY_POSTCODE = published_column("ofcom_performance_keys", "postcode")
POSTCODES = "postcodes"
(BY_BAND,) = published_column("ofcom_performance_keys", "average_in_a_band").headings
"""Since 2024 only such averages are published, by output area, and no number of lines to weigh them by."""


def performance_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area of the spine the measured speeds of its lines; missing where none are published.

    Returns
    -------
    pandas.DataFrame or None
        Index as the spine; the columns of :func:`read_performance`, each beginning with ``measured_``.
    """
    layer = reading.study.layer("performance")
    if layer is None:
        return None

    def output_areas() -> pd.DataFrame | None:
        return reading.read("output_areas", dwellings.read_output_areas)

    table = read_performance(
        reading.study.paths(layer)[0],
        postcodes=reading.postcodes,
        output_areas=output_areas,
        areas=reading.areas,
        geography=reading.study.geography,
        ledger=reading.ledger,
        member=layer.member,
        release=layer.release,
    )
    return table.reindex(reading.areas).add_prefix(PREFIX)


def read_performance(
    path: Path,
    *,
    areas: pd.Index,
    ledger: Ledger,
    postcodes: pd.DataFrame | None = None,
    output_areas: Callable[[], pd.DataFrame | None] = lambda: None,
    geography: str = "lsoa21",
    member: str | None = None,
    release: str | None = None,
) -> pd.DataFrame:
    """Read measured speeds and bring them to the study's areas.

    Parameters
    ----------
    path
        Ofcom's performance file by postcode or by output area, or the archive it comes in.
    postcodes, output_areas
        Index postcode without spaces, or output area; ``area_code``. Whichever the file is by is needed; the second
        is asked for only then.
    areas
        The spine's area codes.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``, only areas with a measured line: ``lines`` (lines with a published average),
        ``lines_unknown`` (lines without), ``mean_mbps`` (their mean download, Mbit/s), ``upload_mbps`` (mean upload),
        ``typical_mbps`` (half of the lines are at postcodes, or output areas, whose own median is this or less: the
        median of medians by lines, which is near the median line and is not it), ``under_10_lines`` and
        ``from_30_lines``.

    Raises
    ------
    LayerError
        When the file has no number of lines, its lookup is absent, a code stands twice or nothing is in the study.
    """
    member = member_meant(path, level="performance", member=member)
    key, area, noun = _place(path, member, postcodes, output_areas, geography)
    table = read_tables(path, [key, *COLUMNS], member=member)
    words = release_in_words(path, member=member, stated=release)
    ledger.used(path, kind="performance", rows=len(table), release=words)
    if noun == POSTCODES:
        table["code"] = without_spaces(table["code"])
    refuse_doubled(table["code"], path=path, column=key.headings[0])
    table = table.assign(area_code=table["code"].map(area), lines=_lines(table))
    counted, inside = table["lines"].notna(), table["area_code"].isin(areas)
    lost = table["area_code"].isna()
    unused = [
        Unused.of(f"not in the lookup of {noun}", lost.sum(), examples=table["code"][lost]),
        Unused.of("too few lines, their number is not published", (inside & ~counted).sum(), harmless=True),
        Unused.of(OUTSIDE, (~lost & ~inside).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(table), rows_used=int((inside & counted).sum()), unused=unused, noun=noun)
    if not (inside & counted).any():
        raise LayerError(
            "No measured line of the file is in the study.",
            file=path.name,
            column=key.headings[0],
            expected=f"{noun} such as {examples(area.index[area.isin(areas)]) or 'those of the study'}, with lines",
            found=examples(table["code"][counted]) or "no number of lines",
            next_step="use the files of the study's own places, or leave this layer out",
        )
    return _by_area(table[inside & counted])


def _place(
    path: Path,
    member: str | None,
    postcodes: pd.DataFrame | None,
    output_areas: Callable[[], pd.DataFrame | None],
    geography: str,
) -> tuple[Column, pd.Series, str]:
    """Tell what the file is by, and in which area each of those is."""
    headings = read_headings(path, member=one_member(path, member=member))
    found = [normalised(heading) for heading in headings]
    if normalised(BY_BAND) in found and normalised(COLUMNS[0].headings[0]) not in found:
        raise LayerError(
            "The file has an average for each band of speed, and no number of lines to weigh them by.",
            file=path.name,
            column="Number of connections …",
            expected="one average for each place and the number of its lines, as published from 2018 to 2023",
            found=f"such as “{BY_BAND}”",
            next_step="use the performance files of 2023 or before, or leave this layer out: nothing is scored by it",
        )
    by_postcode = [name for name in BY_POSTCODE.headings if normalised(name) in found]
    if by_postcode:  # a file may spell them in more than one way
        if postcodes is None:
            raise _needs("postcodes", path)
        return replace(BY_POSTCODE, name="code", headings=tuple(by_postcode[:1])), postcodes["area_code"], POSTCODES
    key = output_area_key(path, geography=geography, member=one_member(path, member=member))
    lookup = output_areas()
    if lookup is None:
        raise _needs("output_areas", path)
    return replace(key, name="code"), lookup["area_code"], "output areas"


def _needs(kind: str, path: Path) -> LayerError:
    return LayerError(
        f"The measured speeds cannot be placed without a layer of kind {kind}.",
        file=path.name,
        expected=f"a layer of kind {kind} in the study file",
        found="none",
        next_step="add that layer, or leave the measured speeds out",
    )


def _lines(table: pd.DataFrame) -> pd.Series:
    """Count the lines of each row from its bands; missing where any is: too few lines hide their number.

    "30 or more" is published beside the two bands it is made of; either says it.
    """
    slow = table[list(SLOWER)].sum(axis=1, skipna=False)
    return slow + _from_30(table)


def _from_30(table: pd.DataFrame) -> pd.Series:
    parts = table.reindex(columns=list(FASTEST)).sum(axis=1, skipna=False)
    return table[OVER].fillna(parts) if OVER in table else parts


def _by_area(table: pd.DataFrame) -> pd.DataFrame:
    """Bring rows to areas, each weighed by its lines."""
    known = table["lines"].where(table["average"].notna() & table["median"].notna(), 0.0)
    weighed = pd.DataFrame(
        {
            "lines": known,
            "lines_unknown": table["lines"] - known,
            "mean_mbps": known * table["average"].where(known > 0, 0.0),
            "under_10_lines": table[list(SLOWER[:3])].sum(axis=1).where(known > 0, 0.0),
            "from_30_lines": _from_30(table).where(known > 0, 0.0),
        }
    )
    summed = weighed.groupby(table["area_code"]).sum().rename_axis("area_code")
    summed["mean_mbps"] /= summed["lines"].where(summed["lines"] > 0)
    summed["typical_mbps"] = _median_by_lines(table.assign(lines=known)[known > 0])
    if "upload" in table:
        lines = known.where(table["upload"].notna(), 0.0)
        up = (lines * table["upload"].fillna(0.0)).groupby(table["area_code"]).sum()  # times no lines: nothing is added
        whole = lines.groupby(table["area_code"]).sum()
        summed["upload_mbps"] = up / whole.where(whole > 0)
    return summed.reindex(columns=list(MEASURES)).sort_index()


def _median_by_lines(table: pd.DataFrame) -> pd.Series:
    """Find for each area the smallest median at or under which half of its lines' places lie."""
    ordered = table.sort_values(["area_code", "median"])
    so_far = ordered.groupby("area_code")["lines"].cumsum()
    half = ordered.groupby("area_code")["lines"].transform("sum") / 2
    return ordered[so_far >= half].groupby("area_code")["median"].first()
