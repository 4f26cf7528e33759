"""Validate the estimator, the index and how sure it is on real files, and write docs/validation.md.

One command: ``python -m benchmarks.validation --data DIR`` with DIR the folder of the real studies' files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from benchmarks import (
    boundary_effect,
    drivers,
    enumerated,
    handbook,
    held_back,
    held_out,
    paper,
    perturbed,
    sanity,
)
from benchmarks.estimator import truths
from benchmarks.held_back import HeldBack
from benchmarks.rescoring import Case
from connectivity.build import assess
from connectivity.method.feasibility import SCORED
from layers.joined import join_layers
from layers.study import Layer, Study, read_study

REPOSITORY = Path(__file__).resolve().parents[1]
STUDIES = {"2013": "2013-lines.toml", "2025": "2025-modelled.toml"}
DEMO = REPOSITORY / "data" / "demo" / "study.toml"


def main() -> None:
    """Read the studies, validate, write the document, print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real studies' files")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "docs" / "validation.md")
    chosen = parser.parse_args()
    text = document(chosen.data)
    chosen.out.write_text(text, encoding="utf-8", newline="\n")
    print(f"written: {chosen.out}")


def document(data: Path) -> str:
    """Make the whole document from the files in `data`."""
    studies = {year: read_study(REPOSITORY / "data" / "studies" / name, data=data) for year, name in STUDIES.items()}
    studies = {"demo": read_study(DEMO), **studies}
    joined = {name: join_layers(study) for name, study in studies.items()}
    areas = {name: assess(joined[name], studies[name])[0] for name in studies}
    cases = {name: Case.of(joined[name], studies[name]) for name in studies}
    structured = _with_structure(studies["2025"], of=studies["2013"])
    ranked = {
        name: table.assign(score=table["score"].where(table["status"].eq(SCORED))) for name, table in areas.items()
    }
    counted = {"2013": cases["2013"], "2025": cases["2025"]}
    routes = {
        "2025, fixed wireless not counted": cases["2025"].without_fwa(),
        "2025, fixed wireless counted": cases["2025"],
    }
    names = areas["2013"].groupby("district_code")["district_name"].first().to_dict()
    parts = [
        HEAD,
        held_back.section(_held_back(studies["2013"], data=data), names=names),
        held_back.structure_section(areas["2025"], assess(join_layers(structured), structured)[0]),
        INDEX_HEAD,
    ]
    parts += [_index(year, ranked[year]) for year in STUDIES]
    parts += [
        held_out.section(areas["2013"], coverage=joined["2013"].coverage),
        perturbed.section({"demo": cases["demo"], "2013": cases["2013"], **routes}),
        paper.section(),
        enumerated.section(counted),
        handbook.section(),
        boundary_effect.section(
            {name: boundary_effect.effects(studies[name], joined[name], ranked[name]) for name in studies}
        ),
        drivers.section({name: (cases[name], ranked[name]) for name in studies}),
    ]
    return "\n".join(parts)


def _held_back(study: Study, *, data: Path) -> HeldBack:
    return HeldBack.of(*truths(study, data=data, stations=REPOSITORY / "data" / "demo" / "stations.csv"))


def _with_structure(study: Study, *, of: Study) -> Study:
    """Add to a study the postcode file of another, of 2013, as a hint where slow lines stand."""
    layer = of.layer("ofcom_postcode_2013")
    assert layer is not None, "the 2013 study has the postcode file"  # noqa: S101  # a fact of the committed study file
    added = Layer(kind="structure_2013", file=layer.file)
    return study.model_copy(update={"layers": [*study.layers, added]})


def _index(year: str, areas: pd.DataFrame) -> str:
    importance, ends, others = sanity.importance(areas), sanity.ends(areas), sanity.alternatives(areas)
    nominal = 1 / len(importance)
    return "\n".join(
        [
            f"## The {year} study",
            "",
            "Spearman correlations:",
            "",
            _matrix(sanity.correlations(areas)),
            "",
            "| dimension | weight | share of the score's variance | areas at 0 | areas at 99 or more |",
            "|---|--:|--:|--:|--:|",
            *(
                f"| {WORDS[name]} | {nominal:.0%} | {importance.loc[name, 'share_of_variance']:.0%} | "
                f"{ends.loc[name, 'at_0']:,} | {ends.loc[name, 'at_100']:,} |"
                for name in importance.index
            ),
            "",
            "| scored otherwise | Spearman with the score | of the worst tenth, shared |",
            "|---|--:|--:|",
            *(
                f"| {name} | {row.spearman:.3f} | {row.worst_tenth_shared:.0%} |"
                for name, row in zip(others.index, others.itertuples(), strict=True)
            ),
            "",
            (
                "Without the gate the two broadband dimensions would carry "
                f"{sanity.broadband_share_without_gate(areas):.0%} of the variance of the plain mean."
            ),
            "",
        ]
    )


def _matrix(table: pd.DataFrame) -> str:
    words = [WORDS[str(name).removeprefix("score_")] for name in table.columns]
    lines = ["| | " + " | ".join(words) + " |", "|---|" + "--:|" * len(words)]
    lines += [
        f"| {word} | " + " | ".join(f"{value:.2f}" for value in row) + " |"
        for word, row in zip(words, table.to_numpy(), strict=True)
    ]
    return "\n".join(lines)


WORDS = {
    "remote": "home working",
    "digital": "online services",
    "need": "need",
    "alternative": "no alternative",
    "score": "score",
}
HEAD = """# Validation

Made by `python -m benchmarks.validation --data DIR`; do not edit by hand. Same files, same bytes.

# Does the estimator find the slow lines?

Ofcom publishes today's totals by authority, and we spread them over small areas by how thinly postcodes lie and how far
it is to where people are (docs/method.md, §2). The postcode file of 2013 says where slow lines really were. So each of
the sixteen authorities of the demo is left out of the fit in turn, is given only its own total, and its areas' shares
are compared with the truth. Nine councils beside them, of which the same file holds nearly all, are kept out of every
fit: the second region.

This is a test on the lines that people had bought in 2013. How well the estimator does on what can be had today is not
known: no small-area truth of today is at hand.
"""
INDEX_HEAD = """# Is the index what it claims to be?

The share of variance is each part's covariance with the score over the score's variance; the four add up to 100 %. It
says what drives differences between places, which is not what the weights say. "No gate" is the plain weighted mean
of the four dimensions, in which need alone could make a place bad.

Only ranked areas are in these tables: of the 2025 study those in councils whose areas can be told apart. There fixed
wireless counts and few premises are below decent broadband, so that online services move the score little; home working
and distance drive it. Without the gate the ranking of 2025 would be another one: need and distance, hardly broadband.
"""

if __name__ == "__main__":
    main()
