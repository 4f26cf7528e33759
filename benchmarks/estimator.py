"""Does the estimator find the slow lines? The 2013 postcode file says where they were; here it is fitted and tested.

``python -m benchmarks.estimator --data DIR`` prints what the fit would be; with ``--write`` it writes
``layers/sources/estimator.toml``. The fit uses the sixteen authorities of the demo. The councils beside them of which
the same file holds nearly all lines are kept out of every fit: they are the second region, where the result is checked.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers import covariates, estimate
from layers.covariates import COVARIATES, Covariate
from layers.estimate import FITTED_BELOW
from layers.intake.columns import read_published
from layers.ledger import Ledger
from layers.lookups import read_postcode_lookup
from layers.ofcom.lines_2013 import BANDS, read_postcodes_2013
from layers.people.alternatives import nearest_km, read_libraries, read_stations
from layers.study import Study, read_study

Floats = npt.NDArray[np.float64]

NEIGHBOURS = {
    "E06000036": "Bracknell Forest",
    "E06000037": "West Berkshire",
    "E06000038": "Reading",
    "E06000041": "Wokingham",
    "E07000209": "Guildford",
    "E07000214": "Surrey Heath",
    "E07000216": "Waverley",
    "E07000217": "Woking",
    "E07000225": "Chichester",
}
"""Councils beside the sixteen of which the postcode areas at hand hold most; an area they cut is left out."""
LEAST_LINES = 30
"""An area with fewer lines is left out of fit and test: its share is noise."""
RIDGE = 1e-3
"""Pull of each coefficient towards 0 for each area: covariates that tell the same share what they tell."""
ROUNDS = 25
"""Of iteratively reweighted least squares: it stands still after about ten."""
STEEPEST = 1e-4
"""Least variance of a share: keeps a saturated area from ruling a step."""
TRIED = np.round(np.arange(0.3, 2.51, 0.05), 2)
"""Residuals tried, log-odds."""
DRAWS = 400
NOMINAL = 0.9
SEED = 20130630


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of 2013.

    Attributes
    ----------
    table
        By area: ``district_code, lines, rural``, ``below_2, below_5, below_10`` (lines), and as logs the covariates
        and ``gp``, the distance to a GP by road, which was tried and is none of them.
    standard
        What the covariates are standardised by; the record's own where nothing is fitted anew.
    """

    table: pd.DataFrame
    standard: Mapping[str, Covariate] = field(default_factory=lambda: COVARIATES)

    @property
    def groups(self) -> dict[str, Truth]:
        """Areas by council."""
        return {str(code): replace(self, table=part) for code, part in self.table.groupby("district_code")}

    def without(self, code: str) -> Truth:
        """Leave one council out."""
        return replace(self, table=self.table[self.table["district_code"] != code])

    def told(self, keys: tuple[str, ...]) -> pd.DataFrame:
        """Put covariates on their mean and spread."""
        return pd.concat([self.standard[key].standardised(self.table[key]) for key in keys], axis=1)

    def standardised_anew(self) -> Truth:
        """Take mean and spread of the covariates from these areas."""
        means, spreads = self.table[list(COVARIATES)].mean(), self.table[list(COVARIATES)].std(ddof=0)
        standard = {
            key: replace(one, centre=round(means[key], 4), spread=round(spreads[key], 4))
            for key, one in COVARIATES.items()
        }
        return replace(self, standard=standard)


def truths(study: Study, *, data: Path, stations: Path) -> tuple[Truth, Truth]:
    """Return the lines of the study's councils, and those of the second region.

    Parameters
    ----------
    study
        Of 2013, with postcodes, the postcode file, libraries, road distances and rural–urban classes.
    data
        Folder of its files; unused paths of the study are relative to it.
    stations
        A file of rail stations.
    """
    ledger = Ledger()

    def path(kind: str) -> Path:
        layer = study.layer(kind)
        if layer is None:
            raise ValueError(f"the study of 2013 has no layer {kind} in {data}")
        return study.paths(layer)[0]

    postcodes = read_postcode_lookup(path("postcodes"), geography="lsoa11", ledger=ledger)
    places = {
        "library": read_libraries(path("libraries"), postcodes=postcodes, ledger=ledger),
        "station": read_stations(stations, ledger=ledger),
    }
    classes, roads = (
        read_published(path(kind), kind=kind, geography="lsoa11", ledger=ledger)
        for kind in ("rural_urban", "road_distances")
    )
    found = []
    for districts in (study.districts, list(NEIGHBOURS)):
        ours = postcodes[postcodes["district_code"].isin(districts)]
        home = ours.groupby("area_code")["district_code"].agg(lambda codes: codes.mode().iloc[0])
        areas = pd.Index(sorted(home.index[home.index.notna() & home.index.str.startswith("E")]), name="area_code")
        lines = read_postcodes_2013(
            path("ofcom_postcode_2013"), postcodes=postcodes, areas=areas, districts=districts, ledger=ledger
        )
        table = covariates.of_postcodes(postcodes, areas=areas)
        for name, where in places.items():
            km = nearest_km(postcodes, places=where, areas=areas, name=f"{name}_km", ledger=ledger)
            table[name] = covariates.of_distance(km)
        below = lines.table[[band.column for band in BANDS]].cumsum(axis=1)
        for speed, band in zip(FITTED_BELOW, BANDS, strict=False):
            table[f"below_{speed:g}"] = below[band.column]
        table["lines"], table["district_code"] = lines.table["matched"], home
        table["gp"] = covariates.of_distance(roads["gp_km"].reindex(areas))
        table["rural"] = covariates.rural(classes["rural_urban"].reindex(areas), within_3km=table["within_3km"])
        found.append(Truth(table[table["lines"] >= LEAST_LINES].dropna()))
    return found[0], found[1]


def fitted(truth: Truth, *, keys: tuple[str, ...], speed: float) -> Floats:
    """Fit coefficients: shares below a speed on covariates, each council with a height of its own.

    Quasi-binomial, areas counting alike: a large area is no surer evidence of where lines are slow than a small one.

    Returns
    -------
    ndarray, shape (covariates,)
    """
    table = truth.table
    told = truth.told(keys).to_numpy()
    councils = pd.get_dummies(table["district_code"]).to_numpy(dtype=float)
    design = np.column_stack([told, councils])
    share = (table[f"below_{speed:g}"] / table["lines"]).to_numpy()
    pull = np.diag([RIDGE * len(table)] * len(keys) + [RIDGE**2] * councils.shape[1])
    found = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(design @ found)))
        variance = np.maximum(chance * (1 - chance), STEEPEST)
        working = design @ found + (share - chance) / variance
        weighed = design * variance[:, None]
        found = np.linalg.solve(design.T @ weighed + pull, weighed.T @ working)
    return found[: len(keys)]


def estimated(part: pd.DataFrame, told: Floats, *, speed: float) -> Floats:
    """Estimate the share of each area of one council, given only the council's total."""
    lines = part["lines"].to_numpy()
    return estimate.logistic_chances(lines, told, float(part[f"below_{speed:g}"].sum()))


def covered(
    part: pd.DataFrame, told: Floats, *, speed: float, deviations: Mapping[bool, float] | None = None
) -> pd.Series:
    """Say for each area of a council whether its true share lies between the 5th and 95th percentile of the draws.

    Parameters
    ----------
    deviations
        Of the residual by class, rural or not; None for those the product draws.
    """
    lines, below = part["lines"].to_numpy(), part[f"below_{speed:g}"].to_numpy()
    rural = part["rural"].to_numpy(dtype=bool)
    if deviations is None:
        deviations = {}
        for group in (False, True):
            some = rural == group
            share = below[some].sum() / lines[some].sum() if some.any() else None
            deviations[group] = estimate.residual(rural=group, share=share)
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(part)))
    noise *= np.where(rural, deviations[True], deviations[False])
    chance = estimate.calibrated(
        estimate.relative_odds(told[None, :] + noise),
        weight=lines,
        wanted=np.array([below.sum() / lines.sum()]),
        starts=np.zeros(1, dtype=np.intp),
    )
    low, high = np.quantile(chance, [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2], axis=0)
    share = below / lines
    return pd.Series((low <= share) & (share <= high), index=part.index)


def left_out(truth: Truth, *, keys: tuple[str, ...], speed: float, fit: Truth | None = None) -> pd.DataFrame:
    """Test the estimator on whole councils: each is left out of the fit, or all are where another region is given.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``: ``district_code, rural, share`` (true), ``estimate, mean`` (the council's own, everywhere),
        ``told`` (log-odds beside the council's), ``covered``.
    """
    rows = []
    common = None if fit is None else fitted(fit, keys=keys, speed=speed)
    for code, council in truth.groups.items():
        found = fitted(truth.without(code), keys=keys, speed=speed) if common is None else common
        told = council.told(keys).to_numpy() @ found
        part = council.table
        rows.append(
            pd.DataFrame(
                {
                    "district_code": code,
                    "rural": part["rural"],
                    "share": part[f"below_{speed:g}"] / part["lines"],
                    "estimate": estimated(part, told, speed=speed),
                    "mean": part[f"below_{speed:g}"].sum() / part["lines"].sum(),
                    "told": told,
                    "covered": covered(part, told, speed=speed),
                },
                index=part.index,
            )
        )
    return pd.concat(rows)


def by_council(tested: pd.DataFrame) -> pd.DataFrame:
    """Return by council ``areas, error, error_mean`` (mean absolute), ``spearman`` and ``deviation`` of `told`."""
    grouped = tested.groupby("district_code")
    return pd.DataFrame(
        {
            "areas": grouped.size(),
            "error": grouped.apply(lambda part: float((part["estimate"] - part["share"]).abs().mean())),
            "error_mean": grouped.apply(lambda part: float((part["mean"] - part["share"]).abs().mean())),
            "spearman": grouped.apply(lambda part: float(part["estimate"].rank().corr(part["share"].rank()))),
            "deviation": grouped["told"].std(ddof=0),
        }
    )


def sets_of_covariates() -> list[tuple[str, ...]]:
    """Return every set a study may have: those of the postcodes, with any of the others."""
    base = tuple(key for key, one in COVARIATES.items() if not one.optional)
    more = [key for key, one in COVARIATES.items() if one.optional]
    return [base + some for size in range(len(more) + 1) for some in combinations(more, size)]


def deviations(truth: Truth, *, keys: tuple[str, ...], speed: float) -> dict[bool, tuple[float, float]]:
    """Find by class, rural or not, the share below a speed and the residual that covers nine of ten areas."""
    told = {
        code: council.told(keys).to_numpy() @ fitted(truth.without(code), keys=keys, speed=speed)
        for code, council in truth.groups.items()
    }
    best = {rural: estimate.residual(rural=rural) for rural in (False, True)}
    for rural in (False, True, False, True):  # each moves the council's height, and so the other
        ours = truth.table.index[truth.table["rural"] == rural]
        tried = {}
        for deviation in TRIED:
            both = {**best, rural: float(deviation)}
            inside = pd.concat(
                [covered(one.table, told[code], speed=speed, deviations=both) for code, one in truth.groups.items()]
            )
            tried[float(deviation)] = abs(float(inside[ours].mean()) - NOMINAL)
        best[rural] = min(tried, key=lambda one: tried[one])
    shares = {}
    for rural, part in truth.table.groupby("rural"):
        shares[bool(rural)] = float(part[f"below_{speed:g}"].sum() / part["lines"].sum())
    return {rural: (shares[rural], best[rural]) for rural in best}


def record(truth: Truth) -> str:
    """Write the text of ``layers/sources/estimator.toml``."""
    truth = truth.standardised_anew()
    lines = [HEAD, "[covariate]"]
    for key, one in truth.standard.items():
        parts = f'label = "{one.label}", centre = {one.centre}, spread = {one.spread}'
        lines.append(f"{key} = {{ {parts}, optional = {str(one.optional).lower()} }}")
    for keys in sets_of_covariates():
        lines += ["", "[[fit]]", f"covariates = [{', '.join(map(quoted, keys))}]"]
        for speed in FITTED_BELOW:
            numbers = ", ".join(f"{value:.3f}" for value in fitted(truth, keys=keys, speed=speed))
            lines.append(f"below_{speed:g} = [{numbers}]")
    lines += ["", "[residual]"]
    whole = sets_of_covariates()[-1]
    found = {speed: deviations(truth, keys=whole, speed=speed) for speed in FITTED_BELOW}
    for rural, name in ((False, "urban"), (True, "rural")):
        rows = ", ".join(
            f"{{ share = {share:.3f}, deviation = {deviation:.2f} }}"
            for share, deviation in (found[speed][rural] for speed in FITTED_BELOW)
        )
        lines.append(f"{name} = [{rows}]")
    return "\n".join(lines) + "\n"


def quoted(key: str) -> str:
    """Write a key as TOML does."""
    return f'"{key}"'


HEAD = """# What the estimator knows (method §2). Written by `python -m benchmarks.estimator --data DIR --write` from
# the measured lines of 2013 in the sixteen authorities of the demo; do not edit by hand. docs/validation.md says how
# well it does where it was not fitted.
#
# [covariate]: mean and standard deviation over the areas of the fit, on the logarithm that layers/covariates.py takes.
# [[fit]]: log-odds for each spread of a covariate, one fit for each set a study may have.
# [residual]: by class and by the share of its lines below the speed, the standard deviation on the log-odds with which
# nine of ten areas lie within the range.
"""


def main() -> None:
    """Fit, and print or write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real studies' files")
    parser.add_argument("--write", action="store_true", help="write layers/sources/estimator.toml")
    chosen = parser.parse_args()
    root = Path(__file__).resolve().parents[1]
    study = read_study(root / "data" / "studies" / "2013-lines.toml", data=chosen.data)
    truth, _ = truths(study, data=chosen.data, stations=root / "data" / "demo" / "stations.csv")
    text = record(truth)
    if chosen.write:
        covariates.RECORDS.write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    main()
