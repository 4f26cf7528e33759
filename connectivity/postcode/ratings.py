"""One activity at one postcode: its counts, its letter, and whose figure it is: the postcode's, area's or council's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectivity.claims import Gap, ProfileKey, total
from connectivity.postcode.files import PostcodeFiles, Row
from connectivity.postcode.letters import Grade, grade

Level = Literal["postcode", "area", "council"]
SCORED = "scored"
_ENDS = ("_low", "", "_high")


@dataclass(frozen=True, slots=True)
class Rating:
    """What is known of one activity.

    Attributes
    ----------
    level
        Whose figure it is.
    claim
        Its counts; None when not known.
    grade
        Its letter; None when not known or too unsure.
    reason
        Why there are no counts, in plain words; empty otherwise.
    download_fails, upload_fails
        Best estimate of what fails; together the claim's best.
    own
        Counts of the postcode alone where they are known but too few, or too unsure, for a letter.
    """

    level: Level
    claim: Gap | None
    grade: Grade | None
    reason: str = ""
    download_fails: float = 0.0
    upload_fails: float = 0.0
    own: Gap | None = None


def rate(row: Row, *, area: Row, files: PostcodeFiles, profile: ProfileKey) -> Rating:
    """Rate an activity by the finest figure that can be trusted.

    The postcode's own figure comes first, where the release has one and it is enough to say. Then the small area's;
    where the model cannot tell a council's small areas apart, the whole council's.

    Parameters
    ----------
    row
        The postcode, from `PostcodeFiles.postcode`.
    area
        Its small area.
    """
    own = _rated(row, level="postcode", place="this postcode", premises=row.get("own_premises"), profile=profile)
    if own is not None and row.get("own_status") == SCORED and own.grade:
        return own
    wider = _council(area, files, profile) if area.get("separable") is False else None
    wider = wider or _rated(
        area, level="area", place=str(area["area_name"]), premises=area["premises"], profile=profile
    )
    if wider is None:
        return Rating("area", None, None, reason=str(area["status"]))
    return Rating(
        wider.level,
        wider.claim,
        wider.grade,
        download_fails=wider.download_fails,
        upload_fails=wider.upload_fails,
        own=own.claim if own else None,
    )


def _rated(row: Row, *, level: Level, place: str, premises: float | None, profile: ProfileKey) -> Rating | None:
    """Rate one row's counts; None when any of them is not known."""
    low, best, high = (row.get(f"{profile}_infeasible{end}") for end in _ENDS)
    if premises is None or low is None or best is None or high is None:
        return None
    claim = Gap(place, low, best, high, premises, profile)
    return Rating(
        level,
        claim,
        grade(low, best, high, of=premises),
        download_fails=row.get(f"{profile}_download_fails") or 0.0,
        upload_fails=row.get(f"{profile}_upload_fails") or 0.0,
    )


def _council(area: Row, files: PostcodeFiles, profile: ProfileKey) -> Rating | None:
    """Rate a whole council by adding up its small areas."""
    place = str(area["district_name"])
    rated = [
        one
        for row in files.district(str(area["district_code"]))
        if (one := _rated(row, level="council", place=place, premises=row["premises"], profile=profile))
    ]
    claims = [one.claim for one in rated if one.claim]
    if not claims:
        return None
    whole = total(claims, place=place)
    return Rating(
        "council",
        whole,
        grade(whole.low, whole.best, whole.high, of=whole.premises),
        download_fails=sum(one.download_fails for one in rated),
        upload_fails=sum(one.upload_fails for one in rated),
    )
