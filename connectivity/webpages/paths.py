"""Shapes in metres as short SVG paths: whole numbers in a box of a fixed size, each step from the corner before.

Two shapes that share a corner in metres share it in the box, so borders that were shared stay shared.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

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
