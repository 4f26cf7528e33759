"""What a Word file must and must not have, by rules that a machine checks on the finished bytes; a fault is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from connectivity.claims.about_records import ANNEX, ANNEX_ROWS, COMMITTEE_WORDS, CONCLUDING, SUMMARY, WHO
from connectivity.evidence.word_document import LANGUAGE, NUMBERED
from layers.errors import OutputError
from layers.figures import Figure

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
MOST_BYTES = Figure(25_000_000, "bytes", "a file must have fewer", "House of Commons: guide for witnesses")
RUNNING = ("vbaProject", "activeX", "embeddings/", "oleObject", "externalLink", "attachedTemplate", "afchunk")
"""What the name or kind of a part holds that runs, or brings another file."""
FIELDS = {"PAGE", "NUMPAGES"}


class WordFile:
    """The finished bytes of a Word file, taken apart."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            self.parts = {name: held.read(name) for name in held.namelist()}

    def tree(self, part: str) -> Any:  # noqa: ANN401 - lxml has no types
        """Return a part as a tree."""
        from docx.oxml import parse_xml  # noqa: PLC0415 - only who makes a pack needs it

        return parse_xml(self.parts[part])

    @cached_property
    def body(self) -> Any:  # noqa: ANN401 - lxml has no types
        """What is read."""
        return self.tree("word/document.xml").find(f"{W}body")

    @cached_property
    def words(self) -> int:
        """How many words there are in it, tables and headings included."""
        return sum(len(_text(one).split()) for one in self.body.iter(f"{W}p"))

    @cached_property
    def paragraphs(self) -> tuple[WordParagraph, ...]:
        """Paragraphs outside tables, in order, each with the heading it stands under."""
        found, under = [], ""
        for element in self.body.findall(f"{W}p"):
            style = element.find(f"{W}pPr/{W}pStyle")
            named = "Normal" if style is None else style.get(f"{W}val")
            if named == "Heading1":
                under = _text(element)
            number = element.find(f"{W}pPr/{W}numPr/{W}numId")
            listed = "" if number is None else number.get(f"{W}val")
            found.append(WordParagraph(named, _text(element), under, listed))
        return tuple(found)

    @property
    def tables(self) -> list[Any]:
        """Tables, in order."""
        return list(self.body.iter(f"{W}tbl"))


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph: its style, its text, the heading it stands under, and the list that numbers it."""

    style: str
    text: str
    under: str
    listed: str


@dataclass(frozen=True, slots=True)
class WordRule:
    """One rule: what it asks, and what of a file breaks it."""

    key: str
    asks: str
    faults: Callable[[WordFile], Iterator[str]]


def _text(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def _size(file: WordFile) -> Iterator[str]:
    if len(file.content) >= MOST_BYTES.value:
        yield f"{len(file.content):,} bytes"


def _parts(file: WordFile) -> Iterator[str]:
    yield from (name for name in file.parts if any(one.lower() in name.lower() for one in RUNNING))
    for name, content in file.parts.items():
        if name.endswith(".rels"):
            for link in file.tree(name):
                kind, target = link.get("Type", ""), link.get("Target", "")
                if link.get("TargetMode") == "External" or "://" in target or kind.endswith(RUNNING):
                    yield f"{name}: {target}"
        elif name == "[Content_Types].xml" and b"macroEnabled" in content:
            yield name


def _fields(file: WordFile) -> Iterator[str]:
    for name in (one for one in file.parts if one.startswith("word/") and one.endswith(".xml")):
        tree = file.tree(name)
        asked = [one.get(f"{W}instr", "") for one in tree.iter(f"{W}fldSimple")]
        asked += [one.text or "" for one in tree.iter(f"{W}instrText")]
        yield from (f"{name}: {one.strip()}" for one in asked if one.strip() not in FIELDS)
        changes = [*tree.iter(f"{W}ins"), *tree.iter(f"{W}del"), *tree.iter(f"{W}commentReference")]
        yield from (f"{name}: a change or a comment" for _ in changes)


def _language(file: WordFile) -> Iterator[str]:
    for name in ("word/styles.xml", "word/document.xml", "word/settings.xml"):
        tree = file.tree(name)
        for element in (*tree.iter(f"{W}lang"), *tree.iter(f"{W}themeFontLang")):
            if element.get(f"{W}val") != LANGUAGE:
                yield f"{name}: {element.get(f'{W}val')}"
    if f"<dc:language>{LANGUAGE}</dc:language>".encode() not in file.parts["docProps/core.xml"]:
        yield "docProps/core.xml"


def _leftovers(file: WordFile) -> Iterator[str]:
    yield from (name for name in file.parts if name.startswith(("customXml/", "docProps/thumbnail")))
    if b"Microsoft" in file.parts["docProps/app.xml"]:
        yield "docProps/app.xml"


def _pictures(file: WordFile) -> Iterator[str]:
    for drawn in file.body.iter(DRAWN):
        if not drawn.get("descr", "").strip():
            yield drawn.get("name", "a picture")


def _tables(file: WordFile) -> Iterator[str]:
    for at, table in enumerate(file.tables, start=1):
        first = table.find(f"{W}tr/{W}trPr/{W}tblHeader")
        if first is None:
            yield f"table {at} has no heading that repeats"
        if table.find(f"{W}tblPr/{W}tblCaption") is None or table.find(f"{W}tblPr/{W}tblDescription") is None:
            yield f"table {at} has no text for those who hear it"
        if [*table.iter(f"{W}gridSpan"), *table.iter(f"{W}vMerge")]:
            yield f"table {at} has merged cells"


def _headings(file: WordFile) -> Iterator[str]:
    styles = [one.style for one in file.paragraphs]
    if styles[:1] != ["Title"] or styles.count("Title") != 1:
        yield "no title, or more than one"
    levels = [0, *(int(style.removeprefix("Heading")) for style in styles if style.startswith("Heading"))]
    yield from (
        f"a heading of level {below} after one of {above}" for above, below in pairwise(levels) if below > above + 1
    )
    yield from (
        "an empty heading" for one in file.paragraphs if one.style.startswith("Heading") and not one.text.strip()
    )


def _length(file: WordFile) -> Iterator[str]:
    if file.words > COMMITTEE_WORDS.value:
        yield f"{file.words:,} words"


def _summary(file: WordFile) -> Iterator[str]:
    points = [one for one in file.paragraphs if one.under == SUMMARY and one.style == "ListBullet" and one.text.strip()]
    first = next((one.text for one in file.paragraphs if one.style == "Heading1"), "")
    if not points or first != SUMMARY:
        yield "none at its beginning"


def _numbers(file: WordFile) -> Iterator[str]:
    plain = [one for one in file.paragraphs if one.style == "Normal" and one.text.strip() and one.under != SUMMARY]
    lists = {one.listed for one in plain}
    yield from (f"“{one.text[:40]}” has no number" for one in plain if not one.listed and one.under)
    if lists - {NUMBERED, ""}:
        yield f"{len(lists)} lists"
    kinds = {
        one.get(f"{W}numId"): one.find(f"{W}abstractNumId").get(f"{W}val")
        for one in file.tree("word/numbering.xml").findall(f"{W}num")
    }
    if kinds.get(NUMBERED) != NUMBERED:
        yield "the list is not in the file"


def _who(file: WordFile) -> Iterator[str]:
    if not any(one.under == WHO and one.listed and one.text.strip() for one in file.paragraphs):
        yield "nobody is named, and no place is left for it"


def _annex(file: WordFile) -> Iterator[str]:
    under, rows = "", 0
    for element in file.body:
        style = element.find(f"{W}pPr/{W}pStyle")
        if element.tag == f"{W}p" and style is not None and style.get(f"{W}val") == "Heading1":
            under = _text(element)
        elif element.tag == f"{W}tbl" and under == ANNEX:
            rows += len(element.findall(f"{W}tr")) - 1
    if rows > ANNEX_ROWS.value:
        yield f"{rows:,} rows"


def _conclusions(file: WordFile) -> Iterator[str]:
    said = " ".join(_text(one) for one in file.body.iter(f"{W}p")).lower()
    yield from (f"“{words}”" for words in CONCLUDING if words in said)


RULES = (
    WordRule("size", f"fewer than {MOST_BYTES.value:,.0f} bytes", _size),
    WordRule("alone", "no macro, no file inside and no address outside", _parts),
    WordRule("fields", "no field but page numbers, no change and no comment", _fields),
    WordRule("language", f"all text in {LANGUAGE}", _language),
    WordRule("leftovers", "nothing of the template's own document", _leftovers),
    WordRule("pictures", "a text for every picture", _pictures),
    WordRule("tables", "tables with a heading that repeats, a text, and no merged cells", _tables),
    WordRule("headings", "one title, and headings in order", _headings),
)
"""For any Word file that leaves."""
COMMITTEE_RULES = (
    *RULES,
    WordRule("words", f"at most {COMMITTEE_WORDS.value:,.0f} words", _length),
    WordRule("summary", "a summary in bullet points at its beginning", _summary),
    WordRule("numbers", "numbered paragraphs, in one list", _numbers),
    WordRule("who", "who submits, and on what standing", _who),
    WordRule("annex", f"an annex of at most {ANNEX_ROWS.value:g} rows", _annex),
)
"""For written evidence to a committee of the House of Commons."""
RECORD_RULES = (*RULES, WordRule("no conclusion", "no conclusion for whoever decides", _conclusions))


def word_faults(content: bytes, *, rules: Sequence[WordRule]) -> dict[str, list[str]]:
    """Say which rules a Word file breaks, and how; empty where it breaks none."""
    file = WordFile(content)
    found = {rule.key: list(rule.faults(file)) for rule in rules}
    return {key: faults for key, faults in found.items() if faults}


def without_faults(name: str, content: bytes, *, rules: Sequence[WordRule]) -> bytes:
    """Return a Word file that breaks no rule.

    Raises
    ------
    OutputError
        When it breaks one: such a file is not written.
    """
    found = word_faults(content, rules=rules)
    for rule in rules:
        if rule.key in found:
            raise OutputError(
                "A Word file would break a rule of those who are to read it.",
                file=name,
                expected=rule.asks,
                found="; ".join(found[rule.key][:3]),
                next_step="shorten or change what was supplied, or choose a smaller place",
            )
    return content
