"""Which area each of many points lies in: millions of premises or postcodes on any boundary, exactly.

Squares are laid over the areas, small where there are many points. Where a square lies wholly in one area, its points
need no test; where a border crosses it, its points are tested against the few areas it touches. Nothing is rounded: a
square's side is a power of two, so which square a point is in is exact, and the tests are shapely's own.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from layers.errors import LayerError
from layers.intake.coordinates import BRITISH_NATIONAL_GRID

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int32]

IN_NO_AREA = -1
"""The position of a point that is in no area."""
TESTED = -2
"""In the grid: which area depends on where in the square the point lies."""
CHUNK = 250_000
"""Points handled at once by one thread: about 25 MB of working memory, and columns stay in the processor's cache."""
POINTS_PER_SQUARE, MOST_SQUARES, FINEST = 16, 2**20, 256
"""How finely squares are split (16 was the fastest of 4, 8, 16 and 32 in benchmarks/points.py), and the limits."""
BLOCKS, COUNTED = 4096, 1_000_000
"""Squares before they are split; points that are counted to see where they are dense."""


def areas_of_points(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    areas: gpd.GeoSeries | gpd.GeoDataFrame,
    chunk: int = CHUNK,
    threads: int = 2,
) -> Positions:
    """Find the area each point lies in.

    Parameters
    ----------
    x, y
        Eastings and northings, shape (n,), metres on the British National Grid.
    areas
        Valid polygons on the British National Grid. They may overlap, have holes or be in several parts.
    chunk
        Points handled at once by one thread.
    threads
        How many threads work; the answer does not depend on it.

    Returns
    -------
    ndarray of int32, shape (n,)
        Position of the area in `areas`, counted from 0. A border belongs to its area; a point on the border of
        several, or inside several that overlap, goes to the lowest position, so that it is counted once. −1 where a
        point is in no area, or has no finite coordinates: count those before, with ``isnan``.

    Raises
    ------
    LayerError
        When the areas are in degrees or on no known grid.
    ValueError
        When `x` and `y` differ in shape.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs="EPSG:27700")
    >>> areas_of_points([5, 10, 15, 25, float("nan")], [5, 5, 5, 5, 5], areas=squares).tolist()
    [0, 0, 1, -1, -1]
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if east.ndim != 1 or east.shape != north.shape:
        raise ValueError(f"Expected as many x as y, in one column each; found shapes {east.shape} and {north.shape}.")
    _require_metres(areas)
    result = np.full(len(east), IN_NO_AREA, dtype=np.int32)
    shapes = np.asarray(areas.geometry.to_numpy(), dtype=object)
    if not len(east) or np.all(shapely.is_missing(shapes) | shapely.is_empty(shapes)):
        return result
    grid = _Grid.over(shapes, x=east, y=north)

    def fill(start: int) -> None:
        part = slice(start, start + chunk)
        result[part] = grid.find(east[part], north[part])

    with ThreadPoolExecutor(threads) as pool:  # threads, as shapely and numpy release the lock; nothing is copied
        list(pool.map(fill, range(0, len(east), chunk)))
    return result


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Equal squares over a rectangle, row by row from the south-west, and one more for everywhere else.

    Attributes
    ----------
    side
        Metres; a power of two.
    corner, size
        Column and row of the first, counted in sides from the grid's origin; columns and rows.
    """

    side: float
    corner: tuple[int, int]
    size: tuple[int, int]

    @classmethod
    def over(cls, bounds: Numbers) -> _Blocks:
        """Lay at most some `BLOCKS` of them."""
        west, south, east, north = (float(value) for value in bounds)
        longest = max(east - west, north - south)
        least = max(math.sqrt((east - west) * (north - south) / BLOCKS), longest / BLOCKS)
        side = 2.0 ** math.ceil(math.log2(least)) if least > 0 else 1.0
        corner = math.floor(west / side), math.floor(south / side)
        return cls(side, corner, (math.floor(east / side) - corner[0] + 1, math.floor(north / side) - corner[1] + 1))

    def find(self, x: Numbers, y: Numbers) -> npt.NDArray[np.intp]:
        """Find the block of each point."""
        column, row = np.floor(x / self.side) - self.corner[0], np.floor(y / self.side) - self.corner[1]
        near = (column >= 0) & (column < self.size[0]) & (row >= 0) & (row < self.size[1])
        return np.where(near, row * self.size[0] + column, self.size[0] * self.size[1]).astype(np.intp)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Blocks, each split into squares; the last block, for everywhere else, is one square that touches no area.

    Attributes
    ----------
    split
        For each block: into how many columns and rows of squares; a power of two.
    begin
        For each block: its first square.
    direct
        For each square: the area all of it is in, `OUTSIDE`, or `TESTED`.
    candidates, first
        The areas that touch square `i`, lowest position first, are ``candidates[first[i] : first[i + 1]]``.
    shapes
        The areas, prepared.
    """

    blocks: _Blocks
    split: npt.NDArray[np.intp]
    begin: npt.NDArray[np.intp]
    direct: Positions
    candidates: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    shapes: npt.NDArray[np.object_]

    @classmethod
    def over(cls, shapes: npt.NDArray[np.object_], *, x: Numbers, y: Numbers) -> _Grid:
        """Lay squares over the shapes, fine where points lie dense."""
        blocks = _Blocks.over(shapely.total_bounds(shapes))
        columns, count = blocks.size[0], blocks.size[0] * blocks.size[1]
        step = max(len(x) // COUNTED, 1)
        points = step * np.bincount(blocks.find(x[::step], y[::step]), minlength=count + 1)
        wanted = points / max(POINTS_PER_SQUARE, len(x) / MOST_SQUARES)
        split = 2 ** np.round(np.log2(np.clip(np.sqrt(wanted), 1, FINEST))).astype(np.intp)
        split[count] = 1
        begin = np.cumsum(split**2) - split**2
        block = np.repeat(np.arange(count), split[:count] ** 2)
        row, column = np.divmod(np.arange(len(block)) - begin[block], split[block])
        side = blocks.side / split[block]
        west = (block % columns + blocks.corner[0]) * blocks.side + column * side
        south = (block // columns + blocks.corner[1]) * blocks.side + row * side
        boxes = shapely.box(west, south, west + side, south + side)
        own = shapely.force_2d(shapes)  # copies: preparing would change the caller's
        shapely.prepare(own)
        square, area = shapely.STRtree(own).query(boxes)
        touching = shapely.intersects(own[area], boxes[square])
        square, area = square[touching], area[touching]
        order = np.lexsort((area, square))
        square, area = square[order], area[order]
        lowest = np.flatnonzero(np.diff(square, prepend=-1))
        whole = shapely.covers(own[area[lowest]], boxes[square[lowest]])
        direct = np.full(len(boxes) + 1, IN_NO_AREA, dtype=np.int32)
        direct[square[lowest]] = np.where(whole, area[lowest], TESTED)
        # A prepared shape builds its index at the first test, which two threads must not do at once.
        left, bottom, right, top = shapely.bounds(own).T
        shapely.intersects_xy(own, (left + right) / 2, (bottom + top) / 2)
        first = np.searchsorted(square, np.arange(len(boxes) + 2))
        return cls(blocks, split, begin, direct, area, first, own)

    def find(self, x: Numbers, y: Numbers) -> Positions:
        """Find the area of each point."""
        square = self._square(x, y)
        result = self.direct[square]
        waiting = np.flatnonzero(result == TESTED)
        waiting = waiting[np.argsort(square[waiting])]  # neighbours together: their areas stay in the cache
        result[waiting] = IN_NO_AREA
        at, end = self.first[square[waiting]], self.first[square[waiting] + 1]
        while len(waiting):
            area = self.candidates[at]
            inside = shapely.intersects_xy(self.shapes[area], x[waiting], y[waiting])
            result[waiting[inside]] = area[inside]
            further = ~inside & (at + 1 < end)
            waiting, at, end = waiting[further], at[further] + 1, end[further]
        return result

    def _square(self, x: Numbers, y: Numbers) -> npt.NDArray[np.intp]:
        """Find the square of each point: the whole part of its place in sides is the block, the rest is the square."""
        block = self.blocks.find(x, y)
        elsewhere = block == len(self.split) - 1
        split = self.split[block]
        column, row = (
            np.floor(np.where(elsewhere, 0.0, values / self.blocks.side) * split).astype(np.intp) % split
            for values in (x, y)
        )
        found: npt.NDArray[np.intp] = self.begin[block] + row * split + column
        return found


def _require_metres(areas: gpd.GeoSeries | gpd.GeoDataFrame) -> None:
    if areas.crs is None or areas.crs.to_epsg() != int(BRITISH_NATIONAL_GRID.removeprefix("EPSG:")):
        raise LayerError(
            "Points can be placed only in areas whose outlines are in metres.",
            expected=f"outlines on the British National Grid ({BRITISH_NATIONAL_GRID})",
            found="no coordinate system" if areas.crs is None else areas.crs.to_string(),
            next_step=f'turn the outlines with to_crs("{BRITISH_NATIONAL_GRID}"), and the points with them',
        )


def shapely_points(places: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Make one shapely point of each row of x and y."""
    return np.atleast_1d(np.asarray(shapely.points(places)))


def metres_to_nearest(points: Numbers, places: Numbers, *, neighbour: int = 1) -> Numbers:
    """Return the distance from each point to the nearest of some places, or to the next nearest after it, and so on.

    Parameters
    ----------
    points, places
        Shape (n, 2) and (m, 2), metres.
    neighbour
        1 for the nearest place, 2 for the next.

    Returns
    -------
    ndarray, shape (n,)
        Metres; infinite where there are fewer places than that.

    Examples
    --------
    >>> metres_to_nearest(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [6.0, 8.0]]), neighbour=2).tolist()
    [10.0]
    """
    if len(places) == 0:
        return np.full(len(points), np.inf)
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.3 s to import, which no other reader of this waits for

    metres, _ = cKDTree(places).query(points, k=[neighbour])
    return np.asarray(metres[:, 0], dtype=float)
