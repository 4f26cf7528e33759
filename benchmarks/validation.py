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
    estimator,
    handbook,
    held_out,
    paper,
    perturbed,
    sanity,
)
from benchmarks.rescoring import Case
from connectivity.build import assess
from layers.joined import Joined, join_layers
from layers.ledger import Ledger
from layers.lookups import read_postcode_lookup
from layers.points import spacing_key
from layers.study import Study, read_study

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
    counted = {"2013": cases["2013"], "2025": cases["2025"]}
    apart = {"2013": cases["2013"], "2025, fixed wireless not counted": cases["2025"].without_fwa()}
    parts = [HEAD, _estimator(_truth(studies["2013"], joined["2013"])), INDEX_HEAD]
    parts += [_index(year, areas[year]) for year in STUDIES]
    parts += [
        held_out.section(areas["2013"], coverage=joined["2013"].coverage),
        perturbed.section({**apart, "2025, fixed wireless counted": cases["2025"]}),
        paper.section(),
        enumerated.section(counted),
        handbook.section(),
        boundary_effect.section(
            {name: boundary_effect.effects(studies[name], joined[name], areas[name]) for name in studies}
        ),
        drivers.section({name: (cases[name], areas[name]) for name in studies}),
    ]
    return "\n".join(parts)


def _truth(study: Study, joined: Joined) -> estimator.Truth:
    layer = study.layer("postcodes")
    assert layer is not None, "the 2013 study has postcodes"  # noqa: S101  # a fact of the committed study file
    postcodes = read_postcode_lookup(study.paths(layer)[0], geography=study.geography, ledger=Ledger())
    return estimator.Truth.of(joined, spacing_key(postcodes, areas=joined.areas.index))


def _estimator(truth: estimator.Truth) -> str:
    table = estimator.left_out(truth)
    areas = table["areas"]
    error, naive = ((table[name] * areas).sum() / areas.sum() for name in ("error", "error_naive"))
    rows = [
        f"| {row.district_name} | {row.areas:,} | {row.beta:.2f} | {row.error:.3f} | {row.error_naive:.3f} | "
        f"{row.spearman:.2f} | {'yes' if row.separable else '**no**'} |"
        for row in table.itertuples()
    ]
    agree = "agrees" if (table["separable"] != table["listed"]).all() else "**does not agree**"
    return "\n".join(
        [
            f"Beta fitted on all authorities: {estimator.fitted_beta(truth):.2f} (the code uses .67).",
            "",
            (
                f"Mean absolute error of the share under 10 Mbit/s, over all {areas.sum():,} areas: **{error:.3f}**; "
                f"with each authority's own mean everywhere: {naive:.3f}. The method's prototype: .102 and .139."
            ),
            "",
            "| authority | areas | beta from the others | error | error, naive | Spearman within | can be separated |",
            "|---|--:|--:|--:|--:|--:|---|",
            *rows,
            "",
            (
                f"The list of authorities that cannot be separated in the code {agree} with this table. Their areas "
                "are marked in every build (`separable`), and pages do not rank them against each other."
            ),
            "",
            (
                "The naive error is .137 whether the mean counts lines or areas equally; the prototype's .139 could "
                "not be reproduced. In Portsmouth, Southampton, Gosport and Rushmoor the model does worse than the "
                "mean: one more reason not to tell their areas apart."
            ),
            "",
        ]
    )


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

## Does the estimator find the slow lines?

Ofcom publishes today's totals by authority. We spread them over small areas by how far apart postcodes lie. The
postcode file of 2013 says where slow lines really were, so each authority is left out in turn: beta is fitted on the
fifteen others, the authority is given only its own total, and its areas' shares of lines under 10 Mbit/s are compared
with the truth.

This tests the spacing key on 2013. The combined key of the 2025 study, and its beta of .9, cannot be tested: no
small-area truth of 2025 is at hand.
"""
INDEX_HEAD = """# Is the index what it claims to be?

The share of variance is each part's covariance with the score over the score's variance; the four add up to 100 %. It
says what drives differences between places, which is not what the weights say. "No gate" is the plain weighted mean
of the four dimensions, in which need alone could make a place bad.

In 2025 fixed wireless counts, and few premises are below decent broadband: online services stand at 0 in most areas,
so home working and distance drive the score. Without the gate the ranking of 2025 would be another one: need and
distance, hardly broadband.
"""

if __name__ == "__main__":
    main()
