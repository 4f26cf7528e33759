"""The part of an ArcGIS map service's language that is needed: a layer of rows that answers queries in pages.

Understood: `where` (`1=1`, `FIELD IN ('A','B')`, `FIELD = 'A'`, `FIELD LIKE 'A%'`, joined by AND), `outFields`,
`orderByFields`, `resultOffset`, `resultRecordCount`, `returnCountOnly`, `returnGeometry`, `f=json` and `f=geojson`.
Errors have status 200, as the real ones.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CONDITION = re.compile(r"(\w+)\s+(IN|LIKE|=)\s+(\(.*?\)|'(?:[^']|'')*')|(\w+)\s*(=)\s*('(?:[^']|'')*')", re.IGNORECASE)
QUOTED = re.compile(r"'((?:[^']|'')*)'")
OID = "esriFieldTypeOID"


@dataclass
class Layer:
    """A layer: GeoJSON features with properties, or plain rows.

    Parameters
    ----------
    rows
        GeoJSON features, or mappings of column to value.
    page
        The most rows the service gives at once.
    object_id
        The name of its object id, which counts from 1 in the order of the rows.
    flag
        Where it says that there are more: "top", "properties" or "nowhere".
    crs
        What a GeoJSON answer declares; None declares nothing.
    stuck
        Gives the first page whatever the offset.
    lose
        So many rows are missing from the pages, though counted.
    uncounted
        So many rows stand in the pages, though not counted.
    """

    rows: Sequence[Mapping[str, Any]]
    page: int = 2_000
    object_id: str = "FID"
    flag: str = "top"
    crs: str | None = "EPSG:27700"
    stuck: bool = False
    lose: int = 0
    uncounted: int = 0
    queries: int = 0
    types: Mapping[str, str] = field(default_factory=dict)

    def about(self) -> dict[str, Any]:
        """Describe the layer."""
        names = list(dict.fromkeys(name for cells, _ in self._all() for name in cells if name != self.object_id))
        fields = [{"name": self.object_id, "type": OID}]
        fields += [{"name": name, "type": self.types.get(name, "esriFieldTypeString")} for name in names]
        return {"objectIdField": self.object_id, "maxRecordCount": self.page, "fields": fields}

    def query(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Answer a query."""
        try:
            found = [(cells, shape) for cells, shape in self._all() if self._fits(cells, asked.get("where", "1=1"))]
        except ValueError as error:
            return {"error": {"code": 400, "message": str(error), "details": []}}
        if asked.get("returnCountOnly") == "true":
            return {"count": len(found) - self.uncounted}
        order = asked.get("orderByFields")
        self.queries += 1
        turn = self.queries % max(len(found), 1)
        # Without an order a database gives rows as it likes: turned on at each query, so that rows repeat.
        found = sorted(found, key=lambda one: one[0][order]) if order else found[turn:] + found[:turn]
        found = found[: len(found) - self.lose]
        start = 0 if self.stuck else int(asked.get("resultOffset", "0"))
        size = min(self.page, int(asked.get("resultRecordCount", str(self.page))))
        more = self.stuck or start + size < len(found)
        names = asked.get("outFields", "*").split(",")
        chosen = [
            ({name: value for name, value in cells.items() if names == ["*"] or name in names}, shape)
            for cells, shape in found[start : start + size]
        ]
        return self._geojson(chosen, more=more) if asked.get("f") == "geojson" else self._json(chosen, more=more)

    def _all(self) -> list[tuple[dict[str, Any], Any]]:
        return [
            ({self.object_id: number, **row.get("properties", row)}, row.get("geometry"))
            for number, row in enumerate(self.rows, start=1)
        ]

    def _fits(self, cells: Mapping[str, Any], where: str) -> bool:
        if where.replace(" ", "") == "1=1":
            return True
        matches = list(CONDITION.finditer(where))
        rest = CONDITION.sub("", where).replace("AND", "").strip()
        if not matches or rest:
            raise ValueError(f"Invalid query parameters: 'where' {where[:80]}")
        for match in matches:
            name, sign, value = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
            if name not in cells:
                raise ValueError(f"Invalid field: {name}")
            texts = [text.replace("''", "'") for text in QUOTED.findall(value)]
            cell = str(cells[name])
            like = sign.upper() == "LIKE" and fnmatch.fnmatchcase(cell, texts[0].replace("%", "*").replace("_", "?"))
            if not (like or (sign.upper() != "LIKE" and cell in texts)):
                return False
        return True

    def _json(self, chosen: list[tuple[dict[str, Any], Any]], *, more: bool) -> dict[str, Any]:
        answer: dict[str, Any] = {"objectIdFieldName": self.object_id, "fields": self.about()["fields"]}
        if more and self.flag != "nowhere":
            answer["exceededTransferLimit"] = True
        return answer | {"features": [{"attributes": cells} for cells, _ in chosen]}

    def _geojson(self, chosen: list[tuple[dict[str, Any], Any]], *, more: bool) -> dict[str, Any]:
        answer: dict[str, Any] = {"type": "FeatureCollection"}
        if self.crs:
            answer["crs"] = {"type": "name", "properties": {"name": self.crs}}
        if more and self.flag == "top":
            answer["exceededTransferLimit"] = True
        if more and self.flag == "properties":
            answer["properties"] = {"exceededTransferLimit": True}
        features = [
            {"type": "Feature", "id": cells.get(self.object_id), "geometry": shape, "properties": cells}
            for cells, shape in chosen
        ]
        return answer | {"features": features}
