"""The reasons of one place: its sentences on a card, and its facts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from connectivity.claims import about_places, about_switches
from connectivity.claims.claim import Claim, Provenance, Sentence, summed
from connectivity.html.app_parts import paragraph, paragraphs, small
from connectivity.html.render import macro, text
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED, has_count
from connectivity.places.beside_claims import assumed_upload, beside_headline, flagged_superfast, other_way
from connectivity.places.boundary_claims import place_claim
from connectivity.places.extents import extent_of
from connectivity.places.lenses import lens_claims
from connectivity.places.parts import as_far_as_inside
from connectivity.robustness.ranks import position_claim
from connectivity.views import by_boundary, certainty, look, small_figures, state
from connectivity.views.state import View, in_district


def headline(view: View) -> Markup:
    """Say how many premises have a gap in what is shown; places without enough data are left out of both numbers."""
    claim = whole(view)
    if claim is None:
        return _headline("", "", about_places.nothing_known(view.where))
    sentence = claim.say()
    return _headline(sentence.before, sentence.marked, sentence.rest.removesuffix(claim.could_be))


def lede(view: View) -> Markup:
    """Say how far the headline could be wrong, what stands beside it, and what it rests on."""
    claim = whole(view)
    if claim is None:
        return look.NOTHING
    basis = view.basis
    said = " ".join([claim.could_be.strip(), *(str(one.say()) for one in said_beside(view, claim))]).strip()
    routes = about_switches.stays(basis) if view.turned else about_places.counted(basis)
    rests = (about_places.modelled(basis), about_places.measured(basis), routes)
    small = " ".join(one for one in rests if one)
    return (paragraph(said, "ns-lede") if said else look.NOTHING) + paragraph(small)


def shown_instead(view: View) -> Markup:
    """Say what the map shows, where that is not what the headline counts."""
    said = about_places.map_shows(view.measure.key, basis=view.basis)
    return paragraph(said, "ns-shows") if said else look.NOTHING


def extent(view: View, code: str) -> Markup:
    """Say what area a place is shown by, where that is larger than the villages it is called after."""
    found = extent_of(code, areas=view.areas, entries=state.gazetteer_entries(view))
    if found is None:
        return look.NOTHING
    premises = float(view.row(code)["premises"])
    told = {"holds": found.holds, "reaches": found.reaches}
    where = Provenance(column="premises", areas=(code,), decimals=0)
    claim = Claim(
        "places.extent",
        str(view.row(code)["area_name"]),
        *(premises,) * 4,
        view.basis.published,
        details=told,
        provenance=where,
    )
    return paragraph(str(claim.say()), "ns-small")


def said_beside(view: View, headline: Claim) -> list[Claim]:
    """Take what stands beside the headline of the study, a council or a part; of a part as far as areas lie inside.

    Beside a count that the reader asked for stands the study's own.
    """
    if view.turned:
        inside = view.shown if view.part is None else as_far_as_inside(view.areas, part=view.part)
        upload = assumed_upload(inside, place=headline.place, basis=view.basis) if view.profile == "remote" else None
        found = [studys_own(whole(state.view())), upload]
        return [claim for claim in found if claim is not None]
    if view.part is not None:
        inside = as_far_as_inside(view.areas, part=view.part)
        return beside_headline(headline, areas=inside, code=view.part.text, routes=view.routes, basis=view.basis)
    return beside_headline(headline, areas=view.shown, code=view.link.district, routes=view.routes, basis=view.basis)


def whole(view: View) -> Claim | None:
    """Take what is on show as one claim; of a part whose border cuts small areas, only what lies inside it."""
    shown, profile, part = view.shown, view.profile, view.part
    if part is not None and part.cut:
        found = by_boundary.made(view, part.kind)
        places = found.places
        row = places[places["code"].where(places["code"].ne(""), places["name"]) == part.key].iloc[0].to_dict()
        return place_claim(row, report=found, profile=profile, basis=view.basis)
    scored = shown[has_count(shown["status"])]
    if scored.empty:
        return None
    place = about_places.among(view.where, scored=len(scored), of=len(shown))
    claim = summed(scored, place=place, profile=profile, basis=view.basis, drawn=view.drawn)
    return claim.of_whole_councils() if part is None and len(scored) == len(shown) else claim


def studys_own(claim: Claim | None) -> Claim | None:
    """Return the study's own claim as one that stands beside a count that the reader asked for."""
    return None if claim is None else replace(claim, key=f"switches.own.{claim.profile}")


def sentences(view: View, code: str) -> list[Markup | str]:
    """Say what is wrong at a place, what fails, where it ranks and what we cannot tell."""
    row, basis = view.row(code), view.basis
    if row["status"] == NOT_TOLD_APART:
        council, district = view.council(code), str(row["district_code"])
        whole_council = in_district(view.areas, district=district)
        other = (
            studys_own(state.view().council(code))
            if view.turned
            else other_way(
                view.routes,
                areas=whole_council,
                code=district,
                headline=council,
                profile=view.profile,
                basis=view.basis,
            )
        )
        alone = f" {other.say()}" if other else ""
        return [about_places.not_separable(str(row["district_name"])), marked(council.say(), tag="b") + alone]
    if row["status"] != SCORED:
        return [not_enough(view, code)]
    profile = view.profile
    claim = Claim.of_row(row, profile=profile, basis=view.basis)
    fails = about_places.fails(row[f"{profile}_download_fails"], row[f"{profile}_upload_fails"], basis=basis)
    here = view.areas.loc[[code]]
    more = [
        studys_own(claim_of(state.view(), code))
        if view.turned
        else other_way(view.routes, areas=here, code=code, headline=claim, profile=profile, basis=basis),
        flagged_superfast(here, place=claim.place, basis=basis) if profile == "remote" else None,
    ]
    said = "".join(f" {one}" for one in (fails, *(one.say() for one in more if one)) if one)
    first = marked(claim.say("card"), tag="b") + said
    return [first, small(" ".join(_rank(view, code)))]


def _rank(view: View, code: str) -> list[str]:
    """Say where a place ranks and how far that could move, or that its council's areas cannot be told apart."""
    row = view.row(code)
    if not row.get("separable", True):
        return [about_places.not_separable(str(row["district_name"]))]
    claim = position_claim(row, of=certainty.ranked(view), basis=view.basis, drawn=certainty.ranged(view))
    return [claim.say("plain"), *certainty.rank(view, code)]


def sure(view: View, code: str) -> Markup:
    """Draw how sure we are of a place: its tier, its rank and range, ten boxes, what moves it."""
    tier = certainty.badge(view.row(code)["tier"]) if certainty.ranged(view) else ""
    moved = certainty.driver(view, code)
    words = paragraphs([" ".join(_rank(view, code))])
    return tier + words + certainty.tenths(view, code) + (paragraph(moved) if moved else "")


def not_enough(view: View, code: str) -> str:
    """Say why a place is not scored."""
    return Claim.of_unscored(view.row(code), basis=view.basis).say("plain")


def claim_of(view: View, code: str) -> Claim:
    """Take the place's claim for the activity on show."""
    return Claim.of_row(view.row(code), profile=view.profile, basis=view.basis)


def quoted_reasons(view: View, code: str) -> str:
    """Word a place's figure so that it can be quoted; empty where it has none of its own."""
    row = view.row(code)
    if row["status"] != SCORED:
        return ""
    return claim_of(view, code).lying_in(str(row["district_name"])).say("quotation")


_marked = macro("app.html", "marked")
_headline = macro("where.html", "headline")
STAND_IN = "Where a figure is lacking, we use in its place another that points the same way."


def facts(view: View, code: str) -> Markup:
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
        stands = f" – used in place of {small_figures.PARTS[indicator.dimension].lower()}" if indicator.proxy else ""
        label = f"{indicator.label}{stands}"
        pairs.append((label, small_figures.value(row[indicator.column], unit=indicator.unit)))
    pairs += [(one.say("card"), one.say("cell")) for one in lens_claims(row, basis=view.basis)]
    if pd.notna(row.get("official_name")):
        pairs.append(("Official name", str(row["official_name"])))
    pairs.append(("Official code (LSOA)", code))
    proxy = any(indicator.proxy for indicator in view.manifest.indicators)
    return (paragraph(STAND_IN) if proxy else look.NOTHING) + small_figures.facts_of_figures(pairs)


def marked(sentence: Sentence, *, tag: str) -> Markup:
    """Mark the number of a sentence."""
    return text(sentence.before) + _marked(sentence.marked, sentence.rest, tag)
