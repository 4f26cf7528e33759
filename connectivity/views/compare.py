"""Compare two places: how often one is worse, what both are like, and what would swap them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from markupsafe import Markup

from connectivity.claims import about_certainty, about_places
from connectivity.claims.about_certainty import CALLED
from connectivity.claims.claim import Claim, ProfileKey
from connectivity.claims.grammar import number, one_decimal
from connectivity.html import app_parts
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, bold, counted, paragraph, plain_table
from connectivity.html.render import macro
from connectivity.maps.sketch import MOST_PLACES
from connectivity.method.feasibility import COUNTED
from connectivity.method.records import DIMENSIONS, FEWEST
from connectivity.method.scoring import Weights
from connectivity.places import search
from connectivity.places.parts import DISTRICT
from connectivity.places.wholes import STUDY, chance_of_larger_share, claim_of_whole, whole_of, wholes_claim
from connectivity.robustness.pairs import PlaceComparison, comparison_claim, flip, swap_claim
from connectivity.robustness.stored_run import read_stored_run
from connectivity.views import certainty, frame, links, look, reasons, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.small_figures import PARTS
from connectivity.views.state import View, address, choose
from connectivity.weight_sets import Percent
from layers.errors import OutputError

FIELDS = {"place": "first place", "other": "second place"}
MISSED = "place not found"
# Places offered, at most, for what was typed and is not one place (assumption: a ward has seldom more).
NEAREST = 8
ACTIVITIES: dict[ProfileKey, str] = {"remote": "work from home", "digital": "use online services"}


def labels(view: View) -> dict[str, str]:
    """Name what can be compared: the study, its councils, then each place with its council, by the alphabet.

    Of a very large study only the places on show are among them.
    """
    wholes = {STUDY: f"All of {view.basis.place}"} | {code: f"{name}, council" for code, name in view.districts.items()}
    if len(view.areas) > MOST_PLACES:
        return wholes | ({} if view.overview else _labels(view, view.place))
    return wholes | _labels(view, None)


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs={View: lambda view: view.build})
def _labels(view: View, place: str | None) -> dict[str, str]:
    listed = view.areas if place is None else view.shown
    ordered = listed.sort_values(["area_name", "district_name"], kind="stable")
    return {
        str(code): f"{name} · {district}"
        for code, name, district in zip(ordered.index, ordered["area_name"], ordered["district_name"], strict=True)
    }


def _chosen_pair(view: View) -> tuple[str, str]:
    """Give the two places: those of the link, else the worst ones by rank."""
    ranked = view.areas[view.areas["separable"].astype(bool) & view.areas["severity_rank"].notna()]
    worst = [str(code) for code in ranked.sort_values("severity_rank", kind="stable").index[:3]]
    worst += [str(code) for code in view.areas.index[:3]]
    whole = view.link.district if view.link.other else None
    first = view.link.place or whole or next(code for code in worst if code != view.link.other)
    second = view.link.other or next((code for code in worst if code != first), first)
    return first, second


def _choice(view: View, field: str, *, code: str, label: str) -> None:
    """Show the box in which one of the two places is chosen, by name or postcode."""
    names = labels(view)
    st.session_state[FIELDS[field]] = code
    st.selectbox(
        label,
        options=list(names),
        format_func=lambda key: names.get(key, key),
        accept_new_options=True,
        key=FIELDS[field],
        on_change=_chosen(view, field),
    )


def _chosen(view: View, field: str) -> Callable[[], None]:
    def on_change() -> None:
        text = st.session_state[FIELDS[field]] or ""
        known = text in labels(view)
        code = text if known else _council_called(view, text)
        code = code or search.resolve(text, areas=view.areas, folder=view.folder, manifest=view.manifest)
        if code is None:
            st.session_state[MISSED] = (field, text[: links.SHOWN])
            return
        first, second = _chosen_pair(view)
        found = {"place": first, "other": second} | {field: code}
        if found["place"] == STUDY and found["other"] != STUDY:  # the study is always the second
            found = {"place": found["other"], "other": STUDY}
        area = found["place"] in view.areas.index
        choose(
            place=found["place"] if area else None,
            district=None if area else found["place"],
            other=found["other"],
            find=None,
        )

    return on_change


def _council_called(view: View, text: str) -> str | None:
    """Find the council that what was typed names; None for any other place."""
    held = state.reports(str(view.folder))
    found = search.answer(text, areas=view.areas, reports=held, folder=view.folder, manifest=view.manifest).found
    return found.key if found and found.kind == DISTRICT else None


def not_found(view: View, field: str, text: str) -> Markup:
    """Say that what was typed into a box is not one place, with a link for each that it may mean."""
    _, near = search.find_area(text, areas=view.areas, most=NEAREST)
    named = labels(view)
    first, second = _chosen_pair(view)
    ways = ((code, (code, second) if field == "place" else (first, code)) for code in near)
    offered = [
        (address("compare", place=place, other=other, find=None), named.get(code, code))
        for code, (place, other) in ways
    ]
    if not near:
        said = "Both places are as they were. Try the ward or a postcode."
        return look.note(f"No place called {links.quoted(text)}", said)
    said = f"Both places are as they were. Choose the {FIELDS[field]}:"
    return look.note(f"{links.quoted(text)} is not the name of one small area", said, more=app_parts.links(offered))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={View: lambda view: view.build})
def _compared(view: View, first: str, second: str) -> tuple[PlaceComparison, int]:
    """Compare two scored places on the draws of the build, and say how many these are.

    Raises
    ------
    OutputError
        When the build has no draws.
    """
    kept = read_stored_run(view.folder)
    return kept.compare(first, second), kept.draws


def worse_in_draws(view: View, first: str, second: str, *, gap: float) -> float | None:
    """Give the chance that the one of two places that scores higher is worse; None in a build without draws."""
    if not certainty.tested(view):
        return None
    try:
        found, _ = _compared(view, first, second)
    except OutputError:  # told of above, where the draws themselves are shown
        return None
    return found.first_worse if gap >= 0 else found.second_worse


def names(view: View, first: str, second: str) -> tuple[str, str]:
    """Name two places so that they can be told apart: with the council, or the code, where names are the same."""
    one, other = view.row(first), view.row(second)
    if one["area_name"] != other["area_name"]:
        return str(one["area_name"]), str(other["area_name"])
    if one["district_name"] != other["district_name"]:
        return f"{one['area_name']}, {one['district_name']}", f"{other['area_name']}, {other['district_name']}"
    return f"{one['area_name']} ({first})", f"{other['area_name']} ({second})"


def full_names(view: View, first: str, second: str) -> tuple[str, str]:
    """Name two places with their councils, for a sentence that leaves the page."""
    one, other = view.row(first), view.row(second)
    if (one["area_name"], one["district_name"]) == (other["area_name"], other["district_name"]):
        return names(view, first, second)
    return f"{one['area_name']} ({one['district_name']})", f"{other['area_name']} ({other['district_name']})"


def not_chosen(view: View) -> str:
    """Say which places the page chose by itself; empty where the reader chose both."""
    whole = view.link.district if view.link.other else None
    there = (view.link.place or whole, view.link.other)
    if not any(there):
        return "Choose two places above. Until you do, you see the two with the highest scores."
    if all(there):
        return ""
    which = "first" if there[0] is None else "second"
    return f"Choose a {which} place above. Until you do, you see one of those with the highest scores."


def chances(found: PlaceComparison, *, called: tuple[str, str], draws: int) -> Markup:
    """Draw the three chances, which add up to all draws, as bars with their numbers."""
    listed = (
        (f"{called[0]} is worse", found.first_worse, ""),
        (f"{called[1]} is worse", found.second_worse, " two"),
        ("They are level", found.tie, " level"),
    )
    rows = [
        Row(
            name,
            [
                Cell(_bar(chance, kind), "plot"),
                Cell(counted(number(draws * chance, exact=True), number(draws, exact=True), ""), RIGHT),
            ],
        )
        for name, chance, kind in listed
    ]
    heads = (("Place", ""), ("Share of tries", "plot"), ("Tries", RIGHT))
    limit = paragraph(about_certainty.called_worse())
    return plain_table("In how many tries each is worse", heads, rows, kind="ns-sure") + limit


def _bar(chance: float, kind: str) -> Markup:
    """Draw a share; nothing for none, as a bar has a least width."""
    return macro("figures.html", "share")(f"{100 * chance:.1f}", kind) if chance > 0 else look.NOTHING


def side_by_side(view: View, first: str, second: str, *, called: tuple[str, str]) -> Markup:
    """List what is known of both: gaps, the four parts, score, rank with its range, how sure we are."""
    both = [view.row(first), view.row(second)]
    verb = "Did not achieve what it takes to" if view.basis.measured else "Cannot"
    gaps = [
        (f"{verb} {name}", [Claim.of_row(row, profile=key, basis=view.basis).say("cell") for row in both])
        for key, name in ACTIVITIES.items()
    ]
    scored: list[tuple[str, list[Markup | str]]] = [
        (PARTS[key], [_hundred(row[f"score_{key}"]) for row in both]) for key in DIMENSIONS if key not in view.absent
    ]
    scored.append(("Score", [bold(one_decimal(row["score"])) for row in both]))
    rest: list[tuple[str, list[Markup | str]]] = []
    if certainty.tested(view):
        rest.append((about_certainty.QUESTION, [certainty.cell(row["tier"]) for row in both]))
    return macro("compare.html", "side_by_side")(called, gaps, scored, rest)


def swap(view: View, first: str, second: str, *, called: tuple[str, str]) -> tuple[Markup, Percent | None]:
    """Say what other weights would swap the two, and show them beside the study's own, from which the search starts.

    Returns
    -------
    tuple
        The words and the table as HTML, and the weights in percent; None where none swap them, or only finer ones.
    """
    weights = Weights(**view.manifest.weights.model_dump())
    method = view.manifest.aggregation
    found = flip(
        view.areas,
        first=first,
        second=second,
        weights=weights,
        aggregation=method,
        absent=view.absent,
    )
    one, other = (pd.Series(view.row(code)) for code in (first, second))
    chance = worse_in_draws(view, first, second, gap=found.gap)
    claim = swap_claim(found, one, other, names=called, basis=view.basis, aggregation=method, chance=chance)
    words = paragraph(about_certainty.SWAP, "ns-prose") + paragraph(bold(claim.say()), "ns-prose")
    named, before = claim.details["named"], claim.details["before"]
    if not named:
        return words, None
    rows = [
        Row(
            CALLED[key].capitalize(),
            [Cell(f"{before[key]:.3g}%", RIGHT), Cell(bold(f"{named[key]:.4g}%"), RIGHT)],
        )
        for key in named
    ]
    heads = (("Part of the score", ""), ("Now", RIGHT), ("To swap them", RIGHT))
    weighed = plain_table("Weights now, and weights that would swap them", heads, rows, kind="ns-table ns-few")
    percent = tuple(round(named.get(key, 0)) for key in DIMENSIONS)
    whole = all(value == round(value) for value in named.values())
    return words + weighed, (percent[0], percent[1], percent[2], percent[3]) if whole else None


def _hundred(value: float) -> str:
    return "not known" if pd.isna(value) else f"{value:.1f}"


def which_is_worse(view: View, first: str, second: str, *, called: tuple[str, str]) -> None:
    """Show in how many draws each of two scored places is worse, or why nobody can say."""
    if not certainty.tested(view):
        words = (about_certainty.UNTESTED, about_certainty.draws_command(view.folder.name))
        st.html(look.note("How often one is worse was not computed", *words, kind="warn"))
        return
    if view.link.weights is not None:
        st.html(look.note("Not with your weights", about_certainty.all_reweighted(), kind="warn"))
    own = state.view(own=True)
    try:
        found, draws = _compared(own, first, second)
    except OutputError as error:
        said, *rest = str(error).splitlines()
        st.html(look.note(said, *rest, kind="error"))
        return
    said = comparison_claim(found, names=called, draws=draws, basis=own.basis).say()
    terms.say(paragraph(said, "ns-say"), part="sentence")
    terms.say(chances(found, called=called, draws=draws), part="chances", most=0)
    quoted = comparison_claim(found, names=full_names(own, first, second), draws=draws, basis=own.basis)
    quote = quoted.say("quotation")
    with st.container(key="once"):
        copy_button("Copy sentence", text=quote, key="copy sentence")


def wholes(view: View, first: str, second: str) -> None:
    """Show a place, a council or the study beside another by the share of premises that cannot, for both activities."""
    place, manifest, basis = view.basis.place, view.manifest, view.basis
    both = [whole_of(key, areas=view.areas, manifest=manifest, study=place) for key in (first, second)]
    if first == second or None in both:
        st.html(look.note("These are the same place", "Choose two different places."))
        return
    one, other = (whole for whole in both if whole is not None)
    rows: list[Row] = []
    for profile, name in ACTIVITIES.items():
        claims = [claim_of_whole(whole, profile=profile, basis=basis, drawn=view.drawn) for whole in (one, other)]
        here, there = claims
        if here is None or there is None:
            st.html(look.note(about_places.NOT_ENOUGH, about_places.nothing_known(one.name)))
            return
        chance = chance_of_larger_share(one, other, profile=profile, drawn=view.drawn)
        found = wholes_claim(here, there, chance=chance)
        terms.say(paragraph(found.say(), "ns-say" if profile == "remote" else "ns-prose"), part=profile)
        if profile == "remote":
            with st.container(key="once"):
                copy_button("Copy sentence", text=str(found.say("quotation")), key="copy sentence")
        verb = "Did not achieve what it takes to" if basis.measured else "Cannot"
        rows.append(Row(f"{verb} {name}", [Cell(claim.say("cell")) for claim in (here, there)]))
        if min(here.of, there.of) >= FEWEST.value:
            rows.append(Row("Share of the whole", [Cell(claim.as_share().say("cell")) for claim in (here, there)]))
    st.header("Side by side")
    heads = [("What", ""), (one.name, ""), (other.name, "")]
    st.html(app_table("Both side by side", heads, rows, label="Both places, scrolls", seen=False))
    left = [about_places.without_count(whole.left_out, place=whole.name) for whole in (one, other) if whole.left_out]
    st.html(paragraph(" ".join([*left, about_places.england_not_held()])))


def body(view: View) -> None:
    """Show the two boxes, then what can be said of both places."""
    st.title("Compare two places")
    own = state.view(own=True)
    first, second = _chosen_pair(own)
    with st.container(key="bar"):
        one, other, last = st.columns([5, 5, 2], vertical_alignment="bottom")
    with one:
        _choice(own, "place", code=first, label="First place, by name or postcode")
    with other:
        _choice(own, "other", code=second, label="Second place")
    with last:
        copy_button("Copy link", key="copy link")
    if missed := st.session_state.pop(MISSED, None):
        st.html(not_found(view, *missed))
    if asked := not_chosen(view):
        st.html(look.note(asked, kind="plain"))
    if first != second:
        packed = view.link.query(pack=(first, second))
        st.page_link("connectivity/views/evidence.py", label="Get the pack of both", query_params=packed)

    if not {first, second} <= set(own.areas.index):
        wholes(own, first, second)
        return
    rows = {code: own.row(code) for code in (first, second)}
    unknown = [code for code, row in rows.items() if row["status"] not in COUNTED]
    if first == second or unknown:
        if first == second:
            st.html(look.note("These are the same place", "Choose two different places."))
        for code in dict.fromkeys(unknown):
            name = f"{about_places.NOT_ENOUGH} for {rows[code]['area_name']}"
            st.html(look.note(name, reasons.not_enough(view, code), "So it cannot be compared."))
        return

    called = names(own, first, second)
    apart = sorted({str(row["district_name"]) for row in rows.values() if not row["separable"]})
    if apart:
        words = [about_places.not_separable(name) for name in apart]
        st.html(look.note("They cannot be separated", *words))
        return
    which_is_worse(view, first, second, called=called)
    st.header("Side by side")
    terms.say(side_by_side(own, first, second, called=called), part="both")
    terms.say(paragraph(about_places.dimensions_explained()), part="score")
    st.header("What would swap them?")
    swapped, than = swap(own, first, second, called=called)
    terms.say(swapped + paragraph(about_certainty.FLIP), part="swap")
    if than:
        query = view.link.query(weights=None, than=than)
        st.page_link("connectivity/views/weightings.py", label="See who else those weights move", query_params=query)
    st.page_link("connectivity/views/sure.py", label="How sure are we?", query_params=view.link.query())


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("compare")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
