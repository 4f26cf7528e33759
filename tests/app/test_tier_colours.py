"""The tiers' colours on the map: told apart in grey and in the three kinds of colour blindness."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from connectivity.maps import symbology

SEEN = {
    "every colour": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Machado, Oliveira and Fernandes (2009), full strength, on linear light."""
APART = 7.6


def linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def oklab(light):
    to_cones = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
              [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
    return 100 * (np.array(to_lab) @ np.cbrt(np.array(to_cones) @ light))


@pytest.mark.parametrize("eyes", SEEN)
def test_any_two_tiers_differ_in_colour_whoever_looks(eyes):
    seen = {
        tier: oklab(np.clip(np.array(SEEN[eyes]) @ linear(symbology.PAINTS[kind].ground), 0, 1))
        for tier, kind in symbology.TIER_CLASSES.items()
    }
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= APART, (one, other)


def test_tiers_of_near_the_same_grey_are_told_apart_by_their_lines():
    grey = {tier: oklab(np.full(3, linear(symbology.PAINTS[k].ground) @ [0.2126, 0.7152, 0.0722]))[0]
            for tier, k in symbology.TIER_CLASSES.items()}  # fmt: skip
    for one, other in combinations(grey, 2):
        patterns = [symbology.PAINTS[symbology.TIER_CLASSES[tier]] for tier in (one, other)]
        marks = [(paint.pattern, paint.apart) for paint in patterns]
        assert abs(grey[one] - grey[other]) >= APART or marks[0] != marks[1], (one, other)


def test_patterns_stand_out_from_the_ground_they_cross():
    for paint in symbology.PAINTS:
        if paint.pattern:
            ground, ink = (linear(one) @ [0.2126, 0.7152, 0.0722] for one in (paint.ground, paint.ink))
            bright, dim = max(ground, ink), min(ground, ink)
            assert (bright + 0.05) / (dim + 0.05) >= 3, paint
