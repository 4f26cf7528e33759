"""Shapes in metres as short SVG paths: whole numbers in a box of a fixed size, each step from the corner before.

Two shapes that share a corner in metres share it in the box, so borders that were shared stay shared.

The map of a council as SVG inside its page: fixed classes, hatching, a scale bar, letters that lead to the table.

Colour never stands alone: the two worst classes and “not enough data” have patterns, and the legend counts each
class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from markupsafe import Markup

from connectivity.html.render import render
from connectivity.maps.sketch import simplified
from connectivity.maps.symbology import SCALE, UNKNOWN
from layers.figures import Figure

SIDE = Figure(1000, "units", "longer side of the box a map is drawn in", "assumption: about a pixel each on a desk")
EDGE = 10
"""Units left free around the shapes, so that the outermost line is not cut."""
FEWEST_CORNERS = 3
DOT = "h2v2h-2z"
"""What stands for a shape smaller than a unit: nothing that was given is left out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where on the grid a map lies, and how many metres one unit of it is.

    Attributes
    ----------
    left, top
        Metres on the British National Grid at the box's upper left corner.
    metres
        Metres of one unit.
    width, height
        Of the box, in units.
    """

    left: float
    top: float
    metres: float
    width: int
    height: int

    @classmethod
    def around(cls, shapes: gpd.GeoSeries) -> Frame:
        """Fit a box round shapes.

        Examples
        --------
        >>> Frame.around(gpd.GeoSeries([shapely.box(0, 0, 9800, 4900)], crs=27700))
        Frame(left=-100.0, top=5000.0, metres=10.0, width=1000, height=510)
        """
        west, south, east, north = (float(edge) for edge in shapes.total_bounds)
        metres = max(east - west, north - south, 1.0) / (SIDE.value - 2 * EDGE)
        width, height = (int(np.ceil(length / metres)) + 2 * EDGE for length in (east - west, north - south))
        return cls(west - EDGE * metres, north + EDGE * metres, metres, width, height)

    def placed(self, shape: shapely.Geometry) -> npt.NDArray[np.int64]:
        """Give a shape's corners in whole units, downwards from the top; shape (n, 2)."""
        units = (shapely.get_coordinates(shape) - (self.left, self.top)) / (self.metres, -self.metres)
        whole: npt.NDArray[np.int64] = np.rint(units).astype(np.int64)
        return whole

    def corners(self, ring: shapely.Geometry) -> npt.NDArray[np.int64]:
        """Give a ring's corners in whole units, none twice in a row, the first not repeated; shape (n, 2)."""
        whole = self.placed(ring)
        moved = (whole != np.roll(whole, 1, axis=0)).any(axis=1)
        return np.asarray(whole[moved])


def path_of(*shapes: shapely.Geometry, frame: Frame) -> str:
    """Write shapes as one path of an SVG; fill it by the even-odd rule.

    Parameters
    ----------
    shapes
        Polygons, or several in one, in metres; they do not overlap.
    frame
        The box they are drawn in.

    Examples
    --------
    >>> path_of(shapely.box(20, 10, 50, 30), frame=Frame(0, 100, 10, 10, 10))
    'm5 7h-3v2h3z'
    >>> path_of(shapely.box(21, 11, 22, 12), shapely.box(30, 10, 40, 20), frame=Frame(0, 100, 10, 10, 10))
    'm2 9h2v2h-2zm2-1h-1v1h1z'
    """
    drawn, at = [], np.zeros(2, dtype=np.int64)
    for part in shapely.get_parts(np.array(shapes)):
        outer, *holes = shapely.get_rings(part)
        corners = [frame.corners(ring) for ring in (outer, *holes)]
        if len(corners[0]) < FEWEST_CORNERS:
            spot = frame.placed(outer)[0]
            drawn.append(f"m{_pair(*(spot - at).tolist())}{DOT}")
            at = spot
            continue
        for ring in (ring for ring in corners if len(ring) >= FEWEST_CORNERS):
            first, *steps = np.diff(np.vstack([at, ring]), axis=0).tolist()
            drawn.append(f"m{_pair(*first)}{_steps(steps)}z")
            at = ring[0]
    return "".join(drawn)


def _steps(steps: list[list[int]]) -> str:
    """Write steps, a letter only where the kind of line changes; pairs right after a move are lines."""
    written, last = [], "l"
    for x, y in steps:
        letter = "h" if y == 0 else "v" if x == 0 else "l"
        words = {"h": str(x), "v": str(y), "l": _pair(x, y)}[letter]
        joint = letter if letter != last else "" if words.startswith("-") else " "
        written.append(f"{joint}{words}")
        last = letter
    return "".join(written)


def _pair(x: int, y: int) -> str:
    return f"{x}{'' if y < 0 else ' '}{y}"


LETTERS = "ABCDEFGHIJ"
"""Marks of the places that stand first in the table, as many as fit."""
TRIED = Figure(30, "places", "from the top of the table that may get a letter", "assumption: three for each letter")
APART = Figure(52, "units", "between two letters", "assumption: a letter's height on a small screen")
FOOT = 76
"""Units under the map for the scale bar, so that it covers nothing."""
LENGTHS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Metres a scale bar may have: the longest under a third of the map's width is taken."""
KILOMETRE = 1_000
PALE, GREY = "#F3D79B", "#6B6F73"


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a map is drawn.

    Attributes
    ----------
    corners
        At most, on average, of each area; areas that touch need about seven.
    named
        Whether a pointer on an area shows its name and figure.
    borders
        Whether areas of one colour that touch keep the border between them.
    """

    corners: int
    named: bool = True
    borders: bool = True


DETAILS = (
    Detail(30),
    Detail(18),
    Detail(11),
    Detail(18, named=False),
    Detail(11, named=False),
    Detail(9, named=False),
    Detail(9, named=False, borders=False),
)
"""From the fullest map to the lightest; a page takes the first that fits (assumption: steps worth a look each)."""


def paints() -> str:
    """Write the rules that fill each class, for the page's stylesheet and its legend alike."""
    plain = "".join(f".k{kind}{{fill:{colour}}}" for kind, colour in enumerate(SCALE[:4]))
    return f"{plain}.k4{{fill:url(#k4)}}.k5{{fill:url(#k5)}}.ku{{fill:url(#ku)}}"


def paint_of(kind: int) -> str:
    """Name the class of the stylesheet that fills a class of the map.

    >>> paint_of(0), paint_of(UNKNOWN)
    ('k0', 'ku')
    """
    return "ku" if kind == UNKNOWN else f"k{kind}"


def letters_of(areas: gpd.GeoDataFrame, *, order: Sequence[str]) -> dict[str, str]:
    """Give letters to the places that stand first in the table, where there is room on the map for each.

    Parameters
    ----------
    areas
        All areas of the map, indexed by code.
    order
        Codes of the scored ones, as the table lists them.

    Returns
    -------
    dict
        Letter by code, in order.
    """
    found: dict[str, str] = {}
    frame, spots = Frame.around(areas.geometry), np.empty((0, 2))
    for code in order[: int(TRIED.value)]:
        spot = _spot(areas.geometry[code], frame=frame)
        if len(found) < len(LETTERS) and (np.hypot(*(spots - spot).T) >= APART.value).all():
            found[code] = LETTERS[len(found)]
            spots = np.vstack([spots, spot])
    return found


def static_map(
    areas: gpd.GeoDataFrame,
    *,
    kinds: pd.Series,
    says: Mapping[str, str],
    letters: Mapping[str, str],
    title: str,
    description: str,
    detail: Detail,
) -> Markup:
    """Draw the map of a council.

    Parameters
    ----------
    areas
        All its areas, indexed by code, EPSG:27700.
    kinds
        The class of each, from :mod:`connectivity.maps.symbology`.
    says
        What a pointer on each area shows.
    letters
        From `letters_of`.
    title, description
        What the map shows, for those who hear it.
    """
    shapes = simplified(areas.geometry, most_points=detail.corners * len(areas))
    frame = Frame.around(areas.geometry)
    drawn = [
        {
            "paint": f"{paint_of(kind)}{' pale' if UNKNOWN < kind <= 2 else ''}",  # noqa: PLR2004 - as maps.PALE_CLASSES
            "paths": _shapes(gpd.GeoSeries(shapes[kinds.eq(kind)]), says=says, frame=frame, detail=detail),
        }
        for kind in sorted(set(kinds))
    ]
    return render(
        "council_map.svg",
        width=frame.width,
        height=frame.height + FOOT,
        title=title,
        description=description,
        scale=SCALE,
        pale=PALE,
        grey=GREY,
        classes=drawn,
        marks=[(letter, *_spot(areas.geometry[code], frame=frame)) for code, letter in letters.items()],
        bar=_bar(frame),
    )


def _shapes(
    shapes: gpd.GeoSeries, *, says: Mapping[str, str], frame: Frame, detail: Detail
) -> list[tuple[str, str | None]]:
    """Give the paths of the areas of one class, and what a pointer on each shows."""
    if detail.named:
        return [(path_of(shape, frame=frame), says[str(code)]) for code, shape in shapes.items()]
    kept = list(shapes) if detail.borders else [shapely.coverage_union_all(shapes.to_numpy())]
    return [(path_of(*kept, frame=frame), None)]


def _spot(shape: shapely.Geometry, *, frame: Frame) -> npt.NDArray[np.int64]:
    """Find where a letter stands: inside the shape."""
    (spot,) = frame.placed(shapely.point_on_surface(shape))
    return np.asarray(spot)


def _bar(frame: Frame) -> dict[str, object]:
    """Say where the scale bar lies below the map, how long it is and what it says.

    >>> _bar(Frame(0, 0, 100, 1000, 500))
    {'foot': 520, 'units': 200, 'words': '20 km'}
    """
    length = max((metres for metres in LENGTHS if metres / frame.metres <= frame.width / 3), default=LENGTHS[0])
    said = f"{length // 1000} km" if length >= KILOMETRE else f"{length} m"
    return {"foot": frame.height + 20, "units": round(length / frame.metres), "words": said}
