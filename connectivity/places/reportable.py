"""Where the premises of each small area stand, as finely as the study says: for dividing areas at a border.

Ofcom's own counts by postcode come first, then single addresses (OS Open UPRN), then live postcodes, all alike. An
address is not always a home (sheds and garages have one too), so a count of premises at a postcode beats it.

Which boundaries a study can be reported by, and the reports a build writes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from connectivity.manifest import Manifest, ReportedPremises, ReportRecord
from connectivity.places.reports import Report, report_by
from connectivity.postcode.postcode_tables import located_premises, read_postcodes
from connectivity.robustness.count_draws import CountDraws
from layers.errors import StudyError, did_you_mean
from layers.families import POLYGON, family_of
from layers.geography import geography_of
from layers.intake.files import read_bytes
from layers.intake.published import published_column
from layers.intake.tables import Column, read_headings, read_table
from layers.joined import Joined
from layers.locations import read_uprns
from layers.points import IN_NO_AREA, areas_of_points
from layers.reporting import Boundary, Method, Shares, boundary_in, read_boundary, shares_of
from layers.study import Layer, Study

PLACES = "places.parquet"
COLUMNS = ["postcode", "area_code", "easting", "northing", "premises"]


@dataclass(frozen=True, slots=True)
class Located:
    """Where premises stand.

    Attributes
    ----------
    points
        ``postcode`` (blank for an address), ``area_code``, ``easting``, ``northing`` in metres, ``premises``.
    method
        ``postcodes`` or ``addresses``.
    """

    points: pd.DataFrame
    method: Method


def located(study: Study, joined: Joined) -> Located | None:
    """Find the finest places a study has; None when it has neither postcodes nor addresses.

    Addresses lie in the area whose outline holds them. An area without one keeps its postcodes.
    """
    postcodes = located_premises(joined)
    layer = study.layer("open_uprn")
    if layer is None or joined.coverage.by_postcode is not None:
        return None if postcodes is None else Located(postcodes[COLUMNS], "postcodes")
    shapes = gpd.GeoSeries(joined.areas.geometry)
    uprns = read_uprns(study.paths(layer)[0], areas=shapes, ledger=joined.ledger, member=layer.member)
    at = areas_of_points(uprns["easting"], uprns["northing"], areas=shapes)
    points = uprns.loc[at != IN_NO_AREA, ["easting", "northing"]].assign(postcode="")
    points["area_code"] = shapes.index.to_numpy()[at[at != IN_NO_AREA]]
    each = joined.coverage.table["premises"] / points["area_code"].value_counts()
    points["premises"] = points["area_code"].map(each)
    if postcodes is not None:
        bare = ~postcodes["area_code"].isin(points["area_code"])
        points = pd.concat([points, postcodes.loc[bare, COLUMNS]])
    return Located(points[COLUMNS].reset_index(drop=True), "addresses")


def write_located(places: Located | None, *, folder: Path) -> None:
    """Keep addresses beside a build, for shapes that readers draw; postcodes are kept already."""
    if places is not None and places.method == "addresses":
        places.points.to_parquet(folder / PLACES, index=False, compression="zstd")


def read_located(folder: Path) -> Located | None:
    """Read back the finest places a build keeps; None for a build without any."""
    if (folder / PLACES).exists():
        return Located(pd.read_parquet(folder / PLACES), "addresses")
    postcodes = read_postcodes(folder)
    return None if postcodes is None else Located(postcodes, "postcodes")


DISTRICT, OLD_DISTRICT, WARD = "district", "old_district", "ward"
DRAWN = "polygon:"
"""How a file of outlines is asked for beside the names."""
LSOA_NAME = re.compile(r"(.+) \d{3}[A-Z]+")
"""An LSOA is named after the district of its census: “West Dorset 003D” (ONS)."""


def reports_of(
    study: Study,
    joined: Joined,
    areas: gpd.GeoDataFrame,
    *,
    places: Located | None,
    asked: Sequence[str] | None = None,
    drawn: CountDraws | None = None,
) -> list[tuple[Report, Shares]]:
    """Report a study by every boundary it can, or by those that are asked for.

    Parameters
    ----------
    study, joined
        The study, and its joined layers; files that are read for this are recorded in its ledger.
    areas
        The scored areas.
    places
        Where premises stand, from :func:`connectivity.places.reportable.located`.
    asked
        Names of boundaries, or ``polygon:FILE``; None for all the study has.
    drawn
        Drawn counts of a modelled build.

    Raises
    ------
    StudyError
        When a boundary is asked for that the study does not have.
    LayerError
        When a boundary's file cannot be used.
    """
    makers = _makers(study, joined, areas)
    files = [name.removeprefix(DRAWN) for name in asked or () if name.startswith(DRAWN)]
    names = list(dict.fromkeys(name for name in asked or () if not name.startswith(DRAWN)))
    unknown = [name for name in names if name not in makers]
    if unknown:
        raise StudyError(
            f"The study cannot be reported by “{unknown[0]}”.",
            file=study.path.name,
            expected=f"{', '.join(makers)} or polygon:FILE",
            found=", ".join(filter(None, (f"“{unknown[0]}”", did_you_mean(unknown[0], makers)))),
            next_step="add a layer of kind reporting with that name to the study file; see docs/reporting.md",
        )
    boundaries = [makers[name]() for name in (makers if asked is None else names)]
    boundaries += [_drawn(Path(file), joined, number) for number, file in enumerate(files, start=1)]
    made = []
    for boundary in boundaries:
        if asked is None and places is None and boundary.unit in {"outline", "postcode"}:
            joined.ledger.warn(f"No report by {boundary.family.name}: the study has no postcodes to divide areas by.")
            continue
        if places is None or boundary.unit == "postcode":  # a lookup of postcodes has nothing to say of addresses
            shares = shares_of(boundary, areas=areas, located=located_premises(joined))
        else:
            shares = shares_of(boundary, areas=areas, located=places.points, method=places.method)
        figures = report_by(
            boundary.places,
            shares=shares,
            areas=areas,
            family=boundary.family,
            beyond=joined.ledger.excluded,
            drawn=drawn,
        )
        made.append((figures, shares))
    return made


def as_records(reports: Sequence[Report]) -> dict[str, ReportRecord]:
    """Give what the manifest says of each report: how it was made, and that its premises add up."""
    return {
        one.family.name: ReportRecord(
            title=one.family.plural,
            method=one.method,
            modelled=one.modelled,
            places=len(one.places),
            premises=ReportedPremises(
                total=round(one.total, 2),
                in_places=round(float(one.places["premises"].sum()), 2),
                counted_twice=round(one.counted_twice, 2),
                not_assigned={reason: round(count, 2) for reason, count in one.not_assigned.items()},
            ),
        )
        for one in reports
    }


def _makers(study: Study, joined: Joined, areas: gpd.GeoDataFrame) -> dict[str, Callable[[], Boundary]]:
    """Name the boundaries the study can be reported by, each with what makes it; files are read only then."""
    makers: dict[str, Callable[[], Boundary]] = {
        DISTRICT: lambda: coded(areas[["district_code", "district_name"]].set_axis(["code", "name"], axis=1), DISTRICT)
    }
    old = old_districts(study, areas)
    if old is not None:
        makers[OLD_DISTRICT] = lambda: coded(old, OLD_DISTRICT)
    # Districts go by the code each area carries: exact, whatever outlines of them are at hand.
    layers = {str(one.name): one for one in study.layers if one.kind == "reporting" and one.name not in makers}
    wards, lookup = study.layer("wards"), study.layer("lookup")
    if WARD not in layers and wards is not None:
        layers[WARD] = wards
    elif WARD not in layers and lookup is not None and _has_wards(study, lookup):
        layers[WARD] = lookup
    for name, layer in layers.items():
        makers[name] = lambda name=name, layer=layer: read_boundary(  # type: ignore[misc]  # bound now, called later
            study, layer, name=name, spine=joined.areas, ledger=joined.ledger
        )
    return makers


def coded(names: pd.DataFrame, family: str) -> Boundary:
    """Make a boundary of codes and names that each area carries.

    Parameters
    ----------
    names
        Index ``area_code``; ``code`` and ``name``, both blank where an area is in none.
    family
        The report's name.
    """
    known = names[names["name"].ne("") | names["code"].ne("")]
    rows = known.assign(key=known["code"].where(known["code"].ne(""), known["name"]))
    places = rows.drop_duplicates("key").set_index("key")[["code", "name"]].sort_index()
    codes = pd.DataFrame({"unit": rows.index, "key": rows["key"].to_numpy()})
    return Boundary(family_of(family), places, "area", None, codes, best_fit=False, file="the study's areas")


def old_districts(study: Study, areas: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Read the districts of 2011 off the names of LSOA 2011, which nest in them; None where nothing has changed.

    On LSOA 2021 the names come through ONS's exact lookup; an area made of pieces of two old districts is in none.
    """
    if study.geography == "lsoa11":
        names = areas["official_name"].map(lambda name: _district_in(str(name)))
    else:
        changes = study.layer("lsoa_changes")
        found = _heading(study, changes, geography_of("lsoa11").names) if changes else None
        if changes is None or found is None:
            return None
        columns = [Column("name", (found,), "text"), published_column("lsoa_changes", "new")]
        table = read_table(study.paths(changes)[0], columns, member=changes.member)
        olds = table["name"].map(_district_in).groupby(table["new"]).agg(lambda names: sorted(set(names)))
        names = olds.map(lambda listed: listed[0] if len(listed) == 1 else "").reindex(areas.index).fillna("")
    if names.eq("").all() or names.eq(areas["district_name"].astype(str)).all():
        return None
    return pd.DataFrame({"code": "", "name": names.astype(str)}, index=areas.index)


def _district_in(name: str) -> str:
    """Take the district off an area's name.

    >>> _district_in("West Dorset 003D"), _district_in("Alder")
    ('West Dorset', '')
    """
    match = LSOA_NAME.fullmatch(name)
    return match[1] if match else ""


def _has_wards(study: Study, layer: Layer) -> bool:
    return _heading(study, layer, published_column("places", "ward_code").headings) is not None


def _heading(study: Study, layer: Layer, wanted: Sequence[str]) -> str | None:
    headings = read_headings(study.paths(layer)[0], member=layer.member)
    return next((heading for heading in headings if heading in wanted), None)


def _drawn(path: Path, joined: Joined, number: int) -> Boundary:
    family = POLYGON if number == 1 else family_of(f"polygon_{number}")
    if not path.is_file():
        raise StudyError(
            "The file of outlines to report by is not there.",
            file=path,
            expected="a file of outlines after --report-by polygon:",
            found="nothing of that name",
            next_step="check the spelling after --report-by, and the folder it is given from",
        )
    return boundary_in(
        read_bytes(path), name=path.name, member=None, family=family, spine=joined.areas.geometry, ledger=joined.ledger
    )


def premises_beyond(manifest: Manifest, areas: pd.DataFrame) -> dict[str, float]:
    """Give the premises of a build that reach no small area, by reason."""
    statuses = set(areas["status"])
    return {reason: float(count) for reason, count in manifest.premises.excluded.items() if reason not in statuses}
