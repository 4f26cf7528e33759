"""Two shires of twelve squares, and a reader who opens the app on them."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from manifests import hand_manifest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectivity.manifest import MANIFEST, Manifest
from connectivity.maps.plate import OUTSIDE
from connectivity.maps.symbology import PAINTS, UNKNOWN
from connectivity.method import scoring
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.method.ranking import severity_rank
from connectivity.outputs import AREAS, write_outputs
from connectivity.schema import RANKING_COLUMNS
from connectivity.views import contents
from connectivity.views.assets import STATIC

REPOSITORY = Path(__file__).resolve().parents[2]
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} {% x %} *B* & "Sons"'
NOT_ENOUGH = "not enough data: more than 20% of premises unknown"
BANDS = (
    ("premises_0_2", "Under 2", 0, 2),
    ("premises_2_10", "2 to 10", 2, 10),
    ("premises_10_plus", "10 or more", 10, None),
)


_WRITTEN: dict[str, dict[str, bytes]] = {}
"""The files of builds that were written: by what they differ by, then by name."""


def squares() -> gpd.GeoDataFrame:
    """Twelve squares of a kilometre in two councils: one without enough data, one with a hostile name."""
    return _squares().copy()


@cache
def _squares() -> gpd.GeoDataFrame:
    count = 12
    codes = [f"E010000{number:02d}" for number in range(1, count + 1)]
    shapes = [
        shapely.box(
            400_000 + 1000 * (n % 4), 100_000 + 1000 * (n // 4), 401_000 + 1000 * (n % 4), 101_000 + 1000 * (n // 4)
        )
        for n in range(count)
    ]
    best = np.array([0, 3, 8, 15, 30, 45, 60, 90, 120, 160, 210, 300], dtype=float)
    areas = gpd.GeoDataFrame({"area_code": codes}, geometry=shapes, crs=27700).set_index("area_code")
    west = np.arange(count) % 4 < 2
    areas["area_name"] = [f"Upper Vale, part {number}" for number in range(1, count + 1)]
    areas.loc[codes[1], "area_name"] = HOSTILE
    areas["district_code"] = np.where(west, "E06000001", "E06000002")
    areas["district_name"] = np.where(west, "Westshire", "Eastshire")
    areas["status"] = "scored"
    areas["premises"], areas["premises_unknown"] = 600.0, 5.0
    for key, share in (("remote", 1.0), ("digital", 0.4)):
        for end, factor in (("_low", 0.6), ("", 1.0), ("_high", 1.4)):
            areas[f"{key}_infeasible{end}"] = best * share * factor
        areas[f"score_{key}"] = best * share / 6
        areas[f"{key}_download_fails"], areas[f"{key}_upload_fails"] = best * share * 0.3, best * share * 0.7
    areas["score_need"], areas["score_alternative"] = np.linspace(5, 90, count), np.linspace(80, 3, count)
    areas["premises_0_2"], areas["premises_2_10"] = 5.0, 20.0
    areas["premises_10_plus"] = 595.0 - 25
    areas["official_name"] = [f"Westshire 00{number}A" for number in range(count)]
    areas["ward_name"], areas["rural_urban"] = "Upper Vale", "Rural village"
    areas["residents"], areas["people"], areas["people_estimated"] = np.nan, best * 2.4, True
    areas["value_rail_station"] = np.linspace(1, 9, count)
    areas["separable"] = True
    weights = scoring.Weights()
    parts = scoring.contributions(areas, weights=weights)
    areas["score"] = scoring.score(areas, weights=weights)
    areas[list(parts.columns)] = parts
    poor = areas.index == codes[4]
    figures = [c for c in areas if "infeasible" in c or c.startswith(("score", "part_")) or c.endswith("_fails")]
    areas.loc[poor, "status"], areas.loc[poor, "premises_unknown"] = NOT_ENOUGH, 200.0
    areas.loc[poor, figures] = np.nan
    areas["severity_rank"] = severity_rank(areas["score"])
    areas["scale_rank"] = severity_rank(areas["people"])
    more = [column for column in RANKING_COLUMNS if column not in areas and column != areas.index.name]
    return areas.assign(**dict.fromkeys(more, np.nan))


def manifest(areas: gpd.GeoDataFrame, **changes: Any) -> Manifest:
    scored = areas["status"].eq("scored")
    left_out = int(areas.loc[~scored, "premises"].sum())
    made = {
        "study": "Two shires",
        "created": "2026-03-01T09:00:00Z",
        "method_version": "1",
        "fingerprint": "0" * 64,
        "sources": [{"name": "Coverage", "file": "a.csv", "sha256": "0", "rows": 2, "release": "July 2025",
                     "licence": "Open Government Licence v3.0", "publisher": "Ofcom",
                     "attribution": "Contains Ofcom data"}],
        "premises": {"in": int(areas["premises"].sum()), "scored": int(areas.loc[scored, "premises"].sum()),
                     "excluded": {NOT_ENOUGH: left_out} if left_out else {}},
        "areas": {"in": len(areas), "scored": int(scored.sum()), "excluded": {NOT_ENOUGH: 1} if left_out else {}},
        "counts_fwa": False,
        "counts_mobile": False,
        "modelled": ["Premises in each band are modelled."],
        "geography": "lsoa11",
        "release": "July 2025",
        "basis": "availability",
        "coverage_modelled": True,
        "districts": [{"code": "E06000001", "name": "Westshire", "separable": True},
                      {"code": "E06000002", "name": "Eastshire", "separable": True}],
        "weights": {"remote": 0.25, "digital": 0.25, "need": 0.25, "alternative": 0.25},
        "aggregation": "geometric",
        "bands": [{"column": c, "label": label, "low": low, "high": high} for c, label, low, high in BANDS],
        "indicators": [{"column": "value_rail_station", "key": "rail_station", "label": "Rail station", "unit": "km",
                        "dimension": "alternative", "good": [0], "bad": [9.66], "source": "NaPTAN", "proxy": True}],
        "dimensions_absent": [],
        "replace_with": "To replace it, run: python -m connectivity build STUDY.toml --out DIR",
        "warnings": [],
    }  # fmt: skip
    return hand_manifest(**made | changes)


def write(folder: Path, **changes: Any) -> Path:
    """Write the two shires as a build without draws."""

    def make(place: Path) -> None:
        areas = squares()
        for column in changes.get("dimensions_absent", ()):
            areas[f"score_{column}"] = np.nan
            areas[f"part_{column}"] = 0.0
        write_outputs(place, areas=areas, manifest=manifest(areas, **changes))

    return write_again(folder, make, changes)


def council_figure_only(folder: Path) -> None:
    """Change a written build to one where the small areas of Eastshire cannot be told apart, as a build writes it."""
    areas = gpd.read_parquet(folder / AREAS).set_index("area_code")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    alike = areas["district_name"].eq("Eastshire")
    areas.loc[alike, "separable"], areas.loc[alike, "status"] = False, NOT_TOLD_APART
    scored = areas["status"].eq("scored")
    areas["severity_rank"] = severity_rank(areas["score"].where(scored))
    areas["scale_rank"] = severity_rank(areas["people"].where(scored))
    for column in {"rank_median", "rank_p05", "rank_p95"} & set(areas):
        areas[column] = areas[column].where(scored)
    if "tier" in areas:
        areas.loc[alike, "tier"] = "alike"
    manifest["districts"][1]["separable"] = False
    for unit, counts in (("areas", scored), ("premises", areas["premises"].where(scored, 0))):
        manifest[unit]["scored"] = int(counts.sum())
        manifest[unit]["excluded"][NOT_TOLD_APART] = int((alike if unit == "areas" else areas["premises"][alike]).sum())
    write_outputs(folder, areas=areas, manifest=Manifest.model_validate_json(json.dumps(manifest)))


def write_again(folder: Path, make: Callable[[Path], None], *differs: object) -> Path:
    """Write the files that a function makes in an empty folder, which it does once for all that it may differ by."""
    key = repr((make.__module__, make.__qualname__, differs))
    if key not in _WRITTEN:
        with tempfile.TemporaryDirectory() as empty:
            make(Path(empty))
            _WRITTEN[key] = {path.name: path.read_bytes() for path in Path(empty).iterdir()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _WRITTEN[key].items():
        (folder / name).write_bytes(content)
    return folder


@cache
def components() -> BidiComponentManager:
    """Search what is installed for components, once, as a server does: an app under test would do so each time."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


def served(sent: dict[str, Any]) -> Any:
    """Read what a component was given the address of."""
    path = STATIC / sent["at"].split("/app/static/")[1]
    return json.loads(path.read_text(encoding="utf-8"))


class Reader:
    """Someone who opens a page and reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at: AppTest | None = None

    def open(self, page: str = "where", **query: str) -> Reader:
        self.at = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        self.at._bidi_component_manager = components()
        # As a link does. `switch_page` knows a page only after the app has run once on its first page.
        self.at._page_hash = "" if page == contents.FIRST_PAGE else calc_hash(page)
        for name, value in query.items():
            self.at.query_params[name] = value
        self.at.run()
        return self

    @property
    def marked(self) -> str:
        """Everything shown through st.html, without the stylesheet."""
        made = [element.proto.body for element in self.at.get("html")]
        return "\n".join(body for body in made if not body.startswith("<style"))

    @property
    def html(self) -> str:
        """The same as sentences stand: a term is its word, without the button and the note that explain it."""
        plain = re.sub(
            r'<button [^>]*class="ns-term"[^>]*>(.*?)</button><span class="ns-means".*?</span>', r"\1", self.marked
        )
        return re.sub(r'<span class="ns-held">(.*?)</span>', r"\1", plain)

    @property
    def query(self) -> dict[str, str]:
        """The query string as it is now."""
        return {k: v[0] if isinstance(v, list) else v for k, v in self.at.query_params.items()}

    def data(self, name: str) -> dict[str, Any]:
        """What was sent to a component of the second kind."""
        for element in self.at.get("bidi_component"):
            if name in element.proto.component_name:
                told = json.loads(element.proto.json)
                return {**told, "rows": served(told["rows"])} if isinstance(told.get("rows"), dict) else told
        raise AssertionError(f"no component {name}")

    @property
    def map_said(self) -> dict[str, Any]:
        """What the map was told to show."""
        return self.data("notspot_plate_say")

    @property
    def painted(self) -> dict[str, tuple[int, str]]:
        """Class and sentence of each area that is on show on the map, by its code."""
        said = self.map_said
        (sent,) = [
            json.loads(element.proto.json)
            for element in self.at.get("bidi_component")
            if element.proto.component_name.endswith("notspot_plate")
        ]
        codes, says = served(sent["shapes"])["codes"], served(said["says"])
        kinds = [UNKNOWN if kind == str(len(PAINTS) - 1) else int(kind) for kind in said["kinds"]]
        sentences = [says["says"][number] for number in says["of"]]
        rows = zip(codes, kinds, sentences, strict=True)
        return {code: (kind, words) for code, kind, words in rows if kind != OUTSIDE}
