"""The nearest point of a triangle that a line cuts, for many triangles at once: the closed form inside a search."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from connectivity.method.uncertain import Doubles
from layers.figures import Figure

LEVEL = Figure(1e-9, "points of score", "scores this close are level", "assumption: a float's rounding")


def projected(corners: Doubles, gaps: Doubles, place: Doubles) -> tuple[Doubles, Doubles]:
    """Project `place` onto the part of each triangle where the gap is at most 0.

    The part is convex: its nearest point is the foot of the perpendicular where that lies inside, else on an edge or on
    the line where the gap is 0. Lines between any two of its ends lie in it, so all of them may be tried.

    Parameters
    ----------
    corners
        Shape (splits, corners, dimensions).
    gaps
        Shape (splits, corners).
    place
        The chosen weights.

    Returns
    -------
    tuple of ndarray
        Nearest points, shape (splits, dimensions), and how far they are; infinite where the gap is nowhere below 0.
    """
    count = gaps.shape[1]
    below = gaps < -LEVEL.value
    ends: list[tuple[Doubles, npt.NDArray[np.bool_]]] = [(corners[:, at], below[:, at]) for at in range(count)]
    for one in range(count):
        for other in range(one + 1, count):
            across = (gaps[:, one] < 0) != (gaps[:, other] < 0)
            fall = np.where(across, gaps[:, one] - gaps[:, other], 1.0)
            part = np.where(across, gaps[:, one] / fall, 0.0)[:, None]
            ends.append((corners[:, one] * (1 - part) + corners[:, other] * part, across))
    points, away = _feet(corners, gaps, place)
    for one, (start, known) in enumerate(ends):
        for end, also in ends[one:]:
            edge = end - start
            length = np.einsum("ij,ij->i", edge, edge)
            along = np.einsum("ij,ij->i", place - start, edge) / np.where(length > 0, length, 1.0)
            point = start + np.clip(along, 0, 1)[:, None] * edge
            far = np.where(known & also, np.linalg.norm(point - place, axis=1), np.inf)
            closer = far < away
            points[closer], away[closer] = point[closer], far[closer]
    nowhere = ~below.any(axis=1)
    away[nowhere] = np.inf
    return points, away


def _feet(corners: Doubles, gaps: Doubles, place: Doubles) -> tuple[Doubles, Doubles]:
    """Drop a perpendicular from `place` to each triangle; infinitely far where its foot is no weight or not beyond."""
    sides = corners[:, 1:] - corners[:, :1]
    products = sides @ sides.transpose(0, 2, 1)
    part = np.linalg.solve(products, sides @ (place - corners[:, 0])[:, :, None])[:, :, 0]
    share = np.column_stack([1 - part.sum(axis=1), part])
    points = np.einsum("ij,ijk->ik", share, corners)
    fits = (share >= 0).all(axis=1) & (np.einsum("ij,ij->i", share, gaps) <= 0)
    return points, np.where(fits, np.linalg.norm(points - place, axis=1), np.inf)
