"""On what terms two builds may be compared, or why they may not; and who counts the premises of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Literal

from connectivity.change.renaming import Renaming
from connectivity.manifest import NOT_RECORDED, Manifest, read_manifest
from connectivity.method.records import ESSENTIAL, HOME_WORKER, METHOD_VERSION, Profile
from layers.coverage import Band
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.kinds import KINDS, kinds_where
from layers.ledger import MONTHS

OFCOM = "ofcom"
WHO = {OFCOM: "Ofcom counts"} | {kind: one.counting for kind, one in KINDS.items() if one.counting}
"""How a sentence about more or fewer premises begins."""


def counter_of(premises_from: str | None, *, files: Collection[str]) -> str:
    """Name the kind of layer that counts the premises of a build.

    Parameters
    ----------
    premises_from
        As the manifest has it.
    files
        The kinds of layer of the build.

    Returns
    -------
    str
        A key of ``WHO``; ``not recorded`` for a build by postcode from before that was kept.

    Examples
    --------
    >>> counter_of(None, files=()), counter_of("not recorded", files={"ofcom_postcode"})
    ('ofcom', 'not recorded')
    """
    if premises_from == NOT_RECORDED and "ofcom_postcode" not in files:
        return OFCOM  # only a file by postcode may lack premises: 2018 has its own, later releases have not
    return premises_from or OFCOM


def counter_title(counter: str) -> str:
    """Give a counter's title.

    >>> counter_title("ofcom"), counter_title("dwellings")
    ('Ofcom’s own count', 'Council tax: dwellings by small area')
    """
    if counter == OFCOM:
        return "Ofcom’s own count"
    return KINDS[counter].title if counter in KINDS else counter


def counter_notes(counter: str, *, recounted: bool) -> list[str]:
    """Say whose count it is where it is not Ofcom's, and what that takes away.

    Parameters
    ----------
    recounted
        Whether the two builds have different files of it.
    """
    if counter == OFCOM:
        return []
    whose = f"How many premises there are is from another source: {counter_title(counter)}."
    notes = [f"Ofcom’s files by postcode give shares only. {whose} Premises that it lists anew look like new ones."]
    if recounted:
        notes.append("That source’s two files differ, so we do not say how sure a direction is.")
    return notes


FASTER_4G = Figure(
    2025 * 12 + 7,
    "months (year × 12 + month)",
    "mobile releases from this month on count 4G from 5 Mbit/s, earlier ones from 2",
    "method §2 says mid-2025; assumption that the July 2025 release is the first",
)


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build's manifest says about its counts; see ``docs/outputs.md`` for the keys."""

    study: str
    release: str
    unit: Literal["premises", "lines"]
    basis: str
    geography: str
    method: str
    fingerprint: str
    counts_fwa: bool
    counts_mobile: bool
    modelled: bool
    definition: str | None
    bands: tuple[Band, ...]
    districts: dict[str, str]
    files: dict[str, tuple[tuple[str, str], ...]]
    mobile: str | None
    counted_by: str
    scoring: dict[str, Any]
    notice: str | None = None

    @classmethod
    def of(cls, manifest: Manifest) -> BuildSummary:
        """Read it off a manifest."""
        files: dict[str, tuple[tuple[str, str], ...]] = {}
        for source in manifest.sources:
            kind = _KIND_OF.get(source.name, source.name)
            files[kind] = (*files.get(kind, ()), (source.file, source.sha256))
        return cls(
            study=manifest.study,
            release=manifest.release,
            unit=manifest.unit,
            basis=manifest.basis,
            geography=manifest.geography,
            method=manifest.method_version,
            fingerprint=manifest.fingerprint,
            counts_fwa=manifest.counts_fwa,
            counts_mobile=manifest.counts_mobile,
            modelled=manifest.coverage_modelled,
            definition=manifest.definition,
            bands=tuple(Band(band.low, inf if band.high is None else band.high) for band in manifest.bands),
            districts=manifest.district_names,
            files=files,
            mobile=_mobile_meaning(manifest, files),
            counted_by=counter_of(manifest.premises_from, files=files),
            scoring={
                "weights": manifest.weights,
                "aggregation": manifest.aggregation,
                "indicators": sorted(one.key for one in manifest.indicators),
            },
            notice=manifest.do_not_publish,
        )

    @property
    def month(self) -> int | None:
        """The release as year × 12 + month; None where it does not say."""
        return month_of(self.release)

    @property
    def broadband(self) -> str | None:
        """The kind of broadband layer, such as ``ofcom_oa``; None where it is not known."""
        return next((kind for kind in self.files if kind in KINDS and KINDS[kind].reads == "broadband"), None)

    @property
    def broadband_files(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 of each file of that kind."""
        return self.files.get(self.broadband or "", ())

    @property
    def homes_only(self) -> bool:
        """Whether businesses are left out."""
        return "homes only" in self.release


def read_summary(folder: Path) -> BuildSummary:
    """Read it off the manifest in a build's folder, without its areas.

    Raises
    ------
    OutputError
        When there is no manifest, or not one of a build.
    """
    return BuildSummary.of(read_manifest(folder))


def month_of(release: str) -> int | None:
    """Read the month off a release in words, as year × 12 + month.

    >>> month_of("July 2025, homes only") - month_of("January 2025"), month_of("Spring 2026")
    (6, None)
    """
    found = re.search(rf"\b({'|'.join(MONTHS)}) (20\d\d)\b", release)
    return int(found[2]) * 12 + MONTHS.index(found[1]) + 1 if found else None


def _mobile_meaning(manifest: Manifest, files: Mapping[str, tuple[tuple[str, str], ...]]) -> str | None:
    """Say what 4G means in a build that counts mobile."""
    if not manifest.counts_mobile:
        return None
    releases = [one.release for one in manifest.sources if one.name == KINDS["mobile"].title]
    if not releases:
        return f"a signal raster of the study ({examples(name for name, _ in files.get('raster', ()))})"
    month = month_of(releases[0])
    if month is None:
        return "a release without a date"
    return f"4G from {5 if month >= FASTER_4G.value else 2} Mbit/s"


_KIND_OF = {source.title: kind for kind, source in KINDS.items()}


# Only counts are compared across releases, never scores, ranks or need. Whatever changes a count by itself must be the
# same in both builds; what changes only a score may differ, and is said.


Level = Literal["areas", "councils"]
SCORE_ONLY = {"weights": "the weights", "aggregation": "how the parts are put together", "indicators": "the indicators"}
GROUND = kinds_where(ground=True)
"""Layers that say which premises are in which area: where their files differ, premises may have moved between areas."""


class NotComparableError(LayerError):
    """Two builds differ in something that would look like change and is none."""


@dataclass(frozen=True, slots=True)
class Comparability:
    """How two builds may be compared.

    Attributes
    ----------
    level
        ``areas``, or ``councils`` where a build is modelled within each council.
    correction
        Whether both are the same release, one of them corrected by its publisher.
    definitions
        Profile → why its counts do not mean the same in both; empty when they do.
    districts
        Councils in both, code → name.
    left_out
        Councils in one of them only, code → name.
    notes
        What a reader should know, one sentence each.
    counter
        Who counts the premises, a key of ``WHO``.
    recounted
        Whether they counted anew in between, from outside Ofcom's release: then no direction is called sure or likely.
    renaming
        Where Ofcom's count changed its name, whether it was apparently only renamed; None where it did not, or the
        builds were not read. A count that was only renamed means the same in both.
    unchecked
        Why that was not checked; None where it was, or nothing was renamed.
    """

    level: Level
    correction: bool
    definitions: dict[str, str]
    districts: dict[str, str]
    left_out: dict[str, str]
    notes: tuple[str, ...]
    counter: str = OFCOM
    recounted: bool = False
    renaming: Renaming | None = None
    unchecked: str | None = None


def partners(summaries: Mapping[str, BuildSummary], *, of: str) -> dict[str, str | None]:
    """Say of each other build whether it can be compared with one: None when it can, else why not."""
    said: dict[str, str | None] = {}
    for key, summary in summaries.items():
        if key == of:
            continue
        try:
            comparability_of(*older_first(summaries[of], summary))
        except NotComparableError as error:
            said[key] = f"{error.what} What to do: {error.parts['next']}."
        else:
            said[key] = None
    return said


def older_first(one: BuildSummary, other: BuildSummary) -> tuple[BuildSummary, BuildSummary]:
    """Put the older release first; of two files of one release, the one whose file name comes first."""
    months = [summary.month or 0 for summary in (one, other)]
    if months[0] == months[1]:
        months = [0, 1] if one.broadband_files <= other.broadband_files else [1, 0]
    return (one, other) if months[0] <= months[1] else (other, one)


def comparability_of(old: BuildSummary, new: BuildSummary, *, renaming: Renaming | None = None) -> Comparability:
    """Agree on what may be compared.

    Parameters
    ----------
    old, new
        What each build's manifest says.
    renaming
        What holding the two counts against each other found, where Ofcom's count changed its name; without it a new
        name is taken for a new meaning.

    Raises
    ------
    NotComparableError
        With the first reason why nothing may be.
    """
    _refuse_other_counts(old, new)
    correction = _refuse_same_release(old, new)
    shared = {code: name for code, name in new.districts.items() if code in old.districts}
    if not shared:
        raise NotComparableError(
            "The two builds have no council in common.",
            expected="at least one council in both",
            found=f"{examples(old.districts.values())}; {examples(new.districts.values())}",
            next_step="build both releases for the same councils",
        )
    left_out = {code: name for code, name in {**old.districts, **new.districts}.items() if code not in shared}
    level: Level = "councils" if old.modelled or new.modelled else "areas"
    same = renaming is not None and renaming.only_renamed is True
    redefined = {str(profile.key): _redefined(profile, old, new, same=same) for profile in (HOME_WORKER, ESSENTIAL)}
    definitions = {key: " ".join(why) for key, why in redefined.items() if why}
    counter = new.counted_by
    recounted = counter != OFCOM and _hashes(old, counter) != _hashes(new, counter)
    notes = tuple(_notes(old, new, counter=counter, recounted=recounted))
    return Comparability(level, correction, definitions, shared, left_out, notes, counter, recounted, renaming)


def _refuse_other_counts(old: BuildSummary, new: BuildSummary) -> None:
    """Refuse builds whose counts differ for a reason that is not change."""
    again = "build both releases the same way, then compare"
    checks = (
        (
            "basis",
            "Speeds that were measured are not compared with lines on offer: what people bought is not what was sold.",
            "take two releases of availability (2018 or later)",
        ),
        ("unit", "One build counts premises, the other lines.", "take two releases that count the same thing"),
        (
            "geography",
            "The two builds are on small areas of different years.",
            "build both releases on the same geography: set geography in both study files to the same year",
        ),
        ("method", "The two builds were made by different versions of the method.", "build both again with this one"),
        ("counts_fwa", "Fixed wireless is counted in one build only.", "build both with --fwa, or both with --no-fwa"),
        ("counts_mobile", "Mobile is counted in one build only.", "set the same `mobile` in both study files"),
        ("homes_only", "One build counts homes only, the other businesses too.", "take two files of the same kind"),
    )
    for name, what, next_step in checks:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            raise NotComparableError(
                what, column=name, expected="the same in both builds", found=f"{was}; {now}", next_step=next_step
            )
    if old.method != METHOD_VERSION:
        raise NotComparableError(
            "The two builds were made by another version of the method than this program’s.",
            column="method",
            expected=METHOD_VERSION,
            found=old.method,
            next_step="build both again with this version, then compare",
        )
    kinds = {old.broadband, new.broadband} - {None}
    if "ofcom_postcode" in kinds and len(kinds) > 1:
        raise NotComparableError(
            "One build is from a file by postcode, the other is not: they do not count premises the same way.",
            expected="two files by postcode, or two of the other kinds",
            found=examples(sorted(str(kind) for kind in kinds)),
            next_step=again,
        )
    counters = [summary.counted_by for summary in (old, new)]
    if counters[0] != counters[1] or NOT_RECORDED in counters:
        raise NotComparableError(
            "The premises of the two builds are not counted by the same source: that would look like change.",
            column="premises_from",
            expected="premises from the same kind of layer in both",
            found="; ".join(counter_title(kind) for kind in counters),
            next_step="give both studies the same kind of layer for premises (postcode_premises, subsidy or "
            "dwellings), or use Ofcom’s files by output area; then build both again",
        )


def _refuse_same_release(old: BuildSummary, new: BuildSummary) -> bool:
    """Tell whether one is a correction of the other; refuse what is the same, out of order, or without a date."""
    next_step = "name the older release first, then the newer one"
    if old.release == new.release:
        if old.fingerprint == new.fingerprint or old.broadband_files == new.broadband_files:
            raise NotComparableError(
                f"Both builds are of {old.release}, from the same broadband file: there is nothing to compare.",
                expected="two releases",
                found=f"{old.release}, twice",
                next_step="build another release and compare it with this one",
            )
        return True
    if old.month is None or new.month is None:
        undated = old.release if old.month is None else new.release
        raise NotComparableError(
            "A build does not say of which month its release is, so we cannot tell which is older.",
            expected="a month and a year, such as July 2025",
            found=undated,
            next_step='write release = "July 2025" (the file’s own month) in the study’s broadband layer; build again',
        )
    if old.month > new.month:
        raise NotComparableError(
            "The releases are in the wrong order.",
            expected=f"{new.release}, then {old.release}",
            found=f"{old.release}, then {new.release}",
            next_step=next_step,
        )
    return False


def _redefined(profile: Profile, old: BuildSummary, new: BuildSummary, *, same: bool) -> list[str]:
    """Say why a profile's counts do not mean the same in both builds; nothing when they do.

    `same`: whether a count of another name was found to count the same.
    """
    why = []
    if old.counts_fwa and (old.definition is None or new.definition is None) and not same:
        why.append("A build does not record what Ofcom called premises below decent broadband; build it again.")
    elif old.counts_fwa and old.definition != new.definition and not same:
        why.append(
            f"Ofcom’s count changed its name from “{old.definition}” to “{new.definition}”. (USO is the legal right "
            "to a decent line, FWA is fixed wireless.)"
        )
    if old.counts_mobile and old.mobile != new.mobile:
        why.append(f"What counts as 4G indoors changed: {old.mobile}, then {new.mobile}.")
    if not (profile is ESSENTIAL and old.counts_fwa):  # that count is published, and rests on no band
        matters = max(step.from_download for step in profile.uploads["availability"])
        edges = [{band.low for band in summary.bands if band.low <= matters} for summary in (old, new)]
        if edges[0] != edges[1]:
            why.append("The releases cut speeds at different edges.")
    return why


def _notes(old: BuildSummary, new: BuildSummary, *, counter: str, recounted: bool) -> list[str]:
    notes = [
        f"{what[0].upper()}{what[1:]} differ between the builds. That moves scores, not these counts."
        for key, what in SCORE_ONLY.items()
        if old.scoring[key] != new.scoring[key]
    ]
    notes += counter_notes(counter, recounted=recounted)
    ground = [*GROUND, *([counter] if counter not in {OFCOM, *GROUND} else [])]
    moved = [KINDS[kind].title for kind in ground if _hashes(old, kind) != _hashes(new, kind)]
    if moved:
        notes.append(f"Premises may have moved between areas, as these files differ: {'; '.join(moved)}.")
    return notes


def _hashes(summary: BuildSummary, kind: str) -> list[str]:
    return sorted(digest for _, digest in summary.files.get(kind, ()))
