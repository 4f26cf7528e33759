"""The map of a place as an SVG for print: its small areas by class, what lies round them, names, a scale bar, north.

Written by hand, so that the same study gives the same bytes, and so that patterns are lines of their own: every program
that opens an SVG draws them, in grey too. A unit of a map is a point (1/72 inch).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from markupsafe import Markup

from connectivity.claims.about_certainty import READINGS
from connectivity.html.render import render
from connectivity.maps.arcs import unpack
from connectivity.maps.sketch import DEGREES, GRID, MOST_PLACES, clean, require_metres
from connectivity.maps.static_map import LENGTHS, Frame, path_of
from connectivity.maps.symbology import DISCS, MEASURES, PAINTS, UNKNOWN
from connectivity.method.feasibility import NOT_TOLD_APART, has_count
from layers.figures import Figure
from layers.settlements import to_degrees, to_metres

INK, SOFT = "#1A1F24", "#50575C"
SEA, LAND, BUILT, BORDER = "#E6EBEC", "#F3F2EE", "#E3DFD5", "#CFC9BC"
PLAIN = LAND
"""The ground where nothing is known of what lies round a study: neither sea nor land is claimed."""
COUNCIL_ONLY = len(PAINTS)
"""The class of areas of which only their council's figure is known: its colour, with level lines."""
LEVEL_INK = "#6B6F73"
PER_POINT = 10
"""Shapes are written in tenths of a point."""
ROUND = Figure(0.04, "of the longer side", "ground shown round a place", "assumption: names on its border find room")
LEAST = Figure(9_000.0, "metres", "least a map shows, so that one ward is seen with what is round it", "assumption")
SMOOTH = Figure(0.3, "points", "corners nearer than this to a line are left out", "assumption: finer than print")
APART = {"rising": 3.2, "falling": 4.2, "dots": 3.6, "level": 3.4}
"""Points from one line or dot of a pattern to the next (assumption: told apart in grey on an office printer)."""
NAMED_WITHIN = ((500, 1), (180, 2), (100, 3), (30, 4))
"""Kilometres across up to which places of each rank are named (assumption: as on the web's map)."""
SIZES = (8.4, 7.8, 7.3, 6.9, 6.7)
"""Of the letters of a name in points, by rank."""
FEW = 150
"""Neighbouring areas up to which each has its border (assumption: more are only noise)."""
SPECK = 2.5
"""Points across below which a hole or an islet has no outline of its own (assumption)."""
LINE_HEIGHT, HALF_HIGH = 1.32, 0.62
KILOMETRE = 1_000

SHEET, SHEET_EDGE = 520, 18
"""Width of a picture that stands alone, and what is left free around it, in points."""
TALLEST = (0.5, 0.95)
"""Of its width, how high the map on it may be: it follows the place's own shape."""
SERIF, SANS = "Newsreader, Georgia, serif", "Public Sans, Arial, sans-serif"

Box = tuple[float, float, float, float]


class Letters(Protocol):
    """What is known of the letters a map is set in."""

    def width(self, words: str) -> float:
        """Return how wide words are, in ems."""

    def printable(self, words: str) -> str:
        """Return words with what has no letter shown by its number."""


@dataclass(frozen=True, slots=True)
class MapGround:
    """What a map of a place draws, before it has a size.

    Attributes
    ----------
    areas
        Of the whole study, index ``area_code``, in metres.
    place
        Codes of the areas that are drawn by class.
    kinds
        The class of each area.
    base
        Of the study: land, built-up ground, names (:mod:`connectivity.maps.base_map`).
    named
        Places that are named on the map, each with the codes of its areas: those of a map of several.
    labels
        Of the classes: all six of the measure, and what else the place has.
    """

    areas: gpd.GeoDataFrame
    place: frozenset[str]
    kinds: pd.Series
    base: Mapping[str, Any]
    named: Mapping[str, Collection[str]]
    labels: tuple[tuple[int, str], ...]

    @property
    def bounds(self) -> Box:
        """West, south, east and north of the place, in metres."""
        own = gpd.GeoSeries(self.areas.geometry[self.areas.index.isin(self.place)])
        west, south, east, north = (float(edge) for edge in own.total_bounds)
        return west, south, east, north

    def place_in(self, shapes: gpd.GeoSeries) -> npt.NDArray[np.bool_]:
        """Say which of some areas are the place's."""
        return np.asarray(shapes.index.isin(self.place))


def map_ground(
    areas: gpd.GeoDataFrame,
    *,
    place: Collection[str],
    base: Mapping[str, Any],
    unit: str,
    named: Mapping[str, Collection[str]] | None = None,
) -> MapGround:
    """Return what a map of a place draws: the share of premises that cannot support home working, in fixed classes.

    Parameters
    ----------
    areas
        Of the study, index ``area_code``, EPSG:27700, with ``score_remote``, ``status`` and ``district_code``.
    place
        Codes of the areas of the place.
    base
        From :mod:`connectivity.maps.base_map`.
    unit
        What the study counts, “premises” or “lines”.
    named
        Places to name on the map, each with the codes of its areas.
    """
    require_metres(gpd.GeoSeries(areas.geometry))
    measure = MEASURES["remote"]
    kinds = measure.kinds(areas[measure.column], unit=unit).where(has_count(areas["status"]), UNKNOWN)
    kept = frozenset(map(str, place))
    here = kinds[kinds.index.isin(kept)]
    alike = areas["status"].eq(NOT_TOLD_APART)
    labels = [*enumerate(measure.breaks(unit=unit).labels(percent=measure.percent))]
    if alike[alike.index.isin(kept)].any():
        labels.append((COUNCIL_ONLY, READINGS["alike"].cell))
    if here.eq(UNKNOWN).any():
        labels.append((UNKNOWN, READINGS["insufficient"].cell))
    return MapGround(areas, kept, kinds, base, named or {}, tuple(labels))


@dataclass(frozen=True, slots=True)
class MapBox:
    """The size of a map, and what is drawn on it beside the shapes.

    Attributes
    ----------
    width, height
        In points.
    most_names
        Names of places, at most; a third as many outside the place.
    furniture
        Whether it has a scale bar, north and a frame.
    """

    width: float
    height: float
    most_names: int
    furniture: bool = True


def drawn_map(ground: MapGround, box: MapBox, *, letters: Letters, title: str, description: str) -> str:
    """Draw the map alone: its title and description are for those who hear it.

    Parameters
    ----------
    ground
        From `map_ground`.
    box
        Its size.
    letters
        What it is set in.
    title, description
        What it shows, with the number in it.
    """
    return str(render("print_map.svg", **_body(ground, box, letters=letters, title=title, description=description)))


def map_sheet(
    ground: MapGround, *, letters: Letters, title: str, description: str, above: Sequence[str], below: Sequence[str]
) -> str:
    """Draw the map as a picture that stands alone: its title above it, what its colours mean and whose it is below.

    Parameters
    ----------
    ground, letters, title, description
        As of `drawn_map`; the title is written, too.
    above, below
        Lines under the title and under the legend, such as what must not be forgotten and whose figures they are.
    """
    wide = SHEET - 2 * SHEET_EDGE
    west, south, east, north = ground.bounds
    high = round(wide * min(max((north - south) / (east - west), TALLEST[0]), TALLEST[1]))
    box = MapBox(wide, high, most_names=30)
    at = float(SHEET_EDGE)
    heading: list[dict[str, object]] = []
    for words, size, family in ((title, 15, SERIF), *((one, 8.5, SANS) for one in above if one)):
        lines = _wrapped(letters.printable(words), wide / size, letters=letters)
        step = size * LINE_HEIGHT
        heading += [_line(line, at + step * n, size=size, family=family, ink=INK) for n, line in enumerate(lines, 1)]
        at += step * len(lines)
        at += 2
    top = at + 8
    key, at = _key(ground, top=top + high + 12, letters=letters)
    foot: list[dict[str, object]] = []
    for words in filter(None, below):
        lines = _wrapped(letters.printable(words), wide / 7.5, letters=letters)
        step = 7.5 * LINE_HEIGHT
        foot += [_line(line, at + step * n, size=7.5, family=SANS, ink=SOFT) for n, line in enumerate(lines, 1)]
        at += step * len(lines) + 3
    drawn = _body(ground, box, letters=letters, title=title, description=description)
    sheet = {"width": SHEET, "height": round(at + SHEET_EDGE), "x": SHEET_EDGE, "y": round(top, 1)}
    return str(render("print_map.svg", **drawn | sheet | {"heading": heading, "key": key, "foot": foot}))


def _key(ground: MapGround, *, top: float, letters: Letters) -> tuple[list[dict[str, object]], float]:
    """Place the legend in rows, and say where it ends."""
    x, y, key = float(SHEET_EDGE), top, []
    for kind, words in ground.labels:
        wide = 26 + letters.width(words) * 8 + 12
        if x + wide > SHEET - SHEET_EDGE:
            x, y = float(SHEET_EDGE), y + 13
        key.append({"x": round(x, 1), "y": round(y, 1), "words": words, "swatch": _swatch(kind)})
        x += wide
    return key, y + 13


def _line(words: str, y: float, *, size: float, family: str, ink: str) -> dict[str, object]:
    return {"words": words, "x": SHEET_EDGE, "y": round(y, 1), "size": size, "family": family, "ink": ink}


def _wrapped(words: str, ems: float, *, letters: Letters) -> list[str]:
    """Break words into lines no wider than so many ems; a word that is wider is broken, too."""
    lines: list[str] = []
    for word in words.split():
        if lines and letters.width(f"{lines[-1]} {word}") <= ems:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if letters.width(lines[-1] + letter) > ems:
                lines.append("")
            lines[-1] += letter
    return lines


def class_picture(kind: int) -> str:
    """Draw what fills a class as a small picture of its own, for a legend."""
    return str(render("print_symbol.svg", width=22, height=9, drawn=_swatch(kind)))


def symbol_picture(mark: str) -> str:
    """Draw the symbol of how sure a place is as a small picture of its own."""
    return str(render("print_symbol.svg", width=16, height=16, drawn=Markup(DISCS[mark])))  # noqa: S704 - our own


def _body(ground: MapGround, box: MapBox, *, letters: Letters, title: str, description: str) -> dict[str, object]:
    """Arrange what the template writes of a map alone."""
    frame = _frame(ground, box)
    view = _box_of(frame)
    shapes = _shapes(ground, view=view, metres=frame.metres * PER_POINT)
    outline = _joined(shapes[ground.place_in(shapes)])
    bar = _bar(frame, outline=outline, box=box) if box.furniture else None
    return {
        "title": letters.printable(title),
        "description": letters.printable(description),
        "width": box.width,
        "height": box.height,
        "x": 0,
        "y": 0,
        "box_width": box.width,
        "box_height": box.height,
        "ground": PLAIN if ground.base["missing"] else SEA,
        "layers": [one.sent(frame) for one in _layers(ground, shapes, outline=outline, frame=frame)],
        "names": _names(ground, shapes, outline=outline, frame=frame, box=box, letters=letters, bar=bar),
        "bar": bar,
        "ink": INK,
        "heading": [],
        "key": [],
        "foot": [],
    }


@dataclass(frozen=True, slots=True)
class _Layer:
    """Shapes or lines of one look: `wide` in tenths of a point."""

    shapes: Sequence[shapely.Geometry]
    fill: str = "none"
    stroke: str = "none"
    wide: float = 0

    def sent(self, frame: Frame) -> dict[str, object]:
        paths = (_line_path(one, frame) if self.fill == "none" else path_of(one, frame=frame) for one in self.shapes)
        drawn = [Markup(path) for path in paths if path]  # noqa: S704 - steps of our own
        return {"fill": self.fill, "stroke": self.stroke, "wide": self.wide, "paths": drawn}


def _frame(ground: MapGround, box: MapBox) -> Frame:
    """Fit the place, with some ground round it, into a box."""
    west, south, east, north = ground.bounds
    across, down = east - west, north - south
    edge = ROUND.value * max(across, down)
    metres = max((across + 2 * edge) / box.width, (down + 2 * edge) / box.height, LEAST.value / box.width) / PER_POINT
    left = (west + east) / 2 - box.width * PER_POINT * metres / 2
    top = (south + north) / 2 + box.height * PER_POINT * metres / 2
    return Frame(float(left), float(top), float(metres), round(box.width * PER_POINT), round(box.height * PER_POINT))


def _joined(shapes: gpd.GeoSeries | pd.Series) -> shapely.Geometry:
    """Join areas that share their borders."""
    return shapely.coverage_union_all(np.asarray(shapes, dtype=object))


def _box_of(frame: Frame) -> Box:
    return (
        frame.left,
        frame.top - frame.height * frame.metres,
        frame.left + frame.width * frame.metres,
        frame.top,
    )


def _shapes(ground: MapGround, *, view: Box, metres: float) -> gpd.GeoSeries:
    """Return the areas that the map shows, simplified together, so that borders they share stay shared."""
    near = ground.areas.geometry.iloc[ground.areas.sindex.query(shapely.box(*view), predicate="intersects")]
    kept = clean(gpd.GeoSeries(near.sort_index()))
    simple = shapely.coverage_simplify(np.asarray(kept.to_numpy(), dtype=object), SMOOTH.value * metres)
    return gpd.GeoSeries(simple, index=kept.index, crs=kept.crs)


def _layers(ground: MapGround, shapes: gpd.GeoSeries, *, outline: shapely.Geometry, frame: Frame) -> Iterator[_Layer]:
    """Give everything that is drawn, from the ground up."""
    view = _box_of(frame)
    land = _clipped(ground.base["land"], view)
    here = ground.place_in(shapes)
    rest, own = gpd.GeoSeries(shapes[~here]), gpd.GeoSeries(shapes[here])
    councils = ground.areas["district_code"].reindex(shapes.index)
    outside = [
        shapely.clip_by_rect(_joined(group), *_wider(view)) for _, group in rest.groupby(councils[~here].to_numpy())
    ]
    yield _Layer([*land, *outside], LAND, LAND, 12)  # as wide as the slivers between two sources' borders
    yield _Layer(_clipped(ground.base["built"], view), BUILT)
    if len(rest) <= FEW:
        yield _Layer(
            [shapely.boundary(shapely.clip_by_rect(one, *_wider(view))) for one in rest], stroke=BORDER, wide=3
        )
    yield _Layer([shapely.boundary(one) for one in (*land, *outside)], stroke=BORDER, wide=6)
    yield from _classes(ground, own, frame=frame)
    if len(set(councils[here])) > 1:
        borders = [_joined(group) for _, group in own.groupby(councils[here].to_numpy())]
        yield _Layer([shapely.boundary(one) for one in borders], stroke=INK, wide=6)
    yield _Layer([shapely.boundary(_without_specks(outline, frame=frame))], stroke=INK, wide=9)


def _classes(ground: MapGround, own: gpd.GeoSeries, *, frame: Frame) -> Iterator[_Layer]:
    """Give the areas of the place by class, and the pattern on each."""
    kinds = ground.kinds.reindex(own.index)
    alike = ground.areas["status"].reindex(own.index).eq(NOT_TOLD_APART)
    patterns = []
    for kind in sorted(set(kinds.tolist())):
        paint, group = PAINTS[kind], own[kinds.eq(kind)]
        joined = _joined(group)
        apart = group[~alike.reindex(group.index)] if len(own) <= MOST_PLACES else group[:0]
        whole = [joined] if len(own) > MOST_PLACES else []
        together = group[alike.reindex(group.index)]
        yield _Layer([*apart, *whole], paint.ground, paint.border, 3)
        yield _Layer(list(together), paint.ground, paint.ground, 2)  # no border: one figure is known for all of them
        if paint.pattern:
            patterns.append(_Layer(_pattern(joined, paint.pattern, frame=frame), stroke=paint.ink, wide=4.5))
    yield from patterns
    if alike.any():
        joined = _joined(own[alike])
        yield _Layer(_pattern(joined, "level", frame=frame), stroke=LEVEL_INK, wide=3)


def _pattern(shape: shapely.Geometry, pattern: str, *, frame: Frame) -> list[shapely.Geometry]:
    """Cut the lines of a pattern to a shape; dots are lines too short to be seen as such."""
    apart = APART[pattern] * PER_POINT * frame.metres
    west, south, east, north = (float(edge) for edge in shapely.bounds(shape))
    # From the map's own corner, so that the lines of two shapes of one class meet.
    if pattern == "dots":
        xs, ys = (
            np.arange(np.floor(low / apart), high / apart + 1) * apart for low, high in ((west, east), (south, north))
        )
        spots = np.array(list(itertools.product(xs, ys))).reshape(-1, 2)
        inside = spots[shapely.contains_xy(shape, spots[:, 0], spots[:, 1])]
        long = frame.metres * 6
        return [shapely.multilinestrings([[(x, y), (x + long, y)] for x, y in inside])] if len(inside) else []
    if pattern == "level":
        ys = np.arange(np.floor(south / apart), north / apart + 1) * apart
        ends = [((west, y), (east, y)) for y in ys]
    else:
        lean = 1 if pattern == "rising" else -1
        step, tall = apart * float(np.sqrt(2)), north - south
        offsets = [west - lean * y for y in (south, north)] + [east - lean * y for y in (south, north)]
        starts = np.arange(np.floor(min(offsets) / step), max(offsets) / step + 1) * step
        ends = [((x + lean * south, south), (x + lean * (south + tall), north)) for x in starts]
    lines = shapely.multilinestrings([list(one) for one in ends])
    cut = [one for one in shapely.get_parts(shapely.intersection(lines, shape)) if one.geom_type == "LineString"]
    return [shapely.multilinestrings(cut)] if cut else []


def _without_specks(shape: shapely.Geometry, *, frame: Frame) -> shapely.Geometry:
    """Leave out holes and islets so small that their outline would only be a blot."""
    least = (SPECK * PER_POINT * frame.metres) ** 2
    parts = [one for one in shapely.get_parts(np.array([shape])) if one.area >= least]
    return shapely.MultiPolygon(
        [shapely.Polygon(one.exterior, [r for r in one.interiors if shapely.Polygon(r).area >= least]) for one in parts]
    )


def _line_path(shape: shapely.Geometry, frame: Frame) -> str:
    """Write lines as a path: each from where it begins, by steps in tenths of a point."""
    drawn = []
    for line in shapely.get_parts(np.array([shape])):
        corners = frame.placed(line)
        moved = np.vstack([[True, True], np.diff(corners, axis=0) != 0]).any(axis=1)
        (x, y), *rest = corners[moved].tolist()
        steps = np.diff(corners[moved], axis=0).tolist()
        if rest:
            drawn.append(f"M{x} {y}l" + " ".join(f"{right} {down}" for right, down in steps).replace(" -", "-"))
    return "".join(drawn)


def _wider(view: Box) -> Box:
    """Give a box some points wider, so that the border made by cutting is not seen."""
    edge = 0.05 * (view[2] - view[0])
    return view[0] - edge, view[1] - edge, view[2] + edge, view[3] + edge


def _clipped(packed: Mapping[str, Any], view: Box) -> list[shapely.Geometry]:
    """Unpack shapes of the base that a map shows, cut to its box."""
    if not packed["shapes"]:
        return []
    west, south, east, north = _wider(view)
    corners = pd.DataFrame({"x": [west, west, east, east], "y": [south, north, south, north]})
    lat, lon = to_degrees(corners["x"], corners["y"])
    box = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    found = gpd.GeoSeries(unpack(dict(packed), box=box), crs=DEGREES).to_crs(GRID)
    cut = [shapely.clip_by_rect(one, *_wider(view)) for one in found]
    return [one for one in cut if not one.is_empty and one.area > 0]


def _bar(frame: Frame, *, outline: shapely.Geometry, box: MapBox) -> dict[str, float | str]:
    """Say where the scale bar and north stand: in the corner that covers least of the place."""
    metres = frame.metres * PER_POINT
    length = max((one for one in LENGTHS if one / metres <= box.width * 0.22), default=LENGTHS[0])
    long = round(length / metres, 1)
    wide, high, edge = long + 24, 26.0, 7.0
    lefts = {"left": edge, "right": box.width - wide - edge}
    tops = {"bottom": box.height - high - edge, "top": edge}
    covered = {
        (down, side): shapely.area(
            shapely.clip_by_rect(
                outline,
                frame.left + left * metres,
                frame.top - (top + high) * metres,
                frame.left + (left + wide) * metres,
                frame.top - top * metres,
            )
        )
        for (down, top), (side, left) in itertools.product(tops.items(), reversed(lefts.items()))
    }
    (down, side) = min(covered, key=lambda corner: covered[corner])
    left, top = lefts[side], tops[down]
    said = f"{length // KILOMETRE} km" if length >= KILOMETRE else f"{length} m"
    x, y = round(left + 20, 1), round(top + high, 1)
    return {
        "x": x,
        "y": y,
        "long": long,
        "middle": round(x + long / 2, 1),
        "words": said,
        "north": round(left + 4, 1),
        "left": left,
        "top": top,
        "wide": wide,
        "high": high,
    }


def _names(
    ground: MapGround,
    shapes: gpd.GeoSeries,
    *,
    outline: shapely.Geometry,
    frame: Frame,
    box: MapBox,
    letters: Letters,
    bar: Mapping[str, Any] | None,
) -> list[dict[str, object]]:
    """Place names where they cover none that came before: the places the map is about, then towns by their size."""
    taken: list[Box] = []
    if bar:
        taken.append((bar["left"] - 3, bar["top"] - 3, bar["left"] + bar["wide"] + 3, bar["top"] + bar["high"] + 3))
    put: list[dict[str, object]] = []

    def place(words: str, spot: npt.NDArray[np.float64], *, size: float, ink: str, dot: bool) -> bool:
        words = letters.printable(words)
        half, high, off = letters.width(words) * size / 2 + 1.5, size * HALF_HIGH, 3.2 if dot else 0.0
        spots = [(0, -high - off), (half + off, 0), (-half - off, 0), (0, high + off)] if dot else [(0.0, 0.0)]
        x, y = spot.tolist()
        for right, down in spots:
            found = (x + right - half, y + down - high, x + right + half, y + down + high)
            if found[0] < 3 or found[1] < 3 or found[2] > box.width - 3 or found[3] > box.height - 3:  # noqa: PLR2004 - points free at the edge
                continue
            if any(_meet(found, other) for other in taken):
                continue
            taken.append(found)
            if dot:
                taken.append((x - 1.5, y - 1.5, x + 1.5, y + 1.5))
            put.append(
                {
                    "words": words,
                    "x": round(x + right, 1),
                    "y": round(y + down + size * 0.35, 1),
                    "size": size,
                    "ink": ink,
                    "dot": dot,
                    "at_x": round(x, 1),
                    "at_y": round(y, 1),
                }
            )
            return True
        return False

    for name, codes in ground.named.items():
        own = shapes[shapes.index.isin(list(codes))]
        if len(own) and letters.width(letters.printable(name)) * SIZES[0] < box.width / 2:
            middle = shapely.point_on_surface(_joined(own))
            place(name, _points(middle, frame), size=SIZES[0] + 0.8, ink=INK, dot=False)
    _towns(ground, outline=outline, frame=frame, box=box, place=place)
    return put


def _towns(
    ground: MapGround,
    *,
    outline: shapely.Geometry,
    frame: Frame,
    box: MapBox,
    place: Any,  # noqa: ANN401 - the function above
) -> None:
    towns = pd.DataFrame(ground.base["places"], columns=["name", "rank", "lat", "lon"])
    if towns.empty or not box.most_names:
        return
    x, y = to_metres(towns["lat"], towns["lon"])
    view = _box_of(frame)
    across = (view[2] - view[0]) / KILOMETRE
    last = max((rank for kilometres, rank in NAMED_WITHIN if across <= kilometres), default=0)
    shown = (x > view[0]) & (x < view[2]) & (y > view[1]) & (y < view[3]) & (towns["rank"] <= last).to_numpy()
    inside = shapely.contains_xy(outline, x, y)
    for ours, most, ink in ((True, box.most_names, INK), (False, box.most_names // 3, SOFT)):
        left = most
        for at in np.flatnonzero(shown & (inside == ours)):
            rank = int(towns["rank"].iloc[at])
            spot = _points(shapely.Point(x[at], y[at]), frame)
            if left and place(str(towns["name"].iloc[at]), spot, size=SIZES[rank], ink=ink, dot=True):
                left -= 1


def _points(spot: shapely.Geometry, frame: Frame) -> npt.NDArray[np.float64]:
    """Return where a spot lies on the map, in points."""
    metres = shapely.get_coordinates(spot)[0] - (frame.left, frame.top)
    found: npt.NDArray[np.float64] = metres / (frame.metres, -frame.metres) / PER_POINT
    return found


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _swatch(kind: int) -> Markup:
    """Draw a box of the class and its pattern, 22 by 9."""
    paint = PAINTS[0] if kind == COUNCIL_ONLY else PAINTS[kind]
    pattern = "level" if kind == COUNCIL_ONLY else paint.pattern
    ink = LEVEL_INK if kind == COUNCIL_ONLY else paint.ink
    shape = shapely.box(0.5, 0.5, 21.5, 8.5)
    frame = Frame(0, 9, 1 / PER_POINT, 220, 90)
    lines = "".join(_line_path(one, frame) for one in _pattern(shape, pattern, frame=frame)) if pattern else ""
    fill = "#FFF" if kind == COUNCIL_ONLY else paint.ground
    return render("print_swatch.svg", ground=fill, ink=ink, lines=lines, edge=INK)
