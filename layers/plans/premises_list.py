"""One file of BDUK's premises release: a row for each premises (UPRN), only the columns that are used.

A county has some 400,000 rows and England about 30 million, so text is kept as numbered categories: every rule is
looked at once for each different value and not once for each row.

Premises of BDUK's release counted by postcode: by subsidy status, by plan, with suppliers, contracts and dates.

Two ways to split all premises, each premises in exactly one class of each: by what subsidy control says, and by
whether there is gigabit broadband, a plan for it, or neither. What is blank, or not a word we know, is its own class.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from layers.errors import LayerError, examples
from layers.intake.files import names_of, read_bytes
from layers.intake.published import published_columns
from layers.intake.tables import line_numbers, normalised, read_table, refuse_hostile
from layers.ledger import Ledger
from layers.lookups import without_spaces

PROGRAMMES = ("gis", "vouchers", "superfast", "hubs")
"""Gigabit Infrastructure Subsidy (Project Gigabit), vouchers, Superfast, and hubs, which have ended."""
COLUMNS = published_columns("subsidy")
"""As in May 2026; in 2024 one contract and one supplier stood for all programmes, and the date's name was shorter."""
HEADING = {column.name: column.headings[0] for column in COLUMNS}
RELEASE_FILE = re.compile(r"bduk_uprn_release_[^/]*\.csv$", re.IGNORECASE)
UPRN = re.compile(r"[1-9]\d{0,11}")
"""At most twelve digits, as GeoPlace gives them out."""


def council_files(path: Path, *, member: str | None = None) -> Iterator[tuple[str, str | None]]:
    """Name each CSV of a release that a file stands for, with the member to read it by.

    A zip holds one CSV for each council of a region; what else is in it is no part of the release.
    """
    if path.suffix.lower() != ".zip":
        yield path.name, member
        return
    found = [name for name in names_of(path, member=member)[1:] if name.lower().endswith(".csv")]
    chosen = [name for name in found if RELEASE_FILE.search(name)] or found
    if not chosen:
        raise LayerError(
            "The archive holds no table.",
            file=path.name,
            expected="files such as 202605_BDUK_uprn_release_south_west_dorset.csv",
            found=examples(names_of(path, member=member)[1:]) or "nothing",
            next_step="use BDUK's archive of the region as it was downloaded",
        )
    outer = member.rpartition("!")[0] if member and "!" in member else ""
    for name in sorted(chosen):
        yield name, f"{outer}!{name}" if outer else name


def read_rows(path: Path, *, name: str, member: str | None) -> pd.DataFrame:
    """Read one CSV of the release.

    Parameters
    ----------
    name, member
        From :func:`files_of`.

    Returns
    -------
    pandas.DataFrame
        ``uprn`` (int64) and the columns of ``COLUMNS`` that the release has, as categories; ``postcode`` without
        spaces. Blank cells are the category "".

    Raises
    ------
    LayerError
        When it is no table of BDUK's, a UPRN is not a number of at most twelve digits, or a name is hostile.
    """
    shown = path / name if member else path
    table = _straight(read_bytes(path, member=member))
    if table is None:
        table = _carefully(path, member)
    table = table.assign(uprn=_uprns(table["uprn"], shown))
    for column in table.columns.drop("uprn"):
        cells = table[column].astype("category")
        tidy = cells.cat.categories.astype("str").str.strip()
        refuse_hostile(pd.Series(tidy), path=shown, column=HEADING[column], number=lambda bad: f"{bad.sum():,} names")
        if column == "postcode":
            tidy = pd.Index(without_spaces(pd.Series(tidy)))
        table[column] = _merged(cells, tidy)
    return table


def _merged(cells: pd.Series, names: pd.Index) -> pd.Series:
    """Rename categories; two that become one are one from then on."""
    codes, kept = pd.factorize(names)
    numbers = codes[cells.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(numbers, categories=kept), index=cells.index)


def _straight(content: bytes) -> pd.DataFrame | None:
    """Read a file that has nothing wrong with it; None when anything might be."""
    body = content.removeprefix(b"\xef\xbb\xbf")
    try:
        headings = [normalised(heading) for heading in next(csv.reader([body[: body.find(b"\n")].decode()]), [])]
    except (UnicodeDecodeError, csv.Error):
        return None
    names: dict[str, str] = {}
    for column in COLUMNS:
        places = [at for at, heading in enumerate(headings) if heading in map(normalised, column.headings)]
        if len(places) > 1 or (column.required and not places):
            return None
        if places:
            names[f"column {places[0]}"] = column.name
    types: Mapping[str, pa.DataType] = {
        place: pa.int64() if name == "uprn" else pa.dictionary(pa.int32(), pa.string()) for place, name in names.items()
    }
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(body),
            read_options=pyarrow.csv.ReadOptions(
                column_names=[f"column {place}" for place in range(len(headings))], skip_rows=1
            ),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=False),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=list(names), column_types=types, null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if not table.num_rows or b"\0" in content:
        return None
    frame: pd.DataFrame = table.unify_dictionaries().rename_columns(list(names.values())).to_pandas()
    return frame


def _carefully(path: Path, member: str | None) -> pd.DataFrame:
    """Read cell by cell, and say what is wrong."""
    return read_table(path, COLUMNS, member=member)


def _uprns(cells: pd.Series, path: Path) -> pd.Series:
    numbers = cells if cells.dtype == np.int64 else None
    wrong = ~numbers.between(1, 10**12 - 1) if numbers is not None else ~cells.str.fullmatch(UPRN.pattern)
    if wrong.any():
        raise LayerError(
            "A premises has no number of its own (UPRN).",
            file=path.name,
            column="uprn",
            rows=line_numbers(wrong),
            expected="a whole number of at most twelve digits in each row",
            found=examples(repr(str(cell)) for cell in cells[wrong].unique()),
            next_step="download the file again; a spreadsheet may have rounded the numbers",
        )
    return cells.astype("int64")


class Seen:
    """The premises met so far, so that one that stands in two files is counted once.

    Runs of numbers, each sorted and longer than the next: 30 million premises take 240 MB and are searched in about
    25 steps each.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.int64]] = []

    def again(self, uprns: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell which of these were met before, here or in an earlier call, and remember the others."""
        first = np.zeros(len(uprns), dtype=np.bool_)
        first[np.unique(uprns, return_index=True)[1]] = True
        for run in self._runs:
            place = np.minimum(np.searchsorted(run, uprns), len(run) - 1)
            first &= run[place] != uprns
        new = np.sort(uprns[first])
        while self._runs and len(self._runs[-1]) <= len(new):
            new = np.sort(np.concatenate([self._runs.pop(), new]), kind="stable")
        if len(new):
            self._runs.append(new)
        return ~first


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
        From :func:`layers.plans.premises_list.read_rows`, each premises once.
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
