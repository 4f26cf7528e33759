"""What public money plans at each premises (BDUK): white or not, in a contract or plan, by postcode and small area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import SHOWN, LayerError, examples, several
from layers.ledger import OUTSIDE, Ledger, Unused, release_of
from layers.ofcom.releases import NOT_STATED
from layers.plans.premises_list import COUNTS, NAMES, Counts, Seen, council_files, count, read_rows, together
from layers.reading import StudyReading

PREFIX = "bduk_"
SEPARATOR = "; "
"""Between names: contracts have commas in theirs."""
UNSURE = {
    "not_stated": "the subsidy status of every premises is stated, in a word we know",
    "plan_not_known": "for every premises it is stated whether it has gigabit broadband, a plan or a contract",
}
"""Classes of premises nothing is known of, and what they fail."""
COVERS = (
    "BDUK lists the postal addresses it assessed in its last review of the market; one it left out has no row, and "
    "those it does not count as premises are left out of weights."
)


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Premises by what BDUK says of them.

    Attributes
    ----------
    by_area, by_postcode
        Index ``area_code``, or ``postcode`` without spaces; only those with a premises in the release: where there is
        no row, nothing is known. Whole premises: ``premises`` is ``white + grey_or_black + under_review +
        not_stated``, and also ``gigabit_now + planned + not_planned + plan_not_known + not_recognised``. ``planned``
        have no gigabit broadband yet and a plan or contract for it (``deferred`` of them only outside a contract's
        first scope, which is no promise); ``not_planned`` have neither (``white_not_planned`` of them may be
        subsidised); ``not_recognised`` BDUK does not count as premises. Of planned premises: ``suppliers`` and
        ``contracts`` (names, "; " between them), ``latest_date`` (the latest final coverage date of a Project Gigabit
        contract, such as 2032-03-31); missing where there is none.
    release
        In words, such as "May 2026".
    """

    by_area: pd.DataFrame
    by_postcode: pd.DataFrame
    release: str


def read_subsidy(
    paths: Sequence[Path],
    *,
    postcodes: pd.DataFrame,
    areas: pd.Index,
    ledger: Ledger,
    member: str | None = None,
    release: str | None = None,
) -> Subsidy:
    """Read BDUK's release, one premises a row, and count premises by postcode and area.

    Parameters
    ----------
    paths
        CSV files of councils, or the zips of regions as downloaded.
    postcodes
        Index postcode without spaces; ``area_code``. Premises are placed by their postcode.
    areas
        The spine's area codes.
    ledger
        Told of each file's rows: used, elsewhere, of a postcode that is not in the lookup, or a second row of a
        premises. Their premises are not part of the broadband premises in and out.
    member, release
        A pattern of files in a zip; the release in words where the names do not begin with its month.

    Raises
    ------
    LayerError
        When a file is no table of BDUK's, releases are mixed, or no premises is in the study.
    """
    area = postcodes["area_code"]
    sides = _Sides(area.index, area.isin(areas).to_numpy())
    parts: list[Counts] = []
    seen, releases, places = Seen(), dict[str, str](), set[str]()
    for path in paths:
        tally = dict.fromkeys(("in", "used", "again", "outside", "unmatched", *UNSURE), 0)
        lost: list[str] = []
        for name, inner in council_files(path, member=member):
            rows = read_rows(path, name=name, member=inner)
            releases[release_of(Path(name).name) or release or release_of(path.name) or NOT_STATED] = name
            again = seen.again(rows["uprn"].to_numpy())
            inside, known = sides.of(rows["postcode"])
            tally["in"] += len(rows)
            for what, mask in {
                "again": again,
                "unmatched": ~again & ~known,
                "outside": ~again & known & ~inside,
                "used": ~again & inside,
            }.items():
                tally[what] += int(mask.sum())
            lost += list(rows.loc[~again & ~known, "postcode"].astype("str").unique()[:SHOWN])
            if "district" in rows:
                places |= set(rows["district"].cat.categories)
            if (~again & inside).any():
                parts.append(count(rows[~again & inside], file=name, ledger=ledger))
                for what in UNSURE:
                    tally[what] += int(parts[-1].counts[what].sum())
        ledger.used(path, kind="subsidy", rows=tally["in"], release=next(reversed(releases)))
        _record(path, tally, lost, ledger)
    _refuse_mixed(releases)
    if not parts:
        wanted = examples(area.index[area.isin(areas)]) or "none: the study has no postcode"
        raise LayerError(
            "No premises of BDUK's release is in the study.",
            file=examples(path.name for path in paths),
            column="postcode",
            expected=f"premises at postcodes such as {wanted}",
            found=f"premises of {examples(sorted(places)) or 'places that are not named'}",
            next_step="use the files of the study's own councils, or the archive of their region",
        )
    found = together(parts)
    return Subsidy(
        by_area=_table(found, by=area, index="area_code"),
        by_postcode=_table(found, by=None, index="postcode"),
        release=next(iter(releases)),
    )


def subsidy_of(reading: StudyReading) -> Subsidy | None:
    """Read the study's BDUK layer, once; None when it has none."""
    layer = reading.study.layer("subsidy")
    if layer is None:
        return None
    return reading.once(
        layer.kind,
        lambda: read_subsidy(
            reading.study.paths(layer),
            postcodes=reading.located_postcodes(needed_by=layer.kind),
            areas=reading.areas,
            ledger=reading.ledger,
            member=layer.member,
            release=layer.release,
        ),
    )


def subsidy_columns(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area of the spine what BDUK says of it; missing, not zero, where BDUK lists no premises.

    Returns
    -------
    pandas.DataFrame or None
        Index as the spine; the columns of `Subsidy.by_area`, each beginning with ``bduk_``. Shown, and never scored.
    """
    subsidy = subsidy_of(reading)
    if subsidy is None:
        return None
    bare = reading.areas.difference(subsidy.by_area.index)
    if len(bare):
        reading.ledger.warn(
            f"BDUK lists no premises in {len(bare):,} of {len(reading.areas):,} areas ({examples(bare)}): not known."
        )
    table = subsidy.by_area.reindex(reading.areas)
    table = table.astype(dict.fromkeys(COUNTS, "float64"))
    return table.add_prefix(PREFIX)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Which postcodes are known at all, and which of them are the study's."""

    known: pd.Index
    ours: npt.NDArray[np.bool_]

    def of(self, postcodes: pd.Series) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Tell for each row whether its postcode is in the study, and whether the lookup has it."""
        place = self.known.get_indexer(postcodes.cat.categories)
        there = place >= 0
        codes = postcodes.cat.codes.to_numpy()
        return (there & self.ours[place])[codes], there[codes]


def _record(path: Path, tally: dict[str, int], lost: list[str], ledger: Ledger) -> None:
    """Say what became of a file's premises."""
    shown = [postcode or "blank" for postcode in lost]
    ledger.rows(
        path,
        rows_in=tally["in"],
        rows_used=tally["used"],
        unused=[
            Unused.of(OUTSIDE, tally["outside"], harmless=True),
            Unused.of("their postcode is not in the postcode lookup", tally["unmatched"], examples=shown),
            Unused.of("the same premises stood in an earlier row", tally["again"]),
        ],
        noun="premises",
    )
    ledger.check(path, "no premises stands twice", rows=tally["in"], failing=tally["again"], then="kept")
    for what, rule in UNSURE.items():
        ledger.check(path, rule, rows=tally["used"], failing=tally[what], then="kept")
    if tally["unmatched"]:
        ledger.warn(
            f"{path.name}: {tally['unmatched']:,} of {tally['in']:,} premises have a postcode that is not in the "
            f"lookup ({examples(shown)}); they are not counted."
        )
    if tally["again"]:
        again = several(tally["again"], "premises stands", "premises stand")
        ledger.warn(f"{path.name}: {again} more than once; only the first row was counted.")
    if not tally["used"]:
        ledger.warn(f"{path.name}: none of its {tally['in']:,} premises is in the study.")


def _refuse_mixed(releases: dict[str, str]) -> None:
    if len(releases) > 1:
        raise LayerError(
            "The files are of more than one release, and a premises must not be counted as it was at two times.",
            file=examples(releases.values()),
            expected="files of one month",
            found=examples(releases),
            next_step="download all of them from the newest release",
        )


def _table(found: Counts, *, by: pd.Series | None, index: str) -> pd.DataFrame:
    """Lay out counts, names and dates by postcode, or by what `by` says each postcode is in."""
    table, names, dates = found.counts.copy(), found.names.rename(columns={"postcode": "place"}), found.dates
    if by is not None:
        table = table.groupby(by.reindex(table.index)).sum()
        names = names.assign(place=by.reindex(pd.Index(names["place"])).to_numpy())
        dates = dates.groupby(by.reindex(dates.index)).max()
    for what in NAMES:
        pairs = names.loc[names["what"] == what, ["place", "name"]].drop_duplicates().sort_values("name")
        alone = ~pairs["place"].duplicated(keep=False)  # nearly every postcode has one, and needs no joining
        joined = pairs[~alone].groupby("place")["name"].agg(SEPARATOR.join)
        listed = pd.concat([pairs[alone].set_index("place")["name"], joined])
        table[what] = listed.reindex(table.index).astype("str")
    table["latest_date"] = dates.reindex(table.index).astype("str")
    return table.rename_axis(index).sort_index()
