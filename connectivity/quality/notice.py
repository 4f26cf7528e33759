"""The notice that figures of a build whose light is red carry wherever they go: on pages, in sentences and in files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectivity.claims.quality_reasons import more_reasons, without_more

if TYPE_CHECKING:
    import pandas as pd

QUALITY, PAGE = "quality.json", "quality.html"
SCHEMA = 1
"""Raised when a key changes its meaning; docs/quality.md describes them."""
DO_NOT_PUBLISH = "do_not_publish"
"""The key of a manifest and the last column of a table that hold the notice."""
MARK = "DO-NOT-PUBLISH_"
"""What the name of a file begins with when it is handed out."""


def notice_of(light: Mapping[str, Any]) -> str | None:
    """Return the notice that a build of this light carries; None unless it is red.

    Parameters
    ----------
    light
        From :func:`connectivity.quality.lights.light`.

    Examples
    --------
    >>> notice_of({"colour": "red", "reasons": [{"colour": "red", "words": "Coverage: 13 years old."}]})
    'This must not be published: its data are marked red. Coverage: 13 years old.'
    >>> notice_of({"colour": "amber", "reasons": [{"colour": "amber", "words": "Coverage: 2 years old."}]})
    """
    if light["colour"] != "red":
        return None
    found = [without_more(str(one["words"])) for one in light["reasons"] if one["colour"] == "red"]
    said = ["This must not be published: its data are marked red.", *found[:1], more_reasons(len(found) - 1)]
    return " ".join(filter(None, said))


def notice_in(folder: Path) -> str | None:
    """Return the notice by the report in a folder whose light is red, though the report be lost."""
    report = read_quality(folder)
    return notice_of(report["light"] if report else {"colour": "red", "reasons": []})


def read_quality(folder: Path) -> dict[str, Any] | None:
    """Read a build's report back; None when it has none, was made by another version, or cannot be read."""
    try:
        content = json.loads((folder / QUALITY).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("schema_version") == SCHEMA else None


def reasons_of(quality: Mapping[str, Any] | None) -> list[str]:
    """List in words why the light of a report is as it is; nothing where there is no report.

    >>> said = "Postcodes: It is old. And 1 more, under that layer."
    >>> reasons_of({"light": {"reasons": [{"colour": "amber", "words": said}]}}), reasons_of(None)
    (['Postcodes: It is old.'], [])
    """
    return [without_more(str(one["words"])) for one in quality["light"]["reasons"]] if quality else []


def noted(table: pd.DataFrame, *, notice: str | None) -> pd.DataFrame:
    """Return a table with the notice as its last column, in every row; as it is where there is none.

    >>> import pandas as pd
    >>> noted(pd.DataFrame({"a": [1, 2]}), notice="No.").to_csv(index=False).split()
    ['a,do_not_publish', '1,No.', '2,No.']
    """
    return table.assign(**{DO_NOT_PUBLISH: notice}) if notice else table


def file_name(name: str, *, notice: str | None) -> str:
    """Return the name under which a file is handed out.

    >>> file_name("ranking.csv", notice="No."), file_name("ranking.csv", notice=None)
    ('DO-NOT-PUBLISH_ranking.csv', 'ranking.csv')
    """
    return f"{MARK}{name}" if notice else name
