"""Shapes that share their borders, as a short text: each border is written once, as the steps between its corners.

Areas that touch have each border twice in GeoJSON; here it is an *arc*, and a shape lists the numbers of its arcs.
A browser unpacks the text in a few milliseconds (`plate.js`), and the outer border of any set of areas is the arcs
that are used once.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
import shapely

STEP = 5e-5
"""Degrees from one corner's place to the next that can be written: 4 to 6 metres in Britain."""
CLOSED, OPEN = 3, 2
"""Fewest corners of a ring and of a line that are worth writing."""
FIVE_BITS, FIRST_LETTER, MOST_LETTERS = 5, 63, 8
"""A number is written five bits at a time, the sixth says that more follow, from letter 63 on."""

Corners = npt.NDArray[np.int64]


class Packed(TypedDict):
    """Shapes as they are written.

    ``step`` is in degrees; each text of ``arcs`` holds steps east and north from corner to corner, the first from zero;
    each of ``shapes`` is a list of rings (holes too: what lies in two rings is outside), each a list of arc numbers, in
    which ``~n`` is arc ``n`` backwards.
    """

    step: float
    arcs: list[str]
    shapes: list[list[list[int]]]


def pack(shapes: Sequence[shapely.Geometry], *, step: float = STEP) -> Packed:
    """Return shapes as arcs.

    Parameters
    ----------
    shapes
        Polygons or lines in degrees (EPSG:4326), longitude first. Borders are shared where corners are the same.
    step
        Degrees to which corners are rounded. What has too few corners after that is left out of its shape.

    Raises
    ------
    ValueError
        When the shapes are not in degrees.
    """
    chains, owners = _chains(shapes, step=step)
    joints = _joints(chains)
    arcs: list[Corners] = []
    numbers: dict[bytes, int] = {}
    made: list[list[list[int]]] = [[] for _ in shapes]
    for chain, owner in zip(chains, owners, strict=True):
        ring = []
        for arc in _cut(chain, joints=joints):
            forwards, backwards = arc.tobytes(), arc[::-1].tobytes()
            if backwards in numbers and forwards not in numbers:
                ring.append(~numbers[backwards])
                continue
            if forwards not in numbers:
                numbers[forwards] = len(arcs)
                arcs.append(arc)
            ring.append(numbers[forwards])
        made[owner].append(ring)
    return {"step": step, "arcs": _texts(arcs), "shapes": made}


def unpack(
    packed: Packed | dict[str, Any], *, lines: bool = False, box: tuple[float, float, float, float] | None = None
) -> list[shapely.Geometry]:
    """Return the shapes again, in degrees: polygons (holes by the even-odd rule), or lines.

    Parameters
    ----------
    packed
        From `pack`.
    lines
        Whether they are lines.
    box
        West, south, east, north: polygons that lie wholly outside it are left out; None for all.

    Examples
    --------
    >>> square = shapely.box(-2, 50, -1, 51)
    >>> unpack(pack([square]))[0].equals(square), unpack(pack([square]), box=(0, 0, 9, 9))
    (True, [])
    """
    arcs = [_read(text) * float(packed["step"]) for text in packed["arcs"]]

    def joined(ring: list[int]) -> npt.NDArray[np.float64]:
        pieces = [arcs[~number][::-1] if number < 0 else arcs[number] for number in ring]
        return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])

    if lines:
        return [shapely.MultiLineString([joined(ring) for ring in shape]) for shape in packed["shapes"]]
    made = ([joined(ring) for ring in shape] for shape in packed["shapes"])
    return [_even_odd(rings) for rings in made if box is None or any(_reaches(ring, box) for ring in rings)]


def _reaches(ring: npt.NDArray[np.float64], box: tuple[float, float, float, float]) -> bool:
    """Say whether the extent of a ring meets a box."""
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    return bool(west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1])


def _even_odd(rings: list[npt.NDArray[np.float64]]) -> shapely.Geometry:
    first, *others = rings or [np.empty((0, 2))]
    made: shapely.Geometry = shapely.make_valid(shapely.Polygon(first))
    for ring in others:
        made = shapely.symmetric_difference(made, shapely.make_valid(shapely.Polygon(ring)))
    return made


def _chains(shapes: Sequence[shapely.Geometry], *, step: float) -> tuple[list[Corners], list[int]]:
    """Round every ring and line to whole steps, without repeated corners; say which shape each belongs to."""
    found = np.array([shapely.Polygon() if shape is None else shape for shape in shapes], dtype=object)
    west, south, east, north = shapely.total_bounds(found) if len(found) else (0.0, 0.0, 0.0, 0.0)
    if west < -180 or east > 180 or south < -90 or north > 90:  # noqa: PLR2004 - degrees
        raise ValueError(f"Shapes to pack must be in degrees (EPSG:4326); these reach {west:.0f}, {south:.0f}.")
    chains: list[Corners] = []
    owners: list[int] = []
    parts, owner_of_part = shapely.get_parts(found, return_index=True)
    for part, owner in zip(parts, owner_of_part.tolist(), strict=True):
        is_area = part.geom_type == "Polygon"
        for line in shapely.get_rings(part) if is_area else [part]:
            corners = np.rint(shapely.get_coordinates(line) / step).astype(np.int64)
            moves = np.any(np.diff(corners, axis=0) != 0, axis=1)
            corners = corners[np.concatenate([[True], moves])]
            if len(corners) - is_area >= (CLOSED if is_area else OPEN):
                chains.append(corners)
                owners.append(owner)
    return chains, owners


def _joints(chains: list[Corners]) -> set[int]:
    """Find corners where borders meet: more than two others stand next to them, or a line ends there."""
    if not chains:
        return set()
    pairs = []
    ends = []
    for chain in chains:
        keys = _keys(chain)
        pairs.append(np.column_stack([keys[:-1], keys[1:]]))
        if keys[0] != keys[-1]:
            ends.append(keys[[0, -1]])
    beside = np.vstack(pairs)
    beside = np.unique(np.vstack([beside, beside[:, ::-1]]), axis=0)
    corners, others = np.unique(beside[:, 0], return_counts=True)
    return set(corners[others > 2].tolist()).union(*(end.tolist() for end in ends))  # noqa: PLR2004 - see above


def _keys(corners: Corners) -> npt.NDArray[np.int64]:
    """Give each corner one whole number."""
    return np.asarray((corners[:, 0] << 32) + corners[:, 1], dtype=np.int64)


def _cut(chain: Corners, *, joints: set[int]) -> list[Corners]:
    """Cut a ring or line where borders meet; a ring that meets none begins at its least corner."""
    keys = _keys(chain).tolist()
    if keys[0] == keys[-1]:
        at = [place for place, key in enumerate(keys[:-1]) if key in joints]
        first = at[0] if at else keys.index(min(keys))
        chain = np.vstack([chain[first:-1], chain[: first + 1]])
        cuts = [0, *(place - first for place in at[1:]), len(chain) - 1]
    else:
        cuts = [0, *(place for place, key in enumerate(keys[1:-1], 1) if key in joints), len(chain) - 1]
    return [chain[start : end + 1] for start, end in itertools.pairwise(cuts)]


def _texts(arcs: list[Corners]) -> list[str]:
    """Write arcs: steps with their sign in the lowest bit, five bits a letter, the lowest first."""
    if not arcs:
        return []
    steps = np.concatenate([np.diff(arc, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel() for arc in arcs])
    values = np.where(steps < 0, ~(steps << 1), steps << 1)
    shifts = FIVE_BITS * np.arange(MOST_LETTERS)
    digits = values[:, None] >> shifts
    letters = np.maximum((digits > 0).sum(axis=1), 1)
    used = np.arange(MOST_LETTERS) < letters[:, None]
    more = np.arange(MOST_LETTERS) < letters[:, None] - 1
    written = ((digits & 31) + 32 * more + FIRST_LETTER)[used].astype(np.uint8).tobytes().decode("ascii")
    ends = np.cumsum(np.add.reduceat(letters, np.cumsum([0, *(2 * len(arc) for arc in arcs[:-1])])))
    return [written[start:end] for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def _read(text: str) -> Corners:
    """Read one arc.

    >>> _read(_texts([np.array([[-40, 1000], [-41, 1000]])])[0]).tolist()
    [[-40, 1000], [-41, 1000]]
    """
    letters = np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.int64) - FIRST_LETTER
    last = letters < 32  # noqa: PLR2004 - the sixth bit says that more follow
    starts = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])
    places = np.arange(len(letters)) - np.repeat(starts, np.diff([*starts, len(letters)]))
    values = np.add.reduceat((letters & 31) << (FIVE_BITS * places), starts)
    steps = np.where(values & 1, ~(values >> 1), values >> 1)
    return np.asarray(np.cumsum(steps.reshape(-1, 2), axis=0), dtype=np.int64)
