"""Reads a plain page back as a browser would, and makes builds with all that such a page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from hand_builds import Counts, hand_build
from manifests import changed

from connectivity.outputs import Build

VOID = {"meta", "br"}
CLOSES = {
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "thead": {"caption"},
    "tbody": {"td", "th", "tr", "thead", "caption"},
    "tfoot": {"td", "th", "tr", "tbody"},
    "li": {"li"},
}
"""What the start of an element ends, where its closing tag may be left out (HTML standard, optional tags)."""
ENDS = {"table": {"td", "th", "tr", "thead", "tbody", "tfoot", "caption"}, "ul": {"li"}}


class Plain(HTMLParser):
    """What a page is made of; any tag that is not closed in its turn is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[str] = []
        self.words = ""
        self.rows: list[list[str]] = []
        self.titles: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self.open and self.open[-1] in CLOSES.get(tag, set()):
            self.open.pop()
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag == "title":
            self.titles.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] in ENDS.get(tag, set()):
            self.open.pop()
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data
        if self.open and self.open[-1] == "title":
            self.titles[-1] += data
        if "style" not in self.open and "title" not in self.open:
            self.words += data

    @property
    def said(self) -> str:
        """The words, with every run of blanks as one."""
        return re.sub(r"\s+", " ", self.words)

    def values(self, tag: str, name: str) -> list[str | None]:
        return [value for of, key, value in self.attributes if (of, key) == (tag, name)]


WARDS = (
    *("Aston", "Bordesley & Highgate", "Brandwood & King’s Heath", "Edgbaston", "Kings Norton North", "Ladywood"),
    *("Sutton Walmley & Minworth", "Soho & Jewellery Quarter", "Tyseley & Hay Mills", "Weoley & Selly Oak"),
)
"""Names as short and as long as in a big city."""


def webbed(counts: Mapping[int, Counts], *, drawn: bool = True, **changes: Any) -> Build:
    """Make a build by hand whose scores are the shares that fail, with ranks, ranges and tiers if it was `drawn`."""
    build = hand_build(counts, **changes)
    areas, scored = build.areas, build.areas["status"].eq("scored")
    areas["score_remote"] = 100 * areas["remote_infeasible"] / areas["premises"]
    areas["score"] = areas["score_remote"]
    areas["severity_rank"] = areas["score"].rank(ascending=False, method="min")
    if drawn:
        areas["rank_p05"] = (areas["severity_rank"] - 1).clip(lower=1)
        areas["rank_p95"] = areas["severity_rank"] + 1
        areas["tier"] = np.where(scored, np.where(areas["score"] >= 10, "robust", "some"), "insufficient")
    left = areas[~scored]
    premises = {
        "in": int(areas["premises"].sum()),
        "scored": int(areas.loc[scored, "premises"].sum()),
        "excluded": {"fewer than 10 premises": int(left["premises"].sum())} if len(left) else {},
    }
    places = {
        "in": len(areas),
        "scored": int(scored.sum()),
        "excluded": {"fewer than 10 premises": len(left)} if len(left) else {},
    }
    made = changed(build.manifest, **{"software": "notspot 9", **changes}, premises=premises, areas=places)
    return replace(build, manifest=made)


def city(places: int) -> Build:
    """Make a council of many wiggly places that touch, with the names of a big city."""
    rng = np.random.default_rng(1)
    spots = shapely.MultiPoint(rng.uniform(0, 25_000, (places, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(spots, extend_to=shapely.box(0, 0, 25_000, 25_000)))
    cells = shapely.intersection(cells, shapely.box(0, 0, 25_000, 25_000))
    fine = shapely.segmentize(cells, 60)
    across = shapely.transform(fine, lambda xy: xy + [1, 0] * (90 * np.sin(xy[:, ::-1] / 55)))
    wiggly = shapely.transform(across, lambda xy: xy + [0, 1] * (70 * np.cos(xy[:, ::-1] / 41)))  # shears never fold
    build = webbed({2 * n: (1_000, 10, 5, 10 + n % 250, 300) for n in range(places)})
    areas = build.areas.set_geometry(gpd.GeoSeries(wiggly, index=build.areas.index, crs=27700))
    areas["ward_name"] = [WARDS[n % len(WARDS)] for n in range(places)]
    areas["area_name"] = areas["ward_name"] + [f", part {n // len(WARDS) + 1}" for n in range(places)]
    return Build(areas, build.manifest)
