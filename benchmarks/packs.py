"""Evidence packs in processor time: page one, a council's pack, the whole study's, and `verify` of each.

Beside page one stands the obvious way to such a page: the same words as HTML, printed by weasyprint, with the map by
`GeoDataFrame.plot`. Left out with the reason where weasyprint or matplotlib is absent: the project needs neither.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from benchmarks.measuring import DEMO, Result, alone, comparison, cpu_of, target
from connectivity.build import build
from connectivity.evidence.pack_content import PersonsPart
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_pdf import brief_files
from connectivity.evidence.pack_places import pack_subject, read_build_for_pack
from connectivity.evidence.packing import PackOrder, study_files, words_of

COUNCIL = "Dorset"
BRIEF, COUNCIL_PACK, STUDY_PACK, VERIFY_COUNCIL, VERIFY_STUDY = 0.5, 4.0, 9.0, 8.0, 14.0
"""Targets of the project in seconds of the processor: page one without what has to be imported and read."""
PEERS = ("weasyprint", "matplotlib")


def ours(demo: Path) -> float:
    """Give the processor's seconds in which we set page one, the second time."""
    source = _source(demo)
    return _second_time(lambda: brief_files(source))


def theirs(demo: Path) -> float:
    """Give those of the obvious way to the same page, the second time."""
    source = _source(demo)
    return _second_time(lambda: _obvious_page(source))


def _source(demo: Path) -> PackSource:
    made = read_build_for_pack(demo)
    order = PackOrder(pack_subject([COUNCIL], build=made, folder=demo), "board", PersonsPart())
    return PackSource(made, demo, words_of(study_files(demo, order=order), build=made, folder=demo, order=order))


def _second_time(work: Callable[[], object]) -> float:
    """Time what is done once before: the first time reads typefaces and libraries."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start


def _obvious_page(source: PackSource) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - a library that only this needs

    mpl.use("agg")
    import weasyprint  # noqa: PLC0415 - same

    content, picture = source.content, io.BytesIO()
    axes = source.areas.plot(column="remote_infeasible", legend=True, figsize=(6, 5))
    axes.set_axis_off()
    axes.figure.savefig(picture, dpi=150)
    mpl.pyplot.close(axes.figure)
    drawn = base64.b64encode(picture.getvalue()).decode()
    rows = [f"<tr><th>{escape(one.name)}<td>{one.count}<td>{one.could_be}" for one in content.worst]
    said = (
        *content.beneath,
        *content.asks,
        *content.sure,
        *content.not_shown,
        *(" ".join(one) for one in content.answers),
    )
    words = "".join(f"<p>{escape(one)}</p>" for one in said)
    image = f"<img src='data:image/png;base64,{drawn}' alt='{escape(content.map_said)}'>"
    page = f"<h1>{escape(str(content.headline))}</h1>{image}{words}<table>{''.join(rows)}</table>"
    return bytes(weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"))


def run(*, quick: bool) -> Result:
    """Build the demo, then make and verify packs of it, each in a process of its own.

    Parameters
    ----------
    quick
        Once instead of the median of three, and without the whole study.
    """
    repeat = 1 if quick else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = folder / "demo"
        alone(build, DEMO / "study.toml", out=demo)
        mine = statistics.median(alone(ours, demo)[0] for _ in range(repeat))
        found = {"targets": [target("page one of a council", value=mine, limit=BRIEF, unit="CPU s")]}
        limits = [(COUNCIL, COUNCIL_PACK, VERIFY_COUNCIL), ("study", STUDY_PACK, VERIFY_STUDY)]
        for place, pack, verify in limits[: 1 if quick else 2]:
            out = folder / f"{place}.zip"
            making = ("pack", str(demo), "--place", place, "--for", "board", "--out", str(out), "--quiet")
            made = statistics.median(cpu_of(_command(*making)) for _ in range(repeat))
            checked = statistics.median(cpu_of(_command("verify", str(out), "--quiet")) for _ in range(repeat))
            found["targets"] += [
                target(f"pack of {place}, the command whole", value=made, limit=pack, unit="CPU s"),
                target("verify of that pack, the command whole", value=checked, limit=verify, unit="CPU s"),
            ]
        missing = [peer for peer in PEERS if importlib.util.find_spec(peer) is None]
        if missing:
            return found | {"notes": [f"Beside nothing: {' and '.join(missing)} not installed."]}
        obvious = statistics.median(alone(theirs, demo)[0] for _ in range(repeat))
        beside = comparison("page one", ours=mine, other="weasyprint and matplotlib", theirs=obvious, unit="CPU s")
        return found | {"comparisons": [beside]}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "connectivity", *words]
