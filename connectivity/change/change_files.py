"""What a comparison leaves behind: change.csv, change_councils.csv, left_behind.csv, change.json, manifest.json."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from connectivity import __version__
from connectivity.change.comparability import BuildSummary
from connectivity.change.comparison import (
    BEHIND,
    CHANGE,
    COUNCILS,
    FIGURES,
    PLACES,
    SUMMARY,
    Comparison,
    areas_accounted,
    compare_builds,
)
from connectivity.change.renaming import ALIKE, FEWEST_COUNCILS, KEEP
from connectivity.claims.about_change import change_cautions
from connectivity.manifest import MANIFEST
from connectivity.method.records import METHOD_VERSION
from connectivity.outputs import read_build
from connectivity.quality.notice import DO_NOT_PUBLISH, noted
from connectivity.schema import SCHEMA_VERSION
from layers.errors import LayerError, OutputError, examples, naming_file
from layers.intake.cells import HARMLESS, is_hostile
from layers.staging import check_output, staged

KIND = "comparison"
AREA_COLUMNS = ("count", "area_code", *PLACES, "status", *FIGURES, "certainty")
COUNCIL_COLUMNS = (
    *("count", "district_code", "district_name", "status", "areas_compared", "areas_not_compared"),
    *(*FIGURES, "certainty"),
)
FEWEST_BUILDS = 2


def compare_folders(folders: Sequence[Path], *, out: Path, releases: int | None = None) -> Comparison:
    """Compare finished builds and write the result into a folder, whole or not at all.

    Parameters
    ----------
    folders
        Folders of builds, oldest release first.
    out
        Absent, empty, or holding an earlier comparison; never a build.
    releases
        Follow the areas left behind through so many releases, counted back from the last; None for all given.

    Raises
    ------
    LayerError
        When they cannot be compared, with the reason; nothing is written then.
    """
    used = _chosen(folders, releases)
    _refuse_build(out)
    check_output(out)
    builds = []
    for folder in used:
        with naming_file(folder):
            builds.append(read_build(folder))
    for build, folder in zip(builds, used, strict=True):
        _refuse_hostile(build.areas[[*PLACES, "status"]], file=folder)
        one = BuildSummary.of(build.manifest)
        _refuse_hostile(pd.DataFrame({"said": [one.release, one.study, *one.districts.values()]}), file=folder)
    comparison = compare_builds(builds)
    summary = summarised(comparison)
    with staged(out) as folder:
        write(folder, comparison=comparison, summary=summary)
    return comparison


def write(folder: Path, *, comparison: Comparison, summary: dict[str, Any]) -> None:
    """Write the five files into a folder that is not yet public."""
    tables = (
        (CHANGE, comparison.areas.reindex(columns=list(AREA_COLUMNS))),
        (COUNCILS, comparison.councils.reindex(columns=list(COUNCIL_COLUMNS))),
        (BEHIND, comparison.left_behind[["count", *(c for c in comparison.left_behind if c != "count")]]),
    )
    for name, table in tables:
        (folder / name).write_bytes(change_csv(noted(table, notice=comparison.notice)).encode())
    both = f"{comparison.old.fingerprint} {comparison.new.fingerprint} {METHOD_VERSION} {comparison.releases}"
    manifest = {
        "kind": KIND,
        "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": f"notspot {__version__}",
        "schema_version": SCHEMA_VERSION,
        "method_version": METHOD_VERSION,
        "fingerprint": hashlib.sha256(both.encode()).hexdigest(),
        "older": _identity(comparison.old),
        "newer": _identity(comparison.new),
        "files": [CHANGE, COUNCILS, BEHIND, SUMMARY],
        DO_NOT_PUBLISH: comparison.notice,
    }
    for name, content in ((SUMMARY, summary), (MANIFEST, manifest)):
        text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
        (folder / name).write_bytes(text.encode() + b"\n")


def summarised(comparison: Comparison) -> dict[str, Any]:
    """Put a comparison's totals, parts and refusals into plain values for JSON; null is not known or not said."""
    refused = []
    if comparison.comparability.level == "councils":
        refused.append("change within a council: a build is modelled there")
    if comparison.behind_refused:
        refused.append(f"areas left behind: {comparison.behind_refused}")
    refused += [f"better or worse, {key}: {why}" for key, why in comparison.comparability.definitions.items()]
    return {
        "older": _identity(comparison.old),
        "newer": _identity(comparison.new),
        DO_NOT_PUBLISH: comparison.notice,
        "releases": list(comparison.releases),
        "level": comparison.comparability.level,
        "correction": comparison.comparability.correction,
        "counts_fwa": comparison.new.counts_fwa,
        "counts_mobile": comparison.new.counts_mobile,
        "definition_changed": comparison.comparability.definitions,
        "renaming": _renaming(comparison),
        "totals": _plain(comparison.totals),
        "steps": [{"older": old, "newer": new, "totals": _plain(part)} for old, new, part in comparison.steps],
        "areas": _plain(areas_accounted(comparison)),
        "councils_left_out": comparison.comparability.left_out,
        "left_behind": comparison.left_behind["count"].value_counts().to_dict(),
        "refused": refused,
        "cautions": change_cautions(comparison),
    }


def _renaming(comparison: Comparison) -> dict[str, Any] | None:
    """Put what the check of a renamed count found into plain values; None where the count kept its name."""
    agreed, names = comparison.comparability, [comparison.old.definition, comparison.new.definition]
    if agreed.unchecked is not None:
        return {"checked": False, "why": agreed.unchecked, "names": names}
    found = agreed.renaming
    if found is None:
        return None
    shares = {
        end: None if math.isnan(share) else round(share, 4) for end, share in (("old", found.old), ("new", found.new))
    }
    return {
        "checked": True,
        "names": names,
        "only_renamed": found.only_renamed,
        "councils": found.councils,
        "kept": found.kept,
        "share_of_under_10": shares,
        "kept_under": ALIKE.value,
        "only_renamed_from": KEEP.value,
        "fewest_councils": round(FEWEST_COUNCILS.value),
    }


def change_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV, figures to four decimals so that parts still add up; empty is not known or not said."""
    figures = table.select_dtypes("float").columns
    written = table.assign(**{str(name): table[name].round(4) + 0.0 for name in figures})  # no −0.0000
    return written.to_csv(index=False, lineterminator="\n", float_format="%.4f")


def _plain(totals: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {
        str(key): {str(name): None if pd.isna(value) else _value(value) for name, value in row.items()}
        for key, row in totals.to_dict("index").items()
    }


def _value(value: object) -> object:
    if isinstance(value, str):
        return value
    figure = float(str(value))
    return int(figure) if figure.is_integer() else round(figure, 4)


def _identity(one: BuildSummary) -> dict[str, str]:
    return {"study": one.study, "release": one.release, "fingerprint": one.fingerprint}


def _chosen(folders: Sequence[Path], releases: int | None) -> list[Path]:
    """Take the last builds that a number of releases needs."""
    if len(folders) < FEWEST_BUILDS or (releases is not None and not 1 <= releases < len(folders)):
        raise LayerError(
            "There are not enough builds to compare.",
            expected="two or more, the older first" if releases is None else f"{max(releases, 1) + 1} builds",
            found=f"{len(folders)}",
            next_step="name one folder for each release, the oldest first",
        )
    return list(folders[-(releases + 1) :]) if releases is not None else list(folders)


def _refuse_build(out: Path) -> None:
    """Refuse to write a comparison over a build, which another command would call ours to replace."""
    try:
        manifest = json.loads((out / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    if isinstance(manifest, dict) and manifest.get("kind") != KIND:
        raise OutputError(
            "The output folder holds something else than a comparison; nothing was written.",
            file=out,
            expected="no such folder yet, an empty one, or one that holds a comparison",
            found=f"a {MANIFEST} of another kind",
            next_step="name another folder with --out",
        )


def _refuse_hostile(table: pd.DataFrame, *, file: Path) -> None:
    """Refuse names that a spreadsheet would run: a build of ours never holds one, a tampered one may."""
    texts = {str(value) for column in table.columns for value in table[column] if isinstance(value, str)}
    texts |= {str(code) for code in table.index}
    bad = sorted(text for text in texts if is_hostile(text))
    if bad:
        raise OutputError(
            "The build holds text that would do harm in a spreadsheet.",
            file=file,
            rows=examples(bad),
            expected=HARMLESS,
            found=f"{len(bad):,} such texts",
            next_step="build the study again from its published files",
        )
