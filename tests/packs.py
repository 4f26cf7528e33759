"""Packs written down by hand: made-up places and words, hostile names among them, with every part filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from hand_builds import code, hand_build

from connectivity.claims.claim import Basis, Sentence
from connectivity.evidence.pack_content import (
    Head,
    PackContent,
    PackPlace,
    PackSection,
    PackSubject,
    PackTable,
    PersonsPart,
    WorstPlace,
)
from connectivity.evidence.pack_parts import PackSource
from connectivity.outputs import Build

HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "#panic() $x$ @ref {{7*7}} {% raw %} <b>_i_</b> \\textbf",
    "'=1+1",
    "@SUM(1)",
)
"""Names that run as a formula, as a template or as HTML where somebody lets them."""
COUNTS = {
    1: (600, 5, 10, 20, 30),
    2: (612, 5, 1, 2, 3),
    3: (640, 300),
    4: (655, 0, 60, 75, 90),
    5: (700, 7, 30, 35, 44),
    6: (580, 2, 3, 9, 15),
}
PERSON = PersonsPart(
    organisation="Northshire Council",
    standing="We are the local authority.",
    recommendation="That upload be counted.",
    contact="data@northshire.example",
    decided_by="31 January 2027",
    expires="31 May 2027",
    analyst="A. Analyst",
    checked_by="C. Checker",
)


def pack_build(*, names: Sequence[str] = HOSTILE, **changes: Any) -> Build:
    """Make a build of six areas with ranks drawn; one is without enough data, one cannot be told apart.

    Parameters
    ----------
    names
        Of the first areas.
    changes
        Keys of the manifest.
    """
    build = hand_build(COUNTS, **{"coverage_modelled": True, "draws": 1000} | changes)
    areas = build.areas
    areas["area_name"] = [*names, *areas["area_name"][len(names) :]]
    areas["separable"] = [True, True, True, True, True, False]
    areas["severity_rank"], areas["scale_rank"] = [3.0, 4.0, None, 1.0, 2.0, None], [2.0, 4.0, None, 1.0, 3.0, None]
    areas["rank_median"], areas["rank_p05"] = [3.0, 4.0, None, 1.0, 2.0, None], [1.0, 3.0, None, 1.0, 1.0, None]
    areas["rank_p95"] = [4.0, 4.0, None, 2.0, 4.0, None]
    areas["tier"] = ["depends", "feasible", "insufficient", "robust", "likely", "alike"]
    areas.loc[areas.index[5], "status"] = "modelled: areas of this council cannot be told apart"
    scored = areas["remote_infeasible"].notna()
    for key in ("remote", "digital"):
        areas[f"score_{key}"] = 100 * areas[f"{key}_infeasible"] / areas["premises"]
    areas["score"] = (areas["score_remote"] / 2).where(scored)
    return build


def pack_content(build: Build, **changes: Any) -> PackContent:
    """Make the words of a pack about all places of a build; changes are fields of it."""
    basis = Basis.of(build.manifest)
    areas = build.areas
    shares = pd.Series(1.0, index=areas.index)
    table = PackTable(
        "every_area",
        "Small areas of Two shires, July 2025, by name",
        (
            Head("Place", meaning="What we call the small area."),
            Head("Premises with a gap (number)", number=True, meaning="Best estimate, of all premises."),
            Head("Could be (number)", number=True, meaning="Its range."),
            Head("Among the worst?", meaning="How sure it is."),
        ),
        tuple((str(name), "about 20 of 600", "10 to 30", "Depends") for name in areas["area_name"]),
        note="Ranges of areas must not be added up.",
    )
    worst = tuple(
        WorstPlace(code(n), str(areas["area_name"][code(n)]), said, could, low, best, high, "", tier, words)
        for n, said, could, low, best, high, tier, words in (
            (4, "about 75 of 655", "60 to 90", 60.0, 75.0, 90.0, "robust", "Almost certain"),
            (5, "about 35 of 700", "30 to 44", 30.0, 35.0, 44.0, "likely", "Likely"),
        )
    )
    sections = (
        PackSection(
            "found",
            "What we found",
            paragraphs=("About 141 of 3,787 premises in Two shires cannot support one home worker.", "It is modelled."),
            points=("Upload fails most: about 90.",),
        ),
        PackSection(
            "where", "Where it is", paragraphs=("The highest shares lie in the east.",), tables=(table,), pictured=True
        ),
        PackSection(
            "people",
            "Who it touches",
            tables=(
                PackTable(
                    "characteristics",
                    "Who may have the gap in Two shires, by characteristic, July 2025",
                    (Head("Characteristic"), Head("Premises with the gap", number=True), Head("What is counted")),
                    (("Age: 65 or over", "0 to 90", "People aged 65 or over (ONS)"), ("Disability", "[x]", "")),
                    note="No file says which homes have both.",
                ),
            ),
        ),
        PackSection(
            "services",
            "Services, and what else is near",
            paragraphs=("If forms and accounts went online only, about 300 people could not use them from home.",),
            points=("How many people use the service now, and where?",),
        ),
        PackSection("how_sure", "How sure we are", paragraphs=("We ranked these places 1,000 times.",)),
    )
    content = PackContent(
        reader="committee",
        subject=PackSubject("Two shires", (PackPlace("study", "Two shires", "whole study", shares),)),
        basis=basis,
        person=PERSON,
        title="Two shires: where broadband is not enough",
        date="2026-03-01T09:00:00Z",
        stamp="Amber: usable, read the notes.",
        tags=("Modelled within each council",),
        headline=Sentence("About 141 of 3,787", " premises in Two shires cannot support one home worker."),
        beneath=("It could be 104 to 182.", "Fixed wireless and mobile are not counted."),
        asks=("Check first the 1 place that is almost certain to be among the worst.",),
        sure=("1 of 4 places is almost certain to be among the worst.",),
        not_shown=("It does not show single addresses.",),
        worst=worst,
        worst_title="Places that are surest to be among the worst",
        worst_note="Ranks are among 4 places.",
        answers=(("Satellite exists", "It meets the speeds and costs £75 a month."),),
        sections=sections,
        every_area=table,
        map_title="Share of premises that cannot support one home worker",
        map_said="Map of Two shires: about 4% of premises have a gap, most in the east.",
        map_key="White with lines: not enough data.",
        press=("About 141 premises cannot support one home worker.", "Modelled from Ofcom, July 2025."),
        sources=("Ofcom, Connected Nations, July 2025, Open Government Licence v3.0.",),
        checks=("python -m connectivity verify pack.zip",),
        revisions="Figures are revised when Ofcom revises its own.",
        next_update="The next release is due in December 2026.",
        claims={},
    )
    return replace(content, **changes)


def pack_source(*, folder: Path = Path("by-hand"), build: Build | None = None, **changes: Any) -> PackSource:
    """Make what makers of files get; changes are fields of the content."""
    known = pack_build() if build is None else build
    return PackSource(known, folder, pack_content(known, **changes))


def same_twice(maker: Any, source: PackSource) -> Mapping[str, bytes]:
    """Make files twice, and give them; the same source must give the same bytes."""
    made, again = maker(source), maker(source)
    assert {name: bytes(one) for name, one in made.items()} == {name: bytes(one) for name, one in again.items()}
    return made
