"""Premises of BDUK's release counted by postcode: by subsidy status, by plan, with suppliers, contracts and dates.

Two ways to split all premises, each premises in exactly one class of each: by what subsidy control says, and by
whether there is gigabit broadband, a plan for it, or neither. What is blank, or not a word we know, is its own class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.bduk.rows import HEADING, PROGRAMMES
from layers.manifest import Ledger

Mask = npt.NDArray[np.bool_]

STATUSES = {
    "gigabit white": "white",
    "gigabit grey/black": "grey_or_black",
    "gigabit under review": "under_review",
}
"""White: no gigabit network, and none likely within three years. Grey or black: one or more, or built within three
years. Under review: reported or planned, not yet verified. (BDUK, user guide.)"""
BY_STATUS = ("white", "grey_or_black", "under_review", "not_stated")
BY_PLAN = ("gigabit_now", "planned", "not_planned", "plan_not_known", "not_recognised")
BESIDE = ("deferred", "white_not_planned")
"""Parts of ``planned`` and of ``not_planned``."""
COUNTS = ("premises", *BY_STATUS, *BY_PLAN, *BESIDE)
NAMES = {"suppliers": "supplier", "contracts": "contract"}


@dataclass(frozen=True, slots=True)
class Counts:
    """What one file, or several together, come to.

    Attributes
    ----------
    counts
        Index ``postcode``; columns ``COUNTS``, whole premises.
    names
        ``postcode, what`` (``suppliers`` or ``contracts``), ``name``: each once, of planned premises only.
    dates
        Index ``postcode``: the latest final coverage date of a contract, of planned premises; only where there is one.
    """

    counts: pd.DataFrame
    names: pd.DataFrame
    dates: pd.Series


def count(rows: pd.DataFrame, *, file: str, ledger: Ledger) -> Counts:
    """Count the premises of one file.

    Parameters
    ----------
    rows
        From :func:`layers.bduk.rows.read_rows`, each premises once.
    """
    status = _status(rows["status"], file, ledger)
    now, later = _flag(rows, "gigabit_now", file, ledger), _flag(rows, "gigabit_later", file, ledger)
    inside, outside = _flag(rows, "recognised", file, ledger)
    contracts = [_flag(rows, name, file, ledger) for name in PROGRAMMES]
    any_contract = np.logical_or.reduce([yes for yes, _ in contracts])
    no_contract = np.logical_and.reduce([no for _, no in contracts])
    classes = {
        "not_recognised": outside,
        "gigabit_now": inside & now[0],
        "planned": inside & now[1] & (later[0] | any_contract),
        "not_planned": inside & now[1] & later[1] & no_contract,
    }
    classes["plan_not_known"] = ~np.logical_or.reduce(list(classes.values()))
    deferred = _is(rows, "scope", "deferred") & contracts[0][0] & later[1]
    deferred &= ~np.logical_or.reduce([yes for yes, _ in contracts[1:]])
    masks: dict[str, Mask] = {
        "premises": np.ones(len(rows), dtype=np.bool_),
        **{name: status == name for name in BY_STATUS},
        **classes,
        "deferred": classes["planned"] & deferred,
        "white_not_planned": classes["not_planned"] & (status == "white"),
    }
    codes, postcodes = rows["postcode"].cat.codes.to_numpy(), rows["postcode"].cat.categories
    found = {name: np.bincount(codes[masks[name]], minlength=len(postcodes)) for name in COUNTS}
    counts = pd.DataFrame(found, index=pd.Index(postcodes, name="postcode"))
    planned = rows[classes["planned"]]
    running = [yes[classes["planned"]] for yes, _ in contracts]
    names = _names(planned, running)
    dates = _dates(planned[running[0]], file, ledger)
    return Counts(counts[counts["premises"] > 0], names, dates)


def together(parts: list[Counts]) -> Counts:
    """Add up what several files come to; a postcode may lie in two councils, and so in two files."""
    counts = pd.concat([part.counts for part in parts]).groupby(level="postcode").sum()
    names = pd.concat([part.names for part in parts], ignore_index=True).drop_duplicates(ignore_index=True)
    dates = pd.concat([part.dates for part in parts])
    return Counts(counts, names, dates.groupby(level="postcode").max())


def _status(cells: pd.Series, file: str, ledger: Ledger) -> npt.NDArray[np.object_]:
    """Give each premises its status; words that are not known are listed, and kept as not stated."""
    said = cells.cat.categories.str.casefold()
    classes = np.array([STATUSES.get(word, "not_stated") for word in said], dtype=object)
    strange = [i for i, word in enumerate(said) if word and word not in STATUSES]
    tally = np.bincount(cells.cat.codes.to_numpy(), minlength=len(said))
    for i in strange:
        if tally[i]:
            ledger.warn(
                f"{file}: {tally[i]:,} premises have the subsidy status “{cells.cat.categories[i]}”, which is not one "
                "we know; kept as not stated."
            )
    result: npt.NDArray[np.object_] = classes[cells.cat.codes.to_numpy()]
    return result


def _flag(rows: pd.DataFrame, name: str, file: str, ledger: Ledger) -> tuple[Mask, Mask]:
    """Tell where a flag says yes and where it says no; elsewhere it is not known.

    A programme the release has no column for (an older one had fewer) has no contract; a premises is recognised where
    the release does not say otherwise.
    """
    if name not in rows:
        yes = np.full(len(rows), name == "recognised")
        return yes, ~yes
    said = rows[name].cat.categories.str.casefold()
    codes = rows[name].cat.codes.to_numpy()
    strange = ~said.isin(["true", "false", ""])
    if strange[codes].any():
        heading = HEADING[name]
        ledger.warn(
            f"{file}: {int(strange[codes].sum()):,} premises have neither true nor false under {heading}; not known."
        )
    return np.asarray(said == "true")[codes], np.asarray(said == "false")[codes]


def _is(rows: pd.DataFrame, name: str, word: str) -> Mask:
    if name not in rows:
        return np.zeros(len(rows), dtype=np.bool_)
    return np.asarray(rows[name].cat.categories.str.casefold() == word)[rows[name].cat.codes.to_numpy()]


def _names(planned: pd.DataFrame, running: list[Mask]) -> pd.DataFrame:
    """List who builds at each postcode, and under which contract: of programmes that have the premises."""
    found = [pd.DataFrame({"postcode": [], "what": [], "name": []}, dtype="str")]
    for what, stem in NAMES.items():
        for programme, mask in zip(PROGRAMMES, running, strict=True):
            column = f"{programme}_{stem}" if f"{programme}_{stem}" in planned else stem
            if column in planned:
                pairs = planned.loc[mask, ["postcode", column]].drop_duplicates().astype("str")
                pairs = pairs.set_axis(["postcode", "name"], axis=1).assign(what=what)
                found.append(pairs[pairs["name"] != ""])
    return pd.concat(found, ignore_index=True).drop_duplicates(ignore_index=True)


def _dates(planned: pd.DataFrame, file: str, ledger: Ledger) -> pd.Series:
    """Find the latest date at each postcode, as text such as 2032-03-31, which sorts as dates do."""
    if "date" not in planned:
        return pd.Series(dtype="str", index=pd.Index([], name="postcode", dtype="str"))
    pairs = planned[["postcode", "date"]].drop_duplicates().astype("str")
    pairs = pairs[pairs["date"] != ""]
    wrong = pd.to_datetime(pairs["date"], format="%Y-%m-%d", errors="coerce").isna()
    wrong |= pairs["date"].str.len() != len("2032-03-31")
    if wrong.any():
        ledger.warn(
            f"{file}: {int(wrong.sum()):,} contract dates cannot be read, such as “{pairs['date'][wrong].iloc[0]}”; "
            "kept as not known."
        )
    return pairs[~wrong].groupby("postcode")["date"].max().rename("latest_date")
