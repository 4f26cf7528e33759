"""Every worded claim over hand-sized worlds, one line each: the text of ``tests/golden/sentences.txt``.

After a change of wording, write the file anew and read the difference::

    python tests/worded.py
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import get_args

GOLDEN = Path(__file__).parent / "golden" / "sentences.txt"
if __name__ == "__main__":
    sys.path.insert(0, str(GOLDEN.parents[2]))

from connectivity.claims import about_certainty, about_change, about_places  # noqa: E402 - the path is set above when it is run
from connectivity.claims.claim import Basis, Claim, Form  # noqa: E402 - as above
from connectivity.manifest import Accounted  # noqa: E402 - as above
from connectivity.maps.symbology import MEASURES  # noqa: E402 - as above
from connectivity.places.hidden_need import Standing  # noqa: E402 - as above
from connectivity.places.lenses import lens_claims  # noqa: E402 - as above
from connectivity.robustness.pairs import PlaceComparison, comparison_claim  # noqa: E402 - as above
from connectivity.robustness.ranks import chance_claim, rank_claim  # noqa: E402 - as above
from connectivity.robustness.robustness_report import tiers_claim  # noqa: E402 - as above
from connectivity.robustness.tiers import TIERS  # noqa: E402 - as above
from layers.families import family_of  # noqa: E402 - as above

TODAY = Basis("Demo", "July 2025", "premises", "availability", counts_fwa=True, counts_mobile=False, modelled=True)
PUBLISHED = replace(TODAY, modelled=False, counts_mobile=True)
THEN = Basis("Then", "June 2013", "lines", "measured sync speeds", False, False, modelled=False)
WORLDS = {"modelled": TODAY, "published": PUBLISHED, "measured": THEN}
FIGURES = {
    "range": (41.2, 57.6, 96.9, 212.0),
    "large": (1688.0, 3473.0, 8411.0, 125_709.0),
    "fraction": (182.6, 182.6, 182.6, 1197.0),
    "certain": (15.0, 15.0, 15.0, 598.0),
    "almost none": (0.0, 0.2, 4.0, 944.0),
    "one": (0.6, 1.2, 3.4, 944.0),
    "none": (0.0, 0.0, 0.0, 944.0),
}
COUNTS = {"robust": 24, "likely": 80, "depends": 1, "some": 1400, "feasible": 22, "alike": 0, "insufficient": 3}


Lines = list[tuple[str, str]]
"""Keys and sentences."""


def sentences() -> str:
    """Return the golden file's text: a key, a tab and a sentence on each line."""
    beside = [import_module(path.stem).subject for path in sorted(Path(__file__).parent.glob("worded_*.py"))]
    subjects = (*SUBJECTS, *beside)
    lines = [line for name, basis in WORLDS.items() for subject in subjects for line in subject(name, basis)]
    return "".join(f"{key}\t{words}\n" for key, words in lines)


RANGES = {"range": (6, 11, 106), "down": (14, 3, 300), "up": (14, 900, 300), "still": (2, 2, 2), "moved": (2, 1, 2)}
CHANCES = {"robust": 0.97, "likely": 0.998, "depends": 0.899, "some": 0.004, "feasible": 0.0}
PAIRS = {
    "worse": (0.93, 0.07, 0.0),
    "better": (0.02, 0.98, 0.0),
    "level": (0.576, 0.421, 0.003),
    "near": (0.899, 0.101, 0),
}
BEFORE = dict.fromkeys(("remote", "digital", "need", "alternative"), 25.0)
SWAPS: dict[str, dict[str, object]] = {
    "named": {"named": {"remote": 18.0, "digital": 18.0, "need": 37.0, "alternative": 27.0}},
    "alike": {"named": {"remote": 40.0, "digital": 20.0, "need": 20.0, "alternative": 20.0}},
    "one other": {"named": {"remote": 41.5, "digital": 58.5}},
    **{f"unnamed, {why}": {"why": why} for why in about_certainty.UNNAMED},
    "level": {"swaps": "level"},
    **{
        f"never, {why}, {chance}": {"swaps": "never", "why": why, "chance": chance}
        for why in about_certainty.WHY
        for chance in (None, 0.93, 0.62)
    },
}


def certainty(world: str, basis: Basis) -> Lines:
    """Word how sure we are."""
    tiers = tiers_claim(COUNTS, place="Dorset", draws=1000, basis=basis)
    none = tiers_claim(
        COUNTS | {"robust": 0, "likely": 1, "alike": 902, "insufficient": 0}, place="Dorset", draws=1000, basis=basis
    )
    said: dict[str, str] = {f"certainty.tiers.{form}": tiers.say(form) for form in ("headline", "card", "quotation")}
    said |= {f"certainty.tiers.{form}, none": none.say(form) for form in ("headline", "card")}
    said |= {f"certainty.{tier}": about_certainty.meaning(tier, basis=basis) for tier in TIERS}
    for name, (low, rank, high) in RANGES.items():
        claim = rank_claim({"severity_rank": rank, "rank_p05": low, "rank_p95": high}, basis=basis)
        said |= {f"certainty.rank.{form}, {name}": claim.say(form) for form in ("headline", "card", "cell")}
    said["certainty.rank.cell, no range"] = rank_claim({"severity_rank": 3}, basis=basis).say("cell")
    for tier, chance in CHANCES.items():
        claim = chance_claim({"tier": tier, "p_worst_tenth_infeasible": chance}, basis=basis)
        said |= {f"certainty.chance.{form}, {tier}": claim.say(form) for form in ("headline", "card", "cell")}
    for name, chances in PAIRS.items():
        found = PlaceComparison("A", "B", *chances)
        claim = comparison_claim(found, names=("Alder", "Birch"), draws=1000, basis=basis)
        said |= {f"certainty.pair.{form}, {name}": claim.say(form) for form in ("headline", "quotation")}
    plain = {"other": "Birch", "worse": "Alder", "better": "Birch", "swaps": "beyond", "before": BEFORE, "named": {}}
    for name, details in SWAPS.items():
        claim = Claim("certainty.swap", "Alder", 0.1, 0.1, 0.1, 1, basis, unit="weight", details=plain | details)
        said[f"certainty.swap, {name}"] = claim.say()
    figures: dict[str, tuple[tuple[float, float, float, float], str, dict[str, object]]] = {
        "certainty.boundary": ((48, 48, 48, 165), "places", {"unit": "ward", "enters": 47, "tau": 0.786}),
        "certainty.ranges": ((190, 190, 190, 1646), "ranks", {"shown": 20, "tenth": 165, "left_out": True}),
        "certainty.doubt": ((0.12, 0.3, 0.3, 1), "share", {}),
        "certainty.part": ((0.3, 0.3, 0.3, 1), "share", {"weight": 0.25}),
        "certainty.correlated": ((0.9, 0.9, 0.9, 1), "share", {"other": "Online services"}),
    }
    for key, (numbers, unit, details) in figures.items():
        claim = Claim(key, "Home working", *numbers, basis, unit=unit, details=details)
        said |= {f"{key}.{form}": claim.say(form) for form in ("headline", "card")}
    return [(f"{key} {world}", words) for key, words in said.items()]


def boundaries(world: str, basis: Basis) -> Lines:
    """Word a place of any boundary, and where it went by another."""
    family, said = family_of("ward"), Lines()
    for name, method, whole in (("code", "code", True), ("cut", "postcodes", False), ("fit", "best fit", False)):
        details = {"family": family, "method": method, "whole": whole, "areas": 3}
        gap = Claim(
            "boundaries.remote", "Ash ward", *FIGURES["range"], basis, within="in the study “Demo”", details=details
        )
        said += [(f"boundaries.remote.{form} {world}, {name}", gap.say(form)) for form in get_args(Form)]
        made = Claim("boundaries.made", "Ash ward", 40, 40, 40, 1212, basis.published, details=details)
        said.append((f"boundaries.made {world}, {name}", made.say()))
    low, best, high, of = FIGURES["range"]
    part = Claim("boundaries.part", "Birch ward", low, best, high, of, basis, estimated=True)
    even = Claim("boundaries.part", "Cedar ward", 12, 12, 12, of, basis, estimated=True, drawn=basis.modelled)
    places = {
        "two": {"places": 2, "first": (part, even)},
        "more": {"places": 4, "first": (part,), "in_none": True},
        "one more": {"places": 2, "first": (part,)},
        "only": {"places": 1, "only": "Birch ward"},
        "few": {"places": 2},
        "none": {"places": 0},
    }
    for name, told in places.items():
        plain = {"family": family, "first": (), "only": "", "in_none": False}
        went = Claim("boundaries.went", "Ash ward", low, best, high, of, basis, details=plain | told)
        said.append((f"boundaries.went {world}, {name}", went.say()))
        for divided, best_fit in ((True, False), (True, True), (False, False)) if name == "two" else ():
            kept = {"divided": divided, "best_fit": best_fit, "went": went}
            key = f"boundaries.split.{'digital' if best_fit else 'remote'}"
            quoted = Claim(key, "Ash ward", low, best, high, of, basis, within="Dorset", details=kept)
            said.append((f"{key} {world}, {name} {divided}", quoted.say("quotation")))
    for twice in (0.0, 30.4):
        told = {"family": family, "places": 1, "own": False, "rest": {"in no ward": 1200.0}, "twice": twice}
        for key in ("boundaries.sum", "boundaries.split_sum"):
            total = Claim(key, "Demo", 800, 800, 800, 2000, basis.published, details=told)
            said.append((f"{key} {world}, {twice:g}", total.say()))
        own = Claim("boundaries.sum", "Demo", 800, 800, 800, 2000, basis.published, details=told | {"own": True})
        said.append((f"boundaries.sum {world}, own {twice:g}", own.say()))
    worst = Claim("places.remote", "Ash, part 1", low, best, high, of, basis)
    told = {"shares": (0.034, 0.423), "worst": worst}
    corners = Claim.of_places("boundaries.corners", "Ash ward", 12, of=12, basis=basis, details=told)
    left_out = [
        Claim.of_places("boundaries.left_out", "", n, of=9, basis=basis, details={"family": family}) for n in (1, 2)
    ]
    return said + [
        (f"{claim.key} {world}, {claim.best:g} of {claim.of:g}", claim.say())
        for claim in (
            *(Claim("boundaries.empty", "Ash ward", 0, 0, 0, premises, basis.published) for premises in (0, 1212)),
            Claim("boundaries.unscored", "Ash ward", 1212, 1212, 1212, 3000, basis.published),
            Claim("boundaries.beyond", "the shape you gave", 0.4, 0.4, 0.4, 1, basis, unit="ground"),
            *(Claim.of_places("boundaries.inside", "Ash ward", n, of=3, basis=basis) for n in (2, math.nan)),
            Claim("boundaries.largest.digital", "Ash ward", low, best, high, of, basis, details={"family": family}),
            *left_out,
            corners,
            *(
                Claim.of_places("boundaries.shown", "Ash ward", n, of=9, basis=basis, details={"cut": 1})
                for n in (1, 4)
            ),
            Claim.of_places("boundaries.shown", "Ash ward", 5, of=9, basis=basis, details={"cut": None}),
        )
    ]


def quality(world: str, basis: Basis) -> Lines:
    """Word what a report on the data counts."""
    lines: Lines = []
    for count in (1, 1200):
        for examples in ((), ("E01000001", "E01000002")):
            told = {"examples": examples, "noun": "rows", "why": "no area has it", "rule": "a count is whole"}
            told |= {"what": "speeds in kbit/s", "harmless": not examples}
            for key in ("quality.unused", "quality.rule", "quality.repaired"):
                claim = Claim(key, "Postcodes", count, count, count, 5000, basis, unit="rows", details=told)
                lines += [
                    (f"{key}.{form} {world}, {count} {len(examples)}", claim.say(form)) for form in ("headline", "cell")
                ]
        for key in ("quality.not_scored", "quality.not_told_apart", "quality.scored", "quality.more_listed"):
            why = {"why": "fewer than 10 premises"}
            claim = Claim.of_places(key, "Dorset", count, of=1646, basis=basis, details=why)
            lines += [(f"{key}.{form} {world}, {count}", claim.say(form)) for form in ("headline", "card")]
        for key in ("quality.unaccounted", "quality.premises_not_scored", "quality.speed_not_known"):
            claim = Claim(key, "Dorset", count, count, count, 125_709, basis.published, details={"why": "unmatched"})
            lines.append((f"{key} {world}, {count}", claim.say()))
    return lines


def lenses(world: str, basis: Basis) -> Lines:
    """Word what is known of a place's ground, its lines and its plans, and what a build says of itself."""
    row = {"premises_per_km2": 1234.0, "relief_m": 83.4, "ruggedness_m": 1.24, "coastal": True, "bduk_premises": 1212.0}
    row |= {"bduk_gigabit_now": 800.0, "bduk_planned": 90.0, "bduk_deferred": 3.0, "bduk_not_planned": 1100.0}
    row |= {"bduk_white_not_planned": 2.0, "measured_mean_mbps": 35.2, "measured_lines": 120.0}
    row |= {
        "measured_under_10_lines": 12.0,
        "raster_mast": -91.27,
        "raster_mast_share": 0.25,
        "raster_mast_unknown": 0.1,
    }
    told: dict[str, object] = {**row, "bduk_suppliers": "Alpha", "bduk_latest_date": "2028"}
    build = Claim.of_places("builds.scored", "Demo", 1646, of=1694, basis=basis, details={"premises": 1, "of": 1212})
    return [
        (f"{claim.key}.{form} {world}, {claim.provenance.column}", claim.say(form))
        for claim in (*lens_claims(told, basis=basis), build)
        for form in ("headline", "card", "cell")
    ]


def own_data(world: str, basis: Basis) -> Lines:
    """Word a reader's own data beside ours."""
    lines: Lines = []
    for rows, columns in ((1, ()), (1200, ("Postcode",)), (40, ("Easting", "Northing"))):
        told = {"rows": rows, "points": rows, "columns": columns}
        claim = Claim.of_places("own_data.points", "Dorset", rows, of=2000, basis=basis, details=told)
        lines.append((f"own_data.points {world}, {len(columns)}", claim.say()))
    told = {"rows": 1008, "column": "LSOA21CD", "places": "small areas"}
    claim = Claim.of_places("own_data.figures", "Dorset", 1008, of=1208, basis=basis, details=told)
    lines.append((f"own_data.figures {world}", claim.say()))
    for lacking in (0, 1, 1008):
        for withheld in (0, 1):
            told = {"column": "Loans", "withheld": withheld, "places": "councils"}
            claim = Claim.of_places("own_data.without", "Dorset", lacking, of=1208, basis=basis, details=told)
            lines.append((f"own_data.without {world}, {lacking} {withheld}", claim.say()))
    for count in (1, 1008):
        claim = Claim.of_places("own_data.redrawn", "Dorset", count, of=2000, basis=basis)
        lines.append((f"own_data.redrawn {world}, {count}", claim.say()))
    for bare in (1, 2):
        claim = Claim.of_places("own_data.not_scored", "Dorset", bare, of=3, basis=basis)
        lines.append((f"own_data.not_scored {world}, {bare}", claim.say()))
    for name, figures in FIGURES.items():
        claim = Claim("own_data.fifths", "", *figures, basis, drawn=basis.modelled)
        for overlap in (False, True):
            told = {"column": "Loans", "counts": (4, 1200), "places": "small areas", "activity": "digital"}
            claim = replace(claim, details=told | {"highest": claim, "overlap": overlap})
            lines.append((f"own_data.fifths {world}, {name} {overlap}", claim.say()))
    return lines


def need(world: str, basis: Basis) -> Lines:
    """Word what an average hides."""
    lines: Lines = []
    bounds = {"few": (0.2, 31.0), "wide": (7.0, 3900.0), "one": (30.0, 30.0), "none": (0.0, 0.2)}
    for name, (low, high) in bounds.items():
        for which in ("homes on a low income", "neighbourhoods classed as ageing"):
            claim = Claim("need.both", "Dorset", low, math.nan, high, 5000, basis, combines="bounds")
            claim = replace(claim, details={"which": which})
            lines += [
                (f"{key} {world}, {name}, {which}", replace(claim, key=key).say())
                for key in ("need.both", "need.limits")
            ]
    both = Claim("need.both", "Dorset", 0, math.nan, 132, 2000, basis, combines="bounds")
    both = replace(both, details={"which": "homes on a low income"})
    told = {"study": 0.1375, "those": "people are on a low income", "source": "IoD 2025"}
    for proxy in (False, True):
        average = Claim("need.average", "Dorset", 0.075, 0.075, 0.075, 2000, basis, unit="share", percent=True)
        average = replace(average, details=told | {"proxy": proxy})
        lines.append((f"need.average {world}, {proxy}", average.say()))
        for looks in get_args(Standing):
            for contrary in (False, True):
                claim = Claim("need.standing", "the west", 0.1, 0.1, 0.1, 1, basis, unit="share")
                claim = replace(claim, details={"looks": looks, "proxy": proxy, "contrary": contrary})
                lines.append((f"need.standing {world}, {looks} {proxy} {contrary}", claim.say()))
    for name, figures in FIGURES.items():
        for areas, apart in ((1, 2000), (3, 2000), (3, 1500)):
            details = {"areas": areas, "apart": apart, "apart_gap": 116, "premises": 2000}
            tail = Claim("need.tail", "Dorset", *figures, basis, percent=True, details=details, drawn=basis.modelled)
            lines.append((f"need.tail {world}, {name} {areas} {apart}", tail.say()))
        more = Claim("need.elsewhere", "Dorset", *figures, basis, drawn=basis.modelled)
        lines.append((f"need.elsewhere {world}, {name}", more.say()))
        gap = Claim("need.remote", "Dorset", *figures, basis, drawn=basis.modelled)
        gap = replace(gap, details={"looks": "well off", "proxy": False, "more": (tail, both, average)})
        lines += [(f"need.remote.{form} {world}, {name}", gap.say(form)) for form in get_args(Form)]
    for districts in ((), ("Dorset", "Devon")):
        claim = Claim.of_places("need.no_tail", "Dorset", 4, of=4, basis=basis, details={"districts": districts})
        lines.append((f"need.no_tail {world}, {len(districts)}", claim.say()))
    published = replace(basis, modelled=False)
    for areas in (1, 2):
        claim = Claim("need.left_out", "Dorset", 1008, 1008, 1008, 2000, published, details={"areas": areas})
        lines.append((f"need.left_out {world}, {areas}", claim.say()))
    lines.append((f"need.unknown {world}", Claim("need.unknown", "Dorset", 100, 100, 100, 2000, published).say()))
    return lines


def _ranks_and_counts(basis: Basis) -> dict[str, str]:
    """Word ranks, what is not scored, and what became of every premises."""
    first = Claim.of_rank("places.rank", "Ash", 1, of=1588, basis=basis, between=(1, 3))
    later = Claim.of_rank("places.rank", "Ash", 22, of=1588, basis=basis, between=(9, 300))
    merged = Claim.of_rank("places.rank", "Ash", 22, of=1588, basis=basis, details={"separable": False})
    row = {"area_name": "Ash", "premises": 655, "premises_unknown": 118, "status": "not enough data: no figure"}
    few = row | {"premises": 7, "premises_unknown": 0, "status": "fewer than 10 premises"}
    lost = row | {"premises": float("nan"), "premises_unknown": float("nan")}
    premises = Accounted(total=1000, scored=900, excluded={"unmatched": 40, "not enough data: x": 60})
    areas = Accounted(total=7, scored=4, excluded={"not enough data: x": 2, "no premises": 1})
    share = Claim("places.remote", "Ash", 3, 9, 20, 979, basis).as_share()
    return {
        "rank.headline, first": first.say(),
        "rank.cell, first": first.say("cell"),
        "rank.headline, later": later.say(),
        "rank.cell, later": later.say("cell"),
        "rank.cell, merged": merged.say("cell"),
        **{
            f"not_enough, {name}": Claim.of_unscored(one, basis=basis).say()
            for name, one in (("unknown", row), ("few", few), ("lost", lost))
        },
        "accounting": Claim.of_accounts(premises, areas, place="Two shires", basis=basis).say(),
        "scored, all": Claim.of_places("places.scored", "Ash", 1, of=1, basis=basis).say("cell"),
        "scored, some": Claim.of_places("places.scored", "Ash", 208, of=219, basis=basis).say("cell"),
        "share": share.say("cell"),
        "class": Claim.of_places("plain_pages.class", "Under 1%", 1, of=40, basis=basis).say(),
    }


def places(world: str, basis: Basis) -> Lines:
    """Word what is wrong at a place, and what that rests on."""
    lines: Lines = []
    for key in ("places.remote", "places.digital"):
        for name, figures in FIGURES.items():
            claim = Claim(key, "Marshwood Vale", *figures, basis, within="Dorset", drawn=basis.modelled)
            lines += [(f"{key}.{form} {world}, {name}", claim.say(form)) for form in get_args(Form)]
            if not basis.measured:
                other = replace(claim, key=key.replace("places.", "places.other_way."))
                lines += [(f"{other.key}.{form} {world}, {name}", other.say(form)) for form in ("headline", "cell")]
    for share in (1.0, 0.812, 0.5, 0.2, 0.004):
        claim = Claim("places.upload_assumed", "Dorset", share, share, share, 1.0, basis, unit="share")
        lines.append((f"places.upload_assumed {world}, {share}", claim.say()))
    for holds, reaches in ((("Ash",), ()), (("Ash", "Elm"), ("Dorchester",)), (("Ash",), ("Poole", "Wareham"))):
        told = {"holds": holds, "reaches": reaches}
        claim = Claim("places.extent", "Ash", 1730, 1730, 1730, 1730, basis.published, details=told)
        lines.append((f"places.extent {world}, {len(holds)} {len(reaches)}", claim.say()))
    lines += [(f"places.map_shows {world}, {key}", about_places.map_shows(key, basis=basis)) for key in MEASURES]
    for many in (0.2, 1.0, 812.4, 3473.0) if basis.measured else ():
        claim = Claim("places.flagged", "Dorset", many, many, many, 9000, basis)
        lines.append((f"places.flagged {world}, {many}", claim.say()))
    said = {
        **_ranks_and_counts(basis),
        "counted": about_places.counted(basis),
        "modelled": about_places.modelled(basis),
        "measured": about_places.measured(basis),
    }
    return lines + [(f"places.{key} {world}", words) for key, words in said.items()]


def change(world: str, basis: Basis) -> Lines:
    """Word what changed between two releases."""
    lines: Lines = []
    moves = {
        "fall": ((35.2, 200.0), (27.4, 210.0)),
        "rise": ((1688.0, 125_709.0), (3473.0, 125_709.0)),
        "none": ((20.0, 200.0), (20.3, 200.0)),
    }
    for name, counts in moves.items():
        step = counts[1][0] - counts[0][0]
        told = {"profile": "remote", "line_only": False, "correction": False, "counts": counts, "why": "It moved."}
        claim = Claim("change.moved", "Dorset", step - 9, step, step + 9, counts[1][1], basis)
        for kind, other in {"": {}, " line": {"line_only": True}, " corrected": {"correction": True}}.items():
            more = told | {"times": ("July 2025", "January 2026")} | other
            lines.append((f"change.moved {world}, {name}{kind}", replace(claim, details=more).say()))
        lines.append((f"change.redefined {world}, {name}", replace(claim, key="change.redefined", details=told).say()))
    whole = Claim("change.moved", "Dorset", 3, 3, 3, 200, basis.published)
    for certainty in about_change.HOW_SURE:
        claim = replace(whole, key="change.direction", details={"certainty": certainty})
        lines += [(f"change.direction.{form} {world}, {certainty}", claim.say(form)) for form in ("headline", "cell")]
    for able, unable in ((3, 1), (3, 2), (3, 0), (0, 1), (0, 2), (0, 0)):
        for level in ("areas", "councils"):
            claim = replace(whole, key="change.able", low=able, best=able, high=200)
            claim = replace(claim, details={"unable": unable, "level": level})
            lines.append((f"change.able {world}, {able} {unable} {level}", claim.say()))
    for built, effect in ((504, 50), (-12, -1)):
        claim = replace(whole, key="change.premises", low=built, best=built, high=built)
        claim = replace(claim, details={"who": "Ofcom counts", "effect": effect})
        lines.append((f"change.premises {world}, {built}", claim.say()))
    for only, kept, of in ((True, 15, 16), (False, 9, 16), (None, 2, 2), (None, 0, 0)):
        told = {"only": only, "shares": (0.312, 0.304), "times": ("July 2025", "January 2026")}
        told |= {"names": ("below the USO", "below decent FWA")}
        claim = Claim.of_places("change.renamed", "Dorset", kept, of=of, basis=basis, details=told)
        lines.append((f"change.renamed {world}, {only} {kept} of {of}", claim.say()))
    lines.append((f"change.presumed {world}", replace(whole, key="change.presumed").say()))
    for count, of, through in ((0, 0, 2), (0, 9, 2), (1, 9, 2), (1200, 1300, 4)):
        releases = ("July 2025", "July 2026", "July 2027", "July 2028")[:through]
        told = {"releases": releases, "least": 10.0, "unit": basis.unit}
        claim = Claim.of_places("change.behind", "Dorset", count, of=of, basis=basis, details=told)
        lines.append((f"change.behind {world}, {count} of {of}", claim.say()))
    for count in (1, 2):
        told = {"why": "only in the older build", "unit": basis.unit, "premises": (1008.0, 100.0)}
        claim = Claim.of_places("change.not_compared", "Dorset", count, of=9, basis=basis, details=told)
        lines.append((f"change.not_compared {world}, {count}", claim.say()))
    return lines


SUBJECTS = (
    lenses,
    quality,
    boundaries,
    certainty,
    change,
    need,
    own_data,
    places,
)
"""A function for each subject: its sentences in one world. A subject may also stand in a file of its own beside this
one, ``worded_SUBJECT.py``, as its function `subject`."""


if __name__ == "__main__":
    GOLDEN.write_text(sentences(), encoding="utf-8", newline="\n")
