"""The printed files of a pack: page one, the report, the map and the picture for the press.

Documents are PDF/A-3a and PDF/UA-1: they can be kept, read aloud and searched, and the pack's table lies inside them.
All words come from a pack's content: the templates beside this file add labels. Names are data there, never typst
source.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from connectivity.claims.about_certainty import QUESTION, READINGS, reading
from connectivity.claims.about_packs import Reader
from connectivity.claims.claim import Sentence
from connectivity.evidence.pack_content import Head, PackContent, PackSection, PackTable
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_tables import TABLE, table_files
from connectivity.evidence.typefaces import PrintedTypefaces, printed_typefaces
from connectivity.maps.base_map import BASE_MAP, NO_BASE
from connectivity.maps.print_map import (
    MapBox,
    MapGround,
    class_picture,
    drawn_map,
    map_ground,
    map_sheet,
    symbol_picture,
)
from connectivity.maps.symbology import DISCS
from connectivity.published_sources import licences
from layers.errors import OutputError
from layers.ledger import SourceUse

BRIEF, REPORT, MAP, MAP_PICTURE, PRESS_PICTURE = "brief.pdf", "report.pdf", "map.svg", "map.png", "press.png"
TEMPLATES = Path(__file__).with_name("templates")
LOGO = Path(__file__).parents[2] / "static" / "logo.svg"
STANDARDS = ["a-3a", "ua-1"]
SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7)
"""How large page one is set, from the largest: the first with which it is one page (assumption: steps worth a try)."""
BRIEF_MAP, REPORT_MAP, PRESS_MAP = MapBox(302, 245, 14), MapBox(482, 400, 30), MapBox(470, 661, 0, furniture=False)
"""Points, as the templates show them."""
PICTURE_PPI, SCREEN_PPI, SHOWN_PPI = 288.0, 72.0, 110.0
LONGEST_NAME, LONGEST_RUNNING = 64, 70
"""Characters of a name in a row of page one and in running lines; the report has it whole."""
FIGURE = re.compile("[0-9]")
"""Counts as the widest figure, so that two rows of one length have one width."""
UNBROKEN = re.compile(r"\S{30}(?=\S)")
"""So many letters without a space may be broken: no line of a document is wider than its page."""

MARKS = {said.cell: said.mark for said in READINGS.values()}
"""The symbol that stands before each answer to how sure a place is."""
SYMBOL_WIDE = 1.4
"""Ems that a symbol and the space behind it take."""
TABLE_SIZES, TABLE_WIDE, INSETS = (8.8, 8.2, 7.6, 7.1, 6.6), 481.0, 8.0
"""Sizes of a table's letters in points, from the largest; how wide a table is; what each column has for its edges."""
UNBROKEN_WIDE = 10.5
"""Ems up to which a number, and how sure it is, stays on one line."""
MOST_WIDE, HEAD_LINES, ENOUGH = 15.0, 3.4, 0.75
"""Ems a column asks for at most; lines a head may take; what share of what columns ask for beyond their longest words
is enough, so that the letters need not be smaller (assumptions, looked at)."""
KICKERS: Mapping[Reader, tuple[str, str]] = {
    "board": ("Brief for the board", "Report for the board"),
    "committee": ("Brief for the committee", "Report for the committee"),
    "minister": ("Brief for the minister", "Report for the minister"),
    "press": ("Brief for the press", "Report for the press"),
}
"""What page one and the report are called, by reader."""
WORDS = {
    "ask": "What we ask",
    "sure": "How sure we are",
    "not_shown": "What this does not show",
    "answers": "If someone says …",
    "place": "Place",
    "could_be": "Could be",
    "ranks": "Ranks between",
    "question": QUESTION,
    "sources": "Sources",
    "checks": "How to check this",
    "use": "Who answers for this, and until when",
    "form": "What a person supplies",
    "what": "What",
    "given": "Given",
    "every_area": "Every small area",
    "contents": "Contents",
    "page": "Page",
    "of": "of",
    "decided": "To be decided by:",
    "empty": "to be filled in",
    "replaced": "A character that our typefaces lack is shown by its number, such as \\u4e2d.",
}
"""Labels: nothing here holds a figure."""
PERSONS = {
    "organisation": "Submitted by",
    "standing": "Standing",
    "recommendation": "Recommendation",
    "contact": "Contact",
    "decided_by": "To be decided by",
    "expires": "Use until",
    "analyst": "Analyst",
    "checked_by": "Checked by",
}
"""What only a person can supply, as the form names it."""


def brief_files(source: PackSource) -> Mapping[str, bytes]:
    """Make page one as a PDF with the place's table inside; it is one page, however long the names."""
    return _Press(source).brief_files()


def page_one_picture(source: PackSource) -> bytes:
    """Make page one as a picture for a screen, PNG, as `brief_files` prints it."""
    press = _Press(source)
    return press.png("brief", press.brief(), ppi=SHOWN_PPI)


def report_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the whole report as a PDF with the place's table inside."""
    return _Press(source).report_files()


def picture_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the map as a drawing and a picture of its own, and the picture for the press, 1,200 by 675 pixels."""
    return _Press(source).picture_files()


class _Made:
    """A PDF as typst made it, with the first cell of every row made its heading, and how many pages it has."""

    def __init__(self, content: bytes) -> None:
        import pikepdf  # noqa: PLC0415 - 0.1 s that only documents pay

        with pikepdf.open(io.BytesIO(content)) as document:
            self.pages = len(document.pages)
            _set_row_headers(document)
            written = io.BytesIO()
            document.save(
                written,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
        self.content = written.getvalue()


class _Press:
    """What the printed files of one pack share: its letters, its ground and its words, fit to be set."""

    def __init__(self, source: PackSource) -> None:
        self.source = source
        self.letters: PrintedTypefaces = printed_typefaces()
        self.ground = _ground(source)
        self.content: dict[str, Any] = {}
        self._replaced = False
        words = source.content
        self.content = {
            name: self._set(getattr(words, name))
            for name in (
                *("title", "stamp", "tags", "headline", "beneath", "asks", "sure", "not_shown", "worst_title"),
                *("worst_note", "answers", "map_title", "map_said", "map_key", "press", "sources", "checks"),
                *("revisions", "next_update"),
            )
        }
        self.person = self._set(asdict(words.person))

    def _set(self, value: Any) -> Any:  # noqa: ANN401 - text, or whatever holds some
        """Return words as the typefaces have them, sentences in parts; remember whether any letter was missing."""
        if isinstance(value, Sentence):
            parts = {part: self._set(str(getattr(value, part))) for part in ("before", "marked", "rest")}
            return parts | {"whole": self._set(str(value))}
        if isinstance(value, str):
            shown = self.letters.printable(value)
            self._replaced |= shown.count("\\") > value.count("\\")
            return UNBROKEN.sub(lambda run: f"{run[0]}\u200b", shown)
        if isinstance(value, Mapping):
            return {key: self._set(one) for key, one in value.items()}
        return [self._set(one) for one in value]

    def head(self, *, report: bool = False) -> dict[str, Any]:
        """Give what every document begins with."""
        content = self.source.content
        day = date.fromisoformat(content.date[:10])
        subject = self._set(content.subject.title)
        return {
            **self.content,
            "person": self.person,
            "author": self.person["organisation"] or "Notspot",
            "date": [day.year, day.month, day.day],
            "running": _shortened(subject, LONGEST_RUNNING),
            "release": self._set(content.basis.release),
            "stamp_short": _shortened(self.content["stamp"], LONGEST_RUNNING),
            "logo": LOGO.read_text(encoding="utf-8"),
            "symbols": {mark: symbol_picture(mark) for mark in DISCS},
            "marks": MARKS,
            "legend": [{"swatch": class_picture(kind), "words": words} for kind, words in self.ground.labels],
            "words": WORDS
            | {"kicker": KICKERS[content.reader][report], "credit": self.credit()}
            | {"count": content.basis.unit.capitalize()},
        }

    def brief_files(self) -> dict[str, bytes]:
        """Make page one."""
        made = self.pdf("brief", self.brief())
        if made.pages == 1:
            return {BRIEF: made.content}
        raise OutputError(
            "Page one does not fit on one page.",
            file=BRIEF,
            expected="words that fit on a page of A4 in small letters",
            found=f"{made.pages} pages",
            next_step="shorten what was filled in, or choose fewer places",
        )

    def report_files(self) -> dict[str, bytes]:
        """Make the report."""
        return {REPORT: self.pdf("report", self.report()).content}

    def picture_files(self) -> dict[str, bytes]:
        """Make the maps and the picture for the press."""
        drawn, head = self.sheet(), self.head()
        return {
            MAP: drawn.encode(),
            MAP_PICTURE: self.png("picture", head | {"map": drawn}, ppi=PICTURE_PPI),
            PRESS_PICTURE: self.png("press", head | self.card(), ppi=SCREEN_PPI),
        }

    @cached_property
    def attached(self) -> dict[str, str]:
        """Give the pack's own table, to be put inside a document."""
        text = table_files(self.source)[TABLE].decode()
        return {"name": TABLE, "text": text, "words": self._set(self.source.content.every_area.caption)}

    def brief(self) -> dict[str, Any]:
        """Give all that page one says."""
        content = self.source.content
        rows = [
            {
                **self._set({name: getattr(one, name) for name in ("count", "could_be", "ranks", "said")}),
                "name": _shortened(self._set(one.name), LONGEST_NAME),
                **{end: getattr(one, end) for end in ("low", "best", "high")},
                "mark": reading(one.tier).mark if one.tier else "",
            }
            for one in content.worst
        ]
        signed = [(PERSONS[key], self.person[key]) for key in ("analyst", "checked_by", "contact", "expires")]
        return self.head() | {
            "scales": SCALES,
            "table": self.attached,
            "map": self.map(BRIEF_MAP),
            "worst": rows,
            "most": max([one.high for one in content.worst] or [1.0]) * 1.02 or 1.0,
            "signed": signed,
            "sources": self._set(self.sources_in_short()),
            "replaced": self._replaced,
        }

    def report(self) -> dict[str, Any]:
        """Give all that the report says."""
        content = self.source.content
        return self.head(report=True) | {
            "table": self.attached,
            "map": self.map(REPORT_MAP),
            "sections": [self.section(one) for one in _parts(content)],
            "replaced": self._replaced,
        }

    def section(self, section: PackSection) -> dict[str, Any]:
        """Give a section of the report."""
        said: dict[str, Any] = self._set({name: getattr(section, name) for name in ("title", "paragraphs", "points")})
        return said | {"pictured": section.pictured, "tables": [self.table(table) for table in section.tables]}

    def table(self, table: PackTable) -> dict[str, Any]:
        """Give a table with how wide each of its columns is beside the others."""
        size, wide = _columns(table, letters=self.letters)
        return {
            "caption": self._set(table.caption),
            "heads": [{"words": self._set(head.words), "number": head.number} for head in table.heads],
            "rows": self._set(table.rows),
            "size": size,
            "wide": wide,
            "note": self._set(table.note),
        }

    def map(self, box: MapBox) -> str:
        """Draw the map for a document."""
        content = self.source.content
        return drawn_map(self.ground, box, letters=self.letters, title=content.map_title, description=content.map_said)

    def sheet(self) -> str:
        """Draw the map that stands alone."""
        content = self.source.content
        said, place = content.map_title, content.subject.title
        return map_sheet(
            self.ground,
            letters=self.letters,
            title=said if place in said else f"{place}: {said[:1].lower()}{said[1:]}",
            description=content.map_said,
            above=(content.stamp, f"{content.basis.release}. {' '.join(content.tags)}".strip()),
            below=(content.map_key, self.credit()),
        )

    def card(self) -> dict[str, Any]:
        """Give what the picture for the press shows beside the pack's head."""
        tags = [f"{one.rstrip('.')}." for one in self.content["tags"]]
        return {
            "map": self.map(PRESS_MAP),
            "foot": " ".join([*tags, self._set(_thanks(self.used("ofcom", "boundaries")))]),
        }

    def used(self, *kinds: str) -> list[SourceUse]:
        """Return the sources of some kinds, by how the names of these begin."""
        return [one for one in self.source.build.manifest.sources if (one.kind).startswith(kinds)]

    def sources_in_short(self) -> list[str]:
        """Name the sources without the licence of each, and then all licences and whom to thank once."""
        used = self.source.build.manifest.sources
        named = list(self.source.content.sources)
        for licence in {one.licence for one in used if one.licence}:
            named = [one.removesuffix(f"{licence}.").rstrip() for one in named]
        return [*named, _thanks(used)]

    def credit(self) -> str:
        """Say whose shapes and names the map is made of."""
        used = self.used("boundaries", "settlements", "gazetteer")
        missing = NO_BASE if self.ground.base["missing"] else ""
        return str(self._set(" ".join(filter(None, (missing, _thanks(used))))))

    def pdf(self, template: str, data: Mapping[str, Any]) -> _Made:
        """Compile a document."""
        return _Made(self._compiled(template, data, format="pdf", pdf_standards=STANDARDS))

    def png(self, template: str, data: Mapping[str, Any], *, ppi: float) -> bytes:
        """Compile a picture."""
        return self._compiled(template, data, format="png", ppi=ppi)

    def _compiled(self, template: str, data: Mapping[str, Any], **form: Any) -> bytes:  # noqa: ANN401 - typst's own
        import typst  # noqa: PLC0415 - 80 MB that only documents need

        text = "".join((TEMPLATES / f"{name}.typ").read_text(encoding="utf-8") for name in ("shared", template))
        fonts = typst.Fonts(False, False, [str(self.letters.folder)])  # noqa: FBT003 - neither the system's nor its own
        said = json.dumps(data, ensure_ascii=False, allow_nan=False)
        try:
            made, warnings = typst.Compiler(
                text.encode(), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": said}
            ).compile_with_warnings(**form)
        except typst.TypstError as error:
            raise _refused(template, str(error)) from error
        if warnings:
            raise _refused(template, "; ".join(str(one) for one in warnings))
        if not isinstance(made, bytes):
            raise _refused(template, "more pictures than one")
        return made


def _thanks(used: Sequence[SourceUse]) -> str:
    """Name whom to thank and under which licence, once each; nothing where no source asks for it."""
    return licences([one for one in used if one.attribution or one.licence]).lstrip(".")


def _parts(content: PackContent) -> list[PackSection]:
    """Return the sections of the report, with those that every report has and a content may leave to its makers."""
    known = {one.key: one for one in content.sections}
    form = PackTable(
        "form",
        WORDS["form"],
        (Head(WORDS["what"]), Head(WORDS["given"])),
        tuple((words, getattr(content.person, key) or WORDS["empty"]) for key, words in PERSONS.items()),
    )
    said = {table.rows for one in content.sections for table in one.tables}
    more = (
        PackSection("sources", WORDS["sources"], points=content.sources),
        PackSection("checks", WORDS["checks"], points=content.checks),
        PackSection("use", WORDS["use"], (content.revisions, content.next_update), tables=(form,)),
    )
    annex = PackSection("every_area", WORDS["every_area"], tables=(content.every_area,))
    return [
        *(one for one in content.sections if one.key != "use"),
        *(known.get(one.key, one) for one in more if one.key == "use" or one.key not in known),
        *(() if content.every_area.rows in said else (annex,)),
    ]


def _ground(source: PackSource) -> MapGround:
    """Return what the map draws; several places are named on it."""
    try:
        base = json.loads((source.folder / BASE_MAP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        base = {"land": {"shapes": []}, "built": {"shapes": []}, "places": [], "missing": NO_BASE}
    places = source.content.subject.places
    several = {one.name: list(one.shares.index) for one in places} if len(places) > 1 else {}
    return map_ground(
        source.build.areas,
        place=list(source.areas.index),
        base=base,
        unit=source.content.basis.unit,
        named=several,
    )


def _refused(template: str, found: str) -> OutputError:
    return OutputError(
        "A document of the pack cannot be made.",
        file=f"{template}.typ",
        expected="a document that typst makes without a warning",
        found=found[:300],
        next_step="report it with this message; the other files of the pack do not depend on it",
    )


def _set_row_headers(document: Any) -> None:  # noqa: ANN401 - pikepdf is imported where it is needed
    """Make the first cell of every row of a table its heading, which typst 0.15 cannot."""
    from pikepdf import Array, Dictionary, Name  # noqa: PLC0415 - as above

    for found in document.objects:
        if not isinstance(found, Dictionary) or found.get("/S") != Name.TR:
            continue
        inside = found.get("/K")
        cells = [one for one in (inside if isinstance(inside, Array) else [inside]) if isinstance(one, Dictionary)]
        first = next((one for one in cells if one.get("/S") in (Name.TD, Name.TH)), None)
        if first is None or first.S == Name.TH:
            continue
        first.S = Name.TH
        known = first.get("/A")
        kept = list(known) if isinstance(known, Array) else [] if known is None else [known]
        of_tables = next((one for one in kept if one.get("/O") == Name.Table), None)
        if of_tables is None:
            first.A = Array([*kept, Dictionary(O=Name.Table, Scope=Name.Row)])
        else:
            of_tables.Scope = Name.Row


def _shortened(words: str, most: int) -> str:
    """Cut words that are too long, and show that they were.

    >>> _shortened("Ryme Intrinseca", 10)
    'Ryme Intr…'
    """
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _columns(table: PackTable, *, letters: PrintedTypefaces) -> tuple[float, list[float]]:
    """Return the size of a table's letters, and how wide each column is, in ems: no word of a column is wider than it.

    Parameters
    ----------
    table
        Its heads say which columns hold numbers.
    letters
        What they are set in.
    """
    least, wanted = [], []
    for at, head in enumerate(table.heads):
        rows = [row[at] for row in table.rows]
        cells = sorted(letters.width(FIGURE.sub("4", cell)) + SYMBOL_WIDE * (cell in MARKS) for cell in rows)
        words = [letters.width(word) for cell in (head.words, *rows) for word in UNBROKEN.sub(r"\g<0> ", cell).split()]
        whole = [one for one in cells if one <= UNBROKEN_WIDE]  # a number, and how sure it is, is best on one line
        least.append(max([*words, *(whole if head.number or MARKS.keys() & set(rows) else ()), 1.0]))
        usual = cells[math.ceil(0.9 * len(cells)) - 1] if cells else 0.0
        wanted.append(max(least[-1], min(usual, MOST_WIDE), letters.width(head.words) / HEAD_LINES))
    for size in TABLE_SIZES:
        left = TABLE_WIDE / size - len(least) * INSETS / size - sum(least)
        more = sum(wanted) - sum(least)
        given = -1.0 if left < 0 else left / more if more > 0 else 1.0
        if given >= ENOUGH or size == TABLE_SIZES[-1]:
            share = min(max(given, 0.0), 1.0)
            return size, [
                round(low + (high - low) * share + INSETS / size, 2) for low, high in zip(least, wanted, strict=True)
            ]
    raise AssertionError(TABLE_SIZES)
