"""Counts that a reader asks for, worded over hand-sized figures; `worded.py` takes it in."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from worded import FIGURES, Lines

from connectivity.claims import about_places, about_switches
from connectivity.claims.claim import Basis, Claim, Form

FEW = ("range", "certain", "almost none")


def subject(world: str, basis: Basis) -> Lines:
    """Word what a household and a business cannot do, the study's own figure beside, and what is said of both."""
    lines: Lines = []
    for worker in () if basis.measured else ("household", "business"):
        turned = replace(basis, worker=worker, counts_fwa=not basis.counts_fwa)
        for name in FEW if worker == "household" else FEW[:1]:
            claim = Claim(
                "places.remote", "Marshwood Vale", *FIGURES[name], turned, within="Dorset", drawn=basis.modelled
            )
            lines += [(f"places.{worker}.{form} {world}, {name}", claim.say(form)) for form in get_args(Form)]
        share = Claim("places.upload_assumed", "Dorset", 0.33, 0.33, 0.33, 1.0, turned, unit="share")
        lines += [
            (f"places.{worker}.column {world}", about_places.gap_column("remote", basis=turned)),
            (f"places.{worker}.fails {world}", about_places.fails(1, 9, basis=turned)),
            (f"places.{worker}.upload_assumed {world}", share.say()),
            (f"places.{worker}.map_shows {world}", about_places.map_shows("need", basis=turned)),
            (f"switches.legend.{worker} {world}", about_switches.legend_title("", basis=turned)),
        ]
    for profile in ("remote", "digital"):
        for fwa, mobile in ((True, True), (True, False), (False, True), (False, False)):
            own = replace(basis, counts_fwa=fwa, counts_mobile=mobile)
            for name in FEW if fwa and not mobile else FEW[:1]:
                claim = Claim(f"switches.own.{profile}", "Marshwood Vale", *FIGURES[name], own, drawn=basis.modelled)
                key = f"{claim.key}.headline {world}, {name}, fixed wireless {fwa}, mobile {mobile}"
                lines += [(key, claim.say()), (f"{claim.key}.cell {world}, {name}", claim.say("cell"))]
    lines += [(f"switches.stays {world}", about_switches.stays(basis))]
    lines += [(f"switches.own_note {world}", about_switches.own_note(basis))]
    return lines
