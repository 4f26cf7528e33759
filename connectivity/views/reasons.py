"""The reasons of one place: its sentences on a card, and its facts."""

from __future__ import annotations

from html import escape

import pandas as pd

from connectivity.claims import about_boundaries, about_places
from connectivity.claims.claim import Claim, Sentence
from connectivity.method.feasibility import SCORED
from connectivity.places.lenses import lenses
from connectivity.views import by_boundary, certainty, small_figures
from connectivity.views.state import View


def lede(view: View) -> str:
    """Say how many premises have a gap in what is shown; places without enough data are left out of both numbers."""
    claim = whole(view)
    if claim is None:
        return f'<p class="ns-lede">{escape(about_places.nothing_known(view.where))}</p>'
    basis = view.basis
    rests = (about_places.modelled(basis), about_places.measured(basis), about_places.counted(basis))
    small = escape(" ".join(said for said in rests if said))
    said = marked(claim.say(), tag="b")
    return f'<p class="ns-lede">{said}</p><p class="ns-small">{small}</p>'


def whole(view: View) -> Claim | None:
    """Take what is on show as one claim; of a part whose border cuts small areas, only what lies inside it."""
    shown, profile, part = view.shown, view.profile, view.part
    if part is not None and part.cut:
        found = by_boundary.made(view, part.kind)
        places = found.places
        row = places[places["code"].where(places["code"].ne(""), places["name"]) == part.key].iloc[0].to_dict()
        return about_boundaries.claim_of(row, family=found.family, profile=profile, basis=view.basis)
    scored = shown[shown["status"] == SCORED]
    if scored.empty:
        return None
    place = about_places.among(view.where, scored=len(scored), of=len(shown))
    columns = ["premises", *(f"{profile}_infeasible{end}" for end in ("_low", "", "_high"))]
    return Claim.of_row({"area_name": place, **scored[columns].sum()}, profile=profile, basis=view.basis)


def card(view: View, code: str) -> str:
    """Draw the reasons of a place in plain English, for the card beside the map."""
    row = view.row(code)
    name = f"<h2>{escape(str(row['area_name']))}</h2>"
    where = f'<p class="ns-small">{escape(str(row["district_name"]))}</p>'
    body = "".join(f"<p>{line}</p>" for line in sentences(view, code))
    tier = certainty.badge(view.row(code)["tier"]) if certainty.ranged(view) else ""
    return f'<div class="ns-card">{name}{where}{tier}{body}</div>'


def brief(view: View, code: str | None) -> str:
    """Say a place's name and figure in two lines, for a narrow window; nothing while none is chosen."""
    if code is None:
        return ""
    first = sentences(view, code)[0]
    return f"<p><b>{escape(str(view.row(code)['area_name']))}</b><br>{first}</p>"


def sentences(view: View, code: str) -> list[str]:
    """Say what is wrong at a place, what fails, where it ranks and what we cannot tell; as HTML."""
    row, basis = view.row(code), view.basis
    if row["status"] != "scored":
        return [escape(not_enough(view, code))]
    profile = view.profile
    claim = Claim.of_row(row, profile=profile, basis=view.basis)
    fails = about_places.fails(row[f"{profile}_download_fails"], row[f"{profile}_upload_fails"], basis=basis)
    said = [marked(claim.say("card"), tag="b") + (f" {escape(fails)}" if fails else "")]
    said.append(f'<span class="ns-small">{escape(" ".join(rank(view, code)))}</span>')
    return said


def rank(view: View, code: str) -> list[str]:
    """Say where a place ranks and how far that could move, or that its council's areas cannot be told apart."""
    row = view.row(code)
    if not row.get("separable", True):
        return [about_places.not_separable(str(row["district_name"]))]
    ranked = int(view.areas["severity_rank"].notna().sum())
    return [about_places.rank(str(row["area_name"]), int(row["severity_rank"]), of=ranked), *certainty.rank(view, code)]


def sure(view: View, code: str) -> str:
    """Draw how sure we are of a place: its tier, its rank and range, ten boxes, what moves it."""
    tier = certainty.badge(view.row(code)["tier"]) if certainty.ranged(view) else ""
    moved = certainty.driver(view, code)
    small = f'<p class="ns-small">{escape(moved)}</p>' if moved else ""
    return f"{tier}<p>{escape(' '.join(rank(view, code)))}</p>{certainty.tenths(view, code)}{small}"


def not_enough(view: View, code: str) -> str:
    """Say why a place is not scored."""
    row = view.row(code)
    known = {name: 0.0 if pd.isna(row[name]) else float(row[name]) for name in ("premises", "premises_unknown")}
    return about_places.not_enough(
        str(row["area_name"]),
        unknown=known["premises_unknown"],
        premises=known["premises"],
        reason=str(row["status"]),
        basis=view.basis,
    )


def claim_of(view: View, code: str) -> Claim:
    """Take the place's claim for the activity on show."""
    return Claim.of_row(view.row(code), profile=view.profile, basis=view.basis)


def quote(view: View, code: str) -> str:
    """Word a place's figure so that it can be quoted; empty where it has none."""
    row = view.row(code)
    if row["status"] != SCORED:
        return ""
    return claim_of(view, code).lying_in(str(row["district_name"])).say("quotation")


STAND_IN = '<p class="ns-small">Where a figure is lacking, we use another that points the same way: a stand-in.</p>'


def facts(view: View, code: str) -> str:
    """List what is known about a place: its kind, people, each indicator, official name and code."""
    row = view.row(code)
    pairs: list[tuple[str, str]] = []
    if pd.notna(row.get("rural_urban")):
        pairs.append(("Kind of place", str(row["rural_urban"])))
    if pd.notna(row.get("ward_name")):
        pairs.append(("Ward", str(row["ward_name"])))
    residents = row.get("residents")
    pairs.append(("Residents", small_figures.value(residents, unit="") if pd.notna(residents) else "not in this study"))
    for indicator in view.manifest.indicators:
        stands = f" – a stand-in for {small_figures.PARTS[indicator.dimension].lower()}" if indicator.proxy else ""
        label = f"{indicator.label}{stands}"
        pairs.append((label, small_figures.value(row[indicator.column], unit=indicator.unit)))
    pairs += lenses(row, basis=view.basis)
    if pd.notna(row.get("official_name")):
        pairs.append(("Official name", str(row["official_name"])))
    pairs.append(("Official code (LSOA)", code))
    proxy = any(indicator.proxy for indicator in view.manifest.indicators)
    return (STAND_IN if proxy else "") + small_figures.facts(pairs)


def marked(sentence: Sentence, *, tag: str) -> str:
    """Mark the number of a sentence."""
    return f'<{tag} class="ns-num">{escape(sentence.marked)}</{tag}>{escape(sentence.rest)}'
