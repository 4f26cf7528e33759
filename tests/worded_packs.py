"""Every worded claim of a pack over hand-sized worlds; see ``worded.py``."""

from __future__ import annotations

import math
from typing import get_args

from connectivity.claims import about_pack_tables, about_packs
from connectivity.claims.about_packs import Reader
from connectivity.claims.claim import Basis, Claim
from connectivity.method.records import INDICATORS
from connectivity.online_only import Alternative

FIGURES = {
    "range": (41.2, 57.6, 96.9, 212.0),
    "large": (1688.0, 3473.0, 8411.0, 125_709.0),
    "one": (0.6, 1.2, 3.4, 944),
}
TIERS = {
    "none": (0, 0, 0, 219),
    "open": (0, 0, 56, 219),
    "likely": (0, 2, 31, 72),
    "some": (3, 2, 31, 72),
    "many": (53, 9, 10, 219),
    "alone": (0, 0, 1, 1),
    "alone, sure": (1, 0, 0, 1),
}


def subject(world: str, basis: Basis) -> list[tuple[str, str]]:
    """Word what a pack says beside what the app says."""
    lines: list[tuple[str, str]] = []
    for reader in get_args(Reader):
        for name, (sure, likely, depends, of) in TIERS.items():
            told = {"reader": reader, "likely": likely, "depends": depends, "alone": of == 1}
            claim = Claim.of_places("packs.first", "Dorset", sure, of=of, basis=basis, details=told)
            lines.append((f"packs.first {world}, {reader}, {name}", claim.say()))
        lines += [
            (f"packs.data {world}, {reader}, {upload}", about_packs.data_ask(basis, reader=reader, upload=upload))
            for upload in (True, False)
        ]
    for kind, many, shown in (
        *(("sure", 8, 8), ("sure", 53, 8), ("surest", 33, 8), ("open", 56, 8), ("open", 3, 3), ("open", 1, 1)),
        *(("untested", 219, 8), ("none", 5, 2)),
    ):
        told = {"kind": kind, "shown": shown}
        claim = Claim.of_places("packs.worst", "Dorset", many, of=744, basis=basis, details=told)
        lines.append((f"packs.worst {world}, {kind} {many}", claim.say()))
    for name, figures in FIGURES.items():
        for key in ("packs.print", "pack_tables.count"):
            claim = Claim(key, "Dorset", *figures, basis, drawn=basis.modelled)
            lines += [(f"{key}.{form} {world}, {name}", claim.say(form)) for form in ("headline", "card", "cell")]
        gap = Claim("places.remote", "Dorset", *figures, basis, drawn=basis.modelled)
        lines.append((f"packs.press {world}, {name}", about_packs.press_line_below(gap)))
    lines += _of_places(world, basis)
    lines += _alone(world, basis)
    return lines


def _of_places(world: str, basis: Basis) -> list[tuple[str, str]]:
    """Word what keeps a counter, what is planned, and what an average hides."""
    lines: list[tuple[str, str]] = []
    if not basis.measured:
        for name, (low, best, high) in {"some": (800, 930, 1400), "none": (0, 0.2, 4)}.items():
            keep = Claim("packs.keep", "Dorset", low, best, high, 9e5, basis, unit="people", estimated=True, drawn=True)
            lines.append((f"packs.keep {world}, {name}", keep.say()))
        told = {"not_planned": 1100.0, "gigabit": 800.0}
        plan = Claim("packs.plan", "Ash", 90, 90, 90, 1990, basis.published, unit="addresses", details=told)
        lines.append((f"packs.plan {world}", plan.say()))
    for looks in ("well off", "about average", "not well off"):
        for which in ("homes on a low income", "neighbourhoods classed as ageing"):
            for high in (0.2, 900.0):
                told = {"looks": looks, "which": which, "proxy": which.startswith("neighbour")}
                well = Claim("packs.well_off", "Dorset", 0, math.nan, high, 5e3, basis, combines="bounds", details=told)
                lines.append((f"packs.well_off {world}, {looks}, {which}, {high}", well.say()))
    return lines


def _alone(world: str, basis: Basis) -> list[tuple[str, str]]:
    """Word what stands in tables, and what is said without a figure of a place."""
    bounds = Claim("pack_tables.bounds", "Dorset", 0, math.nan, 31, 900, basis, combines="bounds")
    ranks = Claim("pack_tables.ranks", "Ash", 8, 11, 549, 744, basis, "rank")
    band = Claim("pack_tables.band", "Dorset", 1688, 1688, 1688, 125_709, basis.published)
    told = {"classes": (("under 1%", 119), ("1 to 2%", 100), ("2 to 5%", 0)), "alike": 3, "unknown": 2}
    drawn = Claim.of_places("packs.map", "Dorset", 224, of=224, basis=basis, details=told)
    limit = INDICATORS["library"].goalposts[0][1]
    library = Alternative("library", "value_library", "staffed library", limit, straight=True, stand_in=False)
    farthest = {"to": library, "farthest": "Ash", "farthest_km": 15.1}
    far = Claim("pack_tables.distance", "Dorset", 4.2, 4.2, 4.2, math.nan, basis, unit="km", details=farthest)
    said = {
        "bounds": bounds.say(),
        "ranks": ranks.say(),
        "band": band.say(),
        "map": drawn.say(),
        **{f"distance.{form}": far.say(form) for form in ("headline", "card", "cell")},
        "title": about_packs.pack_title("Dorset", basis=basis),
        "keep, past": about_packs.keep_in_past(),
        "law": about_packs.law_ask(),
        "map title": about_packs.map_title(basis),
        "whole, one": about_packs.decide_whole(["Gosport"]),
        "own": about_packs.persons_ask("That upload be counted.", organisation="Ash Council"),
        "whole": about_packs.decide_whole(["Gosport", "Hart"]),
        "council": about_packs.only_council(["Gosport", "Hart"]),
        "stands for": about_packs.stands_for_place("the coast", ["Dorset", "Gosport"], basis=basis),
        "untested": about_packs.untested_ask(),
        "range, whole": about_packs.range_drawn(1000, whole=True, basis=basis),
        "range, part": about_packs.range_drawn(1000, whole=False, basis=basis),
        "sure": about_packs.almost_certain(basis),
        "not, address": about_packs.no_address(basis),
        "not, take-up": about_packs.not_take_up(basis),
        "not, cost": about_packs.no_cost(),
        "answer, satellite": about_packs.satellite_answer(basis),
        "answer, law": about_packs.law_answer(basis),
        "answer, take-up": about_packs.take_up_answer(basis),
        "answer, plan": about_packs.not_in_plan(basis),
        "answer, well off": about_packs.well_off_unknown(["Residents on a low income"]),
        "home working": about_packs.home_working(basis),
        "shows": " ".join(about_packs.what_it_shows("Dorset", basis=basis)),
        "ladder": about_pack_tables.ladder_said("Dorset", councils=True, basis=basis),
        "method": " ".join(about_packs.method_points(basis, tested=True, draws=1000)),
        "areas": about_pack_tables.every_area_note(basis, ranked=744, tested=True, alike=True),
        "update": about_packs.next_update_said(basis),
    }
    return [(f"packs.{key} {world}", words) for key, words in said.items()]
