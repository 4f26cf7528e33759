"""What somebody might do to a pack: alter one value in one file, and hash it again so that the record agrees."""

from __future__ import annotations

import io
import json
import math
import random
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import pikepdf
import pyarrow as pa
import pyarrow.parquet as pq

from connectivity.evidence.crate import CRATE
from connectivity.evidence.pack_archive import PROVENANCE, SIGNATURE
from connectivity.evidence.provenance import canonical, digest_of, sha256_of

Files = Mapping[str, bytes]
TEXTS = (".csv", ".json", ".svg", ".html", ".geojson", ".txt", ".sig")
IN_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"\s*:\s*(?:"((?:[^"\\]|\\.)+)"|(-?[0-9][0-9.eE+-]*))')
LETTER = re.compile(rb"[0-9A-Za-z]")


def hashed_again(files: Files) -> dict[str, bytes]:
    """Write into crate and record the sizes and hashes that the files have now, as whoever forges a pack would."""
    try:
        crate = json.loads(files[CRATE])
        for entry in crate["@graph"]:
            if "contentSize" in entry:
                entry["contentSize"] = str(len(files[entry["@id"]]))
        files = {**files, CRATE: json.dumps(crate, ensure_ascii=False, indent=1).encode() + b"\n"}
    except (ValueError, KeyError):
        pass  # the crate itself was altered
    record = json.loads(files[PROVENANCE])
    for one in record["files"]:
        one["sha256"], one["size"] = sha256_of(files[one["name"]]), len(files[one["name"]])
    record["digest"] = digest_of(record)
    return {**files, PROVENANCE: canonical(record)}


def altered(files: Files, name: str, *, chance: random.Random) -> tuple[dict[str, bytes], str]:
    """Alter one value of a file; give all files, and say what was done."""
    ending = PurePosixPath(name).suffix
    content = files[name]
    if ending == ".parquet":
        new, said = _cell(content, chance)
    elif ending in TEXTS:
        new, said = _letter(content, chance, json_values=ending in (".json", ".geojson"))
    elif ending in (".docx", ".xlsx"):
        new, said = _part(content, chance)
    else:
        new, said = {".pdf": _page, ".png": _pixel, ".gpkg": _row}[ending](content, chance)
    if new == content:
        raise AssertionError(f"{name} is as it was: {said}")
    return {**files, name: new}, f"{name}: {said}"


def other(letter: str, chance: random.Random) -> str:
    """Give another digit for a digit, another letter for a letter."""
    pool = "0123456789" if letter.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return chance.choice([one for one in pool if one != letter.lower()])


def _letter(content: bytes, chance: random.Random, *, json_values: bool) -> tuple[bytes, str]:
    spans = [(m.start(m.lastindex), m.end(m.lastindex)) for m in IN_JSON.finditer(content)] if json_values else []
    start, end = chance.choice(spans) if spans else (0, len(content))
    places = [start + m.start() for m in LETTER.finditer(content[start:end])]
    if not places:
        places = [m.start() for m in LETTER.finditer(content)]
    place = chance.choice(places)
    new = other(chr(content[place]), chance).encode()
    return content[:place] + new + content[place + 1 :], f"byte {place} is {new.decode()}"


def _cell(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    table = pq.read_table(io.BytesIO(content))
    column, row = chance.choice(table.column_names), chance.randrange(table.num_rows)
    values = table[column].to_pylist()
    position = table.column_names.index(column)
    field = table.schema.field(column)
    blank = {pa.bool_(): True, pa.int64(): 1, pa.float64(): 1.0}.get(field.type, "x")
    values[row] = blank if values[row] is None else _other_value(values[row], chance)
    new = table.set_column(position, field, pa.array(values, type=field.type))
    made = io.BytesIO()
    pq.write_table(new.replace_schema_metadata(table.schema.metadata), made)
    return made.getvalue(), f"{column} of row {row} is {str(values[row])[:40]}"


def _other_value(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 - whatever a cell holds
    known = not (value is None or value == "" or (isinstance(value, float) and math.isnan(value)))
    if isinstance(value, bool):
        new: Any = not value
    elif isinstance(value, int):
        new = value + chance.choice((-1, 1))
    elif isinstance(value, float) and known:
        text = f"{value:.6g}"
        place = chance.choice([place for place, one in enumerate(text.partition("e")[0]) if one.isdigit()])
        new = float(text[:place] + other(text[place], chance) + text[place + 1 :])
    elif isinstance(value, bytes):  # an outline: its last coordinate, by a metre
        new = value[:-8] + struct.pack("<d", struct.unpack("<d", value[-8:])[0] + 1)
    elif isinstance(value, str) and known:
        place = chance.randrange(len(value))
        new = value[:place] + other(value[place], chance) + value[place + 1 :]
    else:
        new = 1.0 if isinstance(value, float) else "x"
    return new


def _part(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.infolist()}
    texts = [entry for entry, part in entries.items() if re.search(rb">[^<]*[0-9A-Za-z][^<]*<", part)]
    chosen = chance.choice(texts)
    spans = [m.span(1) for m in re.finditer(rb">([^<]*[0-9A-Za-z][^<]*)<", entries[chosen])]
    start, end = chance.choice(spans)
    new, said = _letter(entries[chosen][start:end], chance, json_values=False)
    entries[chosen] = entries[chosen][:start] + new + entries[chosen][end:]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for entry, part in entries.items():
            archive.writestr(entry, part, compresslevel=6)
    return made.getvalue(), f"{chosen.filename}: {said}"


def _page(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    with pikepdf.open(io.BytesIO(content)) as document:
        page = chance.choice(list(document.pages))
        parts = list(pikepdf.parse_content_stream(page))
        shown = [n for n, one in enumerate(parts) if str(one.operator) in ("Tj", "TJ")]
        number = chance.choice(shown)
        operands = list(parts[number].operands)
        if str(parts[number].operator) == "TJ":
            listed = list(operands[0])
            place = next(n for n, one in enumerate(listed) if isinstance(one, pikepdf.String))
            text = bytearray(bytes(listed[place]))
            text[-1] ^= 1
            listed[place] = pikepdf.String(bytes(text))
            operands = [pikepdf.Array(listed)]
        else:
            text = bytearray(bytes(operands[0]))
            text[-1] ^= 1
            operands = [pikepdf.String(bytes(text))]
        parts[number] = pikepdf.ContentStreamInstruction(operands, parts[number].operator)
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(parts))
        made = io.BytesIO()
        document.save(made)
    return made.getvalue(), f"a letter of string {number} of a page"


def _pixel(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Alter one byte of a picture's pixels."""
    start, parts, packed = 8, [], b""
    while start < len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        kind, body = content[start + 4 : start + 8], content[start + 8 : start + 8 + length]
        packed += body if kind == b"IDAT" else b""
        parts.append((kind, body))
        start += 12 + length
    pixels = bytearray(zlib.decompress(packed))
    place = chance.randrange(1, len(pixels))
    pixels[place] ^= 8
    first = next(n for n, (kind, _) in enumerate(parts) if kind == b"IDAT")
    parts = [part for n, part in enumerate(parts) if n <= first or part[0] != b"IDAT"]
    parts[first] = (b"IDAT", zlib.compress(bytes(pixels)))
    made = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return content[:8] + made, f"pixel byte {place}"


def _row(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    table, key = database.execute(
        "SELECT table_name, column_name FROM gpkg_geometry_columns ORDER BY table_name"
    ).fetchone()
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[1] not in (key, "fid")]
    rows = [row[0] for row in database.execute(f'SELECT fid FROM "{table}"')]  # noqa: S608 - our own file
    column, row = chance.choice(columns), chance.choice(rows)
    (value,) = database.execute(f'SELECT "{column}" FROM "{table}" WHERE fid = ?', (row,)).fetchone()  # noqa: S608 - as above
    for trigger in [one[0] for one in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
        database.execute(f'DROP TRIGGER "{trigger}"')  # they call functions of GDAL's
    new = _other_value(value, chance)
    database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE fid = ?', (new, row))  # noqa: S608 - as above
    database.commit()
    made = database.serialize()
    database.close()
    return made, f"{column} of row {row}"


def evidence_cell(files: Files, change: Callable[[pd.DataFrame], None]) -> dict[str, bytes]:
    """Alter the evidence of a pack as a table, and hash it again."""
    name = "study/evidence.parquet"
    table = pd.read_parquet(io.BytesIO(files[name]))
    change(table)
    made = io.BytesIO()
    table.to_parquet(made, index=False)
    return hashed_again({**files, name: made.getvalue()})


def unsigned(files: Files) -> dict[str, bytes]:
    """Take the signature away."""
    return {name: content for name, content in files.items() if name != SIGNATURE}


def repacked(content: bytes) -> bytes:
    """Zip the parts of an Office file anew, without packing them: other bytes that say the same."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as new:
        for entry in archive.infolist():
            new.writestr(entry.filename, archive.read(entry))
    return made.getvalue()
