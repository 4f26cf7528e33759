"""A sum of modelled areas never adds ends: its range is that of the sum in each draw, wherever one is made."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_builds import NORTH, hand_build
from test_project import ROOT, sources

from connectivity.change.comparison import compare_builds
from connectivity.claims.claim import Basis, Claim, summed, total
from connectivity.online_only import SERVICES, affected, decide
from connectivity.places import hidden_need
from connectivity.places.reports import INFEASIBLE, TOTAL, report_by, split
from connectivity.robustness.count_draws import CountDraws
from layers.families import family_of
from layers.reporting import Shares

DRAWS, AREAS, PREMISES = 400, 40, 100.0
SHARE_NEEDY = 0.95


def drawn_build(*, low: float, high: float, **changes):
    """Build two councils of 20 areas of 100 premises; 30 cannot by the best estimate, 20 to 40 in 9 of 10 draws.

    `low` and `high` are what each area's own ends are said to be: no sum may look at them.
    """
    made = hand_build(
        dict.fromkeys(range(AREAS), (PREMISES, 0, low, 30, high)),
        coverage_modelled=True,
        definition="below decent broadband",
        **changes,
    )
    random = np.random.default_rng(1)
    shares = np.clip(random.normal(0.3, 0.06, (AREAS, DRAWS)), 0, 1)
    packed = np.round(shares * np.iinfo(np.uint16).max).astype(np.uint16)
    premises = pd.Series(PREMISES, index=made.areas.index)
    return replace(made, drawn=CountDraws(premises, {"remote": packed, "digital": packed}))


def cut(build):
    """Cut every area in two by one border, and by another at three fifths."""
    codes = build.areas.index
    halves = [(c, key, 0.5) for c in codes for key in ("East", "West")]
    fifths = [(c, key, part) for c in codes for key, part in (("Hill", 0.6), ("Vale", 0.4))]
    outside = pd.DataFrame(columns=["area_code", "reason", "share"])
    columns = ["area_code", "key", "share"]
    return [Shares(pd.DataFrame(rows, columns=columns), outside, "postcodes") for rows in (halves, fifths)]


def named(*keys):
    return pd.DataFrame({"code": "", "name": list(keys)}, index=list(keys))


def ends_of(claim):
    return claim.low, claim.high


def sums(build) -> dict[str, list[float]]:
    """Make every sum there is of the build's areas, and give the ends of each."""
    areas, drawn, basis = build.areas, build.drawn, Basis.of(build.manifest)
    first, second = cut(build)
    found: dict[str, list[float]] = {}
    claims = [
        Claim.of_row({**areas.loc[one].to_dict(), "area_code": one}, profile="remote", basis=basis)
        for one in areas.index
    ]
    found["summed"] = list(ends_of(summed(areas, place="All", profile="remote", basis=basis, drawn=drawn)))
    found["total"] = list(ends_of(total(claims, place="All", drawn=drawn)))
    report = report_by(
        named("East", "West"), shares=first, areas=areas, family=family_of("ward"), beyond={}, drawn=drawn
    )
    ends = [name for name in INFEASIBLE if name.endswith(("_low", "_high"))]
    found["report_by"] = report.rows[report.rows["row"].ne(TOTAL)][ends].to_numpy().ravel().tolist()
    parts = split(
        "East", first=first, second=second, places=named("Hill", "Vale"), areas=areas, profile="remote", drawn=drawn
    )
    found["split"] = [*parts.rows[ends].to_numpy().ravel(), *parts.whole[ends]]
    pieces = hidden_need.pieces(
        areas,
        parts=hidden_need.parts_by_council(areas),
        profile="remote",
        share=pd.Series(SHARE_NEEDY, index=areas.index),
    )
    needs = hidden_need.need_by_place(pieces, study=0.5, drawn=drawn)
    found["need_by_place"] = needs.filter(regex="_(low|high)$").to_numpy().ravel().tolist()
    tenths = hidden_need.need_tenths(pieces[pieces["key"] == NORTH], drawn=drawn)
    found["need_tenths"] = tenths[["gap_low", "gap_high"]].to_numpy().ravel().tolist()
    service = SERVICES["account"]
    decided = decide(areas, service=service, manifest=build.manifest)
    people = affected(decided, areas=areas, place="All", service=service, basis=basis, drawn=drawn)
    found["affected"] = [*ends_of(people), *ends_of(people.details["premises"])]
    return found


def test_no_sum_of_a_modelled_build_looks_at_the_ends_of_its_areas():
    narrow, wide = (sums(drawn_build(low=low, high=high)) for low, high in ((30, 30), (0, PREMISES)))
    for name, ends in narrow.items():
        assert wide[name] == pytest.approx(ends), name
        assert len(set(np.round(ends, 3))) > 1, name  # and each has a range of its own


def test_no_comparison_of_modelled_builds_adds_the_ranges_of_councils():
    found = []
    for low, high in ((30, 30), (0, PREMISES)):
        old = drawn_build(low=low, high=high, release="January 2025")
        compared = compare_builds([old, drawn_build(low=low, high=high)])
        assert compared.comparability.level == "councils"
        ends = compared.totals.loc["remote", ["old_low", "old_high", "new_low", "new_high"]].astype(float)
        found.append(ends.tolist())
        councils = compared.councils[compared.councils["count"].eq("remote")]
        assert ends["new_high"] < councils["new_high"].sum()
        assert ends["new_low"] > councils["new_low"].sum()
    assert found[0] == pytest.approx(found[1])


def test_a_part_cut_by_both_borders_is_as_uncertain_as_its_cut_and_its_draws_together():
    build = drawn_build(low=0, high=PREMISES)
    first, second = cut(build)
    parts = split(
        "East",
        first=first,
        second=second,
        places=named("Hill", "Vale"),
        areas=build.areas,
        profile="remote",
        drawn=build.drawn,
    )
    hill = parts.rows.set_index("name").loc["Hill"]
    every = pd.Series(1.0, index=build.areas.index)
    low, _ = build.drawn.range_of(every * 0.1, profile="remote")  # half and three fifths share at least a tenth
    _, high = build.drawn.range_of(every * 0.5, profile="remote")
    assert (hill["remote_infeasible_low"], hill["remote_infeasible_high"]) == pytest.approx((low, high), rel=1e-4)
    assert hill["remote_infeasible"] == pytest.approx(30 * AREAS * 0.3)


def test_bounds_of_gap_and_need_are_drawn_and_areas_not_told_apart_are_bounded_together():
    build = drawn_build(low=0, high=PREMISES)
    areas = build.areas.assign(separable=build.areas["district_code"].ne(NORTH))
    share = pd.Series(0.75, index=areas.index)
    pieces = hidden_need.pieces(areas, parts=hidden_need.parts_by_council(areas), profile="remote", share=share)
    found = hidden_need.need_by_place(pieces, study=0.5, drawn=build.drawn)
    drawn = {one: build.drawn.shares["remote"][place] for place, one in enumerate(areas.index)}
    gaps = pd.DataFrame(drawn).T / np.iinfo(np.uint16).max * PREMISES
    for district, alike in ((NORTH, True), ("E06000902", False)):
        ours = gaps[areas["district_code"].eq(district)]
        needy, of = 75.0, PREMISES
        if alike:
            ours, needy, of = ours.sum().to_frame().T, needy * len(ours), of * len(ours)
        fewest = (ours + needy - of).clip(lower=0).sum().quantile(0.05)
        most = ours.clip(upper=needy).sum().quantile(0.95)
        assert found.loc[district, ["both_low", "both_high"]].tolist() == pytest.approx(
            [min(fewest, 100), max(most, 600)], rel=1e-3
        )


ENDS_ADDED = {
    "connectivity/places/hidden_need.py": {"need_by_place", "need_tenths", "_both"},
    "connectivity/claims/claim.py": {"summed", "total"},
    "connectivity/online_only.py": {"affected"},
    "connectivity/change/comparison.py": {"_by_council", "_summed"},
    "connectivity/places/reports.py": {"report_by", "split"},
    "connectivity/postcode/postcode_tables.py": {"other_routes"},
    "connectivity/views/areatable.py": {"councils"},
    "connectivity/places/wholes.py": {"chance_of_larger_share"},
    "connectivity/investment/candidates.py": {"_drawn_gaps", "drawn_whole"},
}
"""Functions that add ends of areas for builds whose figures are published, and for others put what is drawn in their
place, which the tests above hold them to (and those of the other routes and of the table). A new one belongs there."""
DRAWN = {
    "connectivity/places/hidden_need.py": {"_drawn_both"},
    "connectivity/places/reports.py": {"_with_drawn_ranges"},
    "connectivity/robustness/count_draws.py": {"ranges"},
    "connectivity/own_data/own_rows.py": {"read_points"},
}
"""Functions that add up draws, or rows of a file, and no ends."""
LISTS = {"INFEASIBLE", "COUNTS", "FIGURES", "ENDS", "TAILS", "ELSEWHERE"}
"""Names of lists of columns that hold ends."""


def adds_ends(function: ast.FunctionDef) -> bool:
    """Tell whether a function adds up, and names a low or a high or a list that holds them."""
    adds = names = False
    for node in (one for part in function.body for one in ast.walk(part)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            adds |= called in {"sum", "nansum", "fsum", "reduceat"}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            names |= text in {"low", "high", "sum_low"} or (text.endswith(("_low", "_high")) and " " not in text)
        elif isinstance(node, ast.Name):
            names |= node.id in LISTS
    return adds and names


def test_whoever_adds_ends_is_known():
    found: dict[str, set[str]] = {}
    for path in sources("connectivity"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and adds_ends(node):
                found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(node.name)
    known = {file: ENDS_ADDED.get(file, set()) | DRAWN.get(file, set()) for file in ENDS_ADDED.keys() | DRAWN.keys()}
    assert found == known


def test_a_new_sum_of_ends_would_be_seen():
    new = 'def new(areas):\n    return areas[["remote_infeasible_low", "remote_infeasible_high"]].sum()\n'
    assert adds_ends(ast.parse(new).body[0])


def test_no_build_is_put_together_without_its_draws():
    """A page that is handed a build without draws would add ends: what the app once did to a council's plain page."""
    bare = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in sources("connectivity")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Build"
        if len(node.args) + len(node.keywords) < 4
    ]
    assert bare == []
