"""OS Terrain 50 as published: 152 tiles in their zips, none with an EPSG code or a nodata value."""

from __future__ import annotations

import numpy as np
import pytest

from layers.area_outlines import read_boundaries
from layers.errors import LayerError
from layers.grid.rasters import open_raster
from layers.grid.terrain import read_terrain
from layers.ledger import Ledger

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def tiles(real_data):
    found = sorted((real_data / "terrain50").glob("*.zip"))
    if not found:
        pytest.skip("no OS Terrain 50 tiles beside the other real files")
    return found


@pytest.fixture(scope="module", params=["lsoa11", "lsoa21"])
def spine(real_data, request):
    outlines = sorted((real_data / "boundaries" / request.param).glob("*.geojson"))
    return read_boundaries(outlines, geography=request.param, ledger=Ledger())


@pytest.fixture(scope="module")
def terrain(tiles, spine):
    ledger = Ledger()
    return read_terrain(tiles, areas=spine.geometry, ledger=ledger), ledger


def test_every_tile_is_read_and_every_area_has_its_terrain(tiles, spine, terrain):
    table, ledger = terrain
    assert len(tiles) == 152
    assert table.index.equals(spine.index)
    assert len(table) in {1646, 1694}
    assert np.isfinite(table).all(axis=None)
    assert ledger.warnings == []
    assert table["terrain_covered"].min() > 0.999
    # The highest point of the six authorities is Pilsdon Pen or Lewesdon Hill, 277 to 279 m.
    assert table["relief_m"].between(0, 279).all()
    assert table["elevation_mean_m"].between(-5, 279).all()


def test_hills_are_hills_and_portsmouth_is_flat(spine, terrain):
    table, _ = terrain
    named = table.join(spine["official_name"])
    portsmouth = named[named["official_name"].str.startswith("Portsmouth")]
    hilly = named.nlargest(10, "relief_m")
    assert portsmouth["relief_m"].median() < 10
    assert hilly["official_name"].str.contains("Dorset|Isle of Wight").all()
    assert hilly["relief_m"].min() > 200
    # The Isle of Portland rises to 151 m at the Verne; its tile is SY67.
    south = spine.geometry.bounds
    portland = table[(south["maxy"] < 76_000) & south["minx"].between(365_000, 372_000)]
    assert portland["relief_m"].max() == pytest.approx(145, abs=15)


def test_a_tile_that_is_absent_is_missing_and_said(tiles, spine):
    ledger = Ledger()
    table = read_terrain(
        [tile for tile in tiles if not tile.stem.startswith("sy67")], areas=spine.geometry, ledger=ledger
    )
    lost = table["relief_m"].isna()
    assert lost.sum() == 28, "Portland and the south of Weymouth"
    assert (table["terrain_covered"][lost] < 0.8).all()
    assert len(ledger.warnings) == 1
    assert "no tile for SY67" in ledger.warnings[0]


def test_a_tile_says_neither_code_nor_gap(tiles):
    with open_raster(tiles[0], allow_missing_nodata=True, reproject=False) as raster:
        assert raster.nodata is None
        assert raster.shape == (200, 200)
    with pytest.raises(LayerError, match="not known"):
        open_raster(tiles[0])
