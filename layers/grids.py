"""The rasters a study names, as columns: terrain, signal strength or anything else, and how densely people live."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from layers.coverage import Coverage
from layers.figures import Figure
from layers.grid.density import density
from layers.grid.rasters import Raster, open_raster
from layers.grid.sampling import availability, sample
from layers.grid.terrain import read_terrain
from layers.grid.zonal import zonal
from layers.layer import Layer
from layers.reading import Reading


def read_terrain_columns(reading: Reading) -> pd.DataFrame | None:
    """Read the study's terrain tiles; None when it has none."""
    layer = reading.study.layer("terrain")
    if layer is None:
        return None
    paths = reading.study.paths(layer)
    for path in paths:
        reading.ledger.used(path, kind="terrain", rows=1)
    reading.ledger.check(
        "", "tiles fit together: one size of cell, one height for each", rows=len(paths), kind="terrain"
    )
    return read_terrain(paths, areas=reading.spine.geometry, ledger=reading.ledger)


def read_raster_columns(reading: Reading) -> pd.DataFrame:
    """Summarise every raster the study names.

    Returns
    -------
    pandas.DataFrame
        Index as the spine. For each raster ``raster_<name>`` (mean over the area, in its own unit) and
        ``raster_<name>_covered`` (share of the area it covers); with a threshold also ``raster_<name>_share`` (of the
        area's live postcodes with a value, those that meet it) and ``raster_<name>_unknown`` (share without a value).
    """
    rasters = [layer for layer in reading.study.layers if layer.kind == "raster"]
    columns = [reading.once(f"raster {layer.name}", partial(_summary, layer, reading)) for layer in rasters]
    return pd.concat([pd.DataFrame(index=reading.areas), *columns], axis=1)


def reach_of_signal(reading: Reading) -> pd.DataFrame | None:
    """Turn a signal raster into the reach of mobile, with what is not known kept apart.

    Returns
    -------
    pandas.DataFrame
        ``indoor_4g`` (postcodes known to have it, as a share of all), ``indoor_4g_low`` (the same) and
        ``indoor_4g_high`` (those not known counted as having it); None when no raster of the study is a route.
    """
    layer = next((layer for layer in reading.study.layers if layer.route == "mobile"), None)
    if layer is None:
        return None
    facts = read_raster_columns(reading)
    unknown = facts[f"raster_{layer.name}_unknown"]
    none_known = facts[f"raster_{layer.name}_share"].isna()
    served = (facts[f"raster_{layer.name}_share"] * (1 - unknown)).mask(none_known, 0.0)
    return pd.DataFrame({"indoor_4g": served, "indoor_4g_low": served, "indoor_4g_high": served + unknown})


def premises_density(coverage: Coverage, *, postcodes: pd.DataFrame, reading: Reading) -> Raster:
    """Premises for each square kilometre: an area's premises shared equally among its live postcodes.

    The squares add up to the premises of all areas that have a live postcode.
    """
    reading.ledger.modelled.append(
        f"Where people live: each small area's {coverage.unit}, shared equally among its live postcodes."
    )
    ours = postcodes[postcodes["area_code"].isin(reading.areas)].dropna(subset=["easting", "northing"])
    each = coverage.table["premises"] / ours.groupby("area_code").size()
    weighted = ours.assign(premises=ours["area_code"].map(each))
    return density(weighted, weight="premises", ledger=reading.ledger)


def _summary(layer: Layer, reading: Reading) -> pd.DataFrame:
    (path,) = reading.study.paths(layer)
    areas, allowed = reading.spine.geometry, reading.study.switches.missing_areas_allowed
    with open_raster(path, member=layer.member, nodata=layer.nodata, areas=areas, allowed=allowed) as raster:
        reading.ledger.used(path, kind="raster", rows=int(np.prod(raster.shape)))
        found = zonal(raster, areas=areas, statistics=("mean",))
        bare = found.index[found["mean"].isna()]
        rule = "every area has a value of the raster"
        reading.ledger.check(path, rule, rows=len(areas), failing=len(bare), examples=bare, then="kept")
        table = pd.DataFrame({f"raster_{layer.name}": found["mean"], f"raster_{layer.name}_covered": found["covered"]})
        if layer.threshold is None:
            return table
        postcodes = reading.located_postcodes(needed_by=f"the threshold of raster {layer.name}")
        ours = postcodes[postcodes["area_code"].isin(areas.index)].dropna(subset=["easting", "northing"])
        values = pd.Series(sample(raster, x=ours["easting"], y=ours["northing"]), index=ours.index)
    line = Figure(layer.threshold, layer.unit or "", f"where {layer.name} begins", f"{reading.study.path.name}")
    met = availability(values, area_codes=ours["area_code"], areas=areas.index, threshold=line)
    table[f"raster_{layer.name}_share"] = met["share"]
    table[f"raster_{layer.name}_unknown"] = met["unknown_share"]
    return table
