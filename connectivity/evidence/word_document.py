"""A Word file from blocks of words: real headings, one numbered list, marked-up tables, in British English.

It is made with python-docx, whose template says American English, Word for the Macintosh and shows the picture of
another document: all that is taken out. The same blocks give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from docx.document import Document

BlockKind = Literal["title", "heading", "subheading", "paragraph", "numbered", "bullet", "table"]
STYLES: dict[BlockKind, str] = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "paragraph": "Normal",
    "numbered": "Normal",
    "bullet": "List Bullet",
}
FACE = "Arial"
SIZES = {
    "Normal": 11,
    "Title": 20,
    "Heading 1": 15,
    "Heading 2": 12,
    "List Bullet": 11,
    "Caption": 11,
    "Table Text": 10,
}
"""Points."""
LANGUAGE = "en-GB"
NUMBERED = "99"
"""The one numbered list of a document."""
KEPT_TABLES = {"TableNormal", "TableGrid"}
DROPPED = ("docProps/thumbnail.jpeg", "word/stylesWithEffects.xml", "customXml/")
"""Parts of the template that are about another document."""
LINKS = re.compile(rb"<Relationship [^>]*(thumbnail|stylesWithEffects|customXml)[^>]*/>")
KINDS = re.compile(rb"<(Override|Default) [^>]*(stylesWithEffects|customXml|jpeg)[^>]*/>")
APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"><Application>Notspot</Application></Properties>'
)
MARGIN = 25
"""Millimetres."""
TABLE_WIDTH = 9_071
"""Twentieths of a point: what the margins leave of A4."""
PER_LINE, BESIDE = 84, 2.6
"""Letters of a table's text that its width holds, and what a column's margins take of them (Arial, 9.5 points)."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table: what stands above it and is read out first, columns, rows, what stands below, columns set right."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    right: frozenset[int] = frozenset()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is written."""
        return (self.caption, *self.heads, *(cell for row in self.rows for cell in row), self.note)


@dataclass(frozen=True, slots=True)
class WordBlock:
    """A paragraph or a table.

    Attributes
    ----------
    kind
        What it is.
    text
        Of a paragraph.
    lead
        Words in bold before it.
    table
        Of a table.
    spare
        How soon it is left out where there are too many words: 0 never, the highest first.
    """

    kind: BlockKind
    text: str = ""
    lead: str = ""
    table: WordTable | None = None
    spare: int = 0

    @property
    def words(self) -> int:
        """How many words it has."""
        texts = self.table.texts if self.table else (self.lead, self.text)
        return sum(len(text.split()) for text in texts)


@dataclass(frozen=True, slots=True)
class WordHead:
    """What a document says of itself: its title, whose it is, its date, and what stands at the foot of every page."""

    title: str
    author: str
    date: str
    foot: str


def word_bytes(blocks: Sequence[WordBlock], *, head: WordHead) -> bytes:
    """Write a Word file.

    Parameters
    ----------
    blocks
        In order.
    head
        Its title, whose it is, its date, and what stands on every page.
    """
    import docx  # noqa: PLC0415 - only who makes a pack needs it

    document = docx.Document()
    _set_up(document, head)
    for block in blocks:
        if block.table is not None:
            _add_table(document, block.table)
        else:
            _add_paragraph(document, block)
    held = io.BytesIO()
    document.save(held)
    return _tidied(held.getvalue(), date=datetime.fromisoformat(head.date))


def _set_up(document: Document, head: WordHead) -> None:
    from docx.shared import Mm  # noqa: PLC0415 - as above

    about = document.core_properties
    when = datetime.fromisoformat(head.date).replace(tzinfo=None)
    about.title, about.author, about.last_modified_by = head.title, head.author, head.author
    about.language, about.comments, about.revision = LANGUAGE, "", 1
    about.created = about.modified = when
    (page,) = document.sections
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    _style(document.styles)
    _number(document)
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{head.foot}  " if head.foot else "")
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(words)
        _add_field(foot, field)


def _style(styles: Any) -> None:  # noqa: ANN401 - python-docx's own calls have no types
    """Give every style in use one face, no colour of the theme, and the whole document its language."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above
    from docx.shared import Pt  # noqa: PLC0415 - as above

    styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    root = styles.element
    for style in [one for one in root.findall(qn("w:style")) if one.get(qn("w:type")) == "table"]:
        if style.get(qn("w:styleId")) not in KEPT_TABLES:
            root.remove(style)
    defaults = root.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for which in ("w:val", "w:eastAsia"):
        language.set(qn(which), LANGUAGE)
    for name, size in SIZES.items():
        style = styles[name]
        style.font.name, style.font.size = FACE, Pt(size)
        look = style.element.rPr
        for face in look.findall(qn("w:rFonts")):
            for which in [one for one in face.attrib if "heme" in one]:
                del face.attrib[which]
            face.set(qn("w:cs"), FACE)
        for colour in look.findall(qn("w:color")):
            look.remove(colour)
        for line in style.element.iter(qn("w:pBdr")):
            line.getparent().remove(line)
    styles["Normal"].paragraph_format.space_after = Pt(8)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    styles["Table Text"].paragraph_format.space_after = Pt(1)
    styles["Table Text"].paragraph_format.line_spacing = 1.0
    styles["Heading 1"].paragraph_format.space_before = Pt(18)
    styles["Heading 1"].paragraph_format.space_after = Pt(6)
    styles["Caption"].paragraph_format.keep_with_next = True


def _number(document: Document) -> None:
    """Add the one numbered list: decimal, hanging, over all sections."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above
    from docx.oxml.ns import nsdecls  # noqa: PLC0415 - as above

    numbering = document.part.numbering_part.element
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>'
    )
    space = nsdecls("w")
    numbering.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="{NUMBERED}">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {space} w:numId="{NUMBERED}"><w:abstractNumId w:val="{NUMBERED}"/></w:num>'))


def _add_field(paragraph: Any, field: str) -> None:  # noqa: ANN401 - python-docx's paragraph
    """Add the number of the page, or of all pages, as a field that Word fills in."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above
    from docx.oxml.ns import nsdecls  # noqa: PLC0415 - as above

    space = nsdecls("w")
    paragraph._p.append(  # noqa: SLF001 - python-docx has no call for fields
        parse_xml(f'<w:fldSimple {space} w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _add_paragraph(document: Document, block: WordBlock) -> None:
    paragraph = document.add_paragraph(style=STYLES[block.kind])
    if block.lead:
        paragraph.add_run(f"{block.lead} ").bold = True
    paragraph.add_run(block.text)
    if block.kind == "numbered":
        marks = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - python-docx has no call for lists
        marks.get_or_add_ilvl().val, marks.get_or_add_numId().val = 0, int(NUMBERED)


def _add_table(document: Document, table: WordTable) -> None:
    """Add a table with its caption above; the first row is a heading that repeats, and no row is split over pages."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above
    from docx.oxml.ns import nsdecls, qn  # noqa: PLC0415 - as above
    from docx.shared import Pt  # noqa: PLC0415 - as above

    space = nsdecls("w")
    document.add_paragraph(table.caption, style="Caption")
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.heads), style="Table Grid")
    lines = made._tbl.tr_lst  # noqa: SLF001 - the calls that python-docx has for cells are slow
    widths = _widths(table)
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):  # noqa: SLF001 - as above
        column.set(qn("w:w"), str(width))
    for line, cells in zip(lines, (table.heads, *table.rows), strict=True):
        line.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {space}/>"))
        for at, (cell, words) in enumerate(zip(line.tc_lst, cells, strict=True)):
            cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(widths[at]))
            paragraph = cell.p_lst[0]
            paragraph.style = "TableText"
            if at in table.right:
                paragraph.get_or_add_pPr().append(parse_xml(f'<w:jc {space} w:val="right"/>'))
            run = paragraph.add_r()
            run.add_t(words)
            if line is lines[0] or at == 0:
                run.get_or_add_rPr().append(parse_xml(f"<w:b {space}/>"))
    lines[0].get_or_add_trPr().append(parse_xml(f"<w:tblHeader {space}/>"))
    properties = made._tbl.tblPr  # noqa: SLF001 - as above
    look = properties.find(qn("w:tblLook"))
    look.set(qn("w:firstRow"), "1")
    look.set(qn("w:firstColumn"), "1")
    for tag, words in (("tblCaption", table.caption), ("tblDescription", table.note or table.caption)):
        described = parse_xml(f"<w:{tag} {space}/>")
        described.set(qn("w:val"), words)
        properties.append(described)
    if table.note:
        below = document.add_paragraph(table.note, style="Table Text").paragraph_format
        below.space_before, below.space_after = Pt(4), Pt(10)
    else:
        document.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(table: WordTable) -> list[int]:
    """Share the width out: to each column its longest word or number, and what is left to those with longer cells."""
    words, longer = [], []
    for at in range(len(table.heads)):
        cells = [row[at] for row in (table.heads, *table.rows)]
        unbroken = [*(word for cell in cells for word in cell.split()), *(cells[1:] if at in table.right else [])]
        word = BESIDE + max(map(len, unbroken), default=0)
        words.append(word)
        longer.append(max(max(map(len, cells[1:]), default=0) - word, 0) + 1)
    left = max(PER_LINE - sum(words), 0)
    parts = [word + left * more / sum(longer) for word, more in zip(words, longer, strict=True)]
    return [int(TABLE_WIDTH * part / sum(parts)) for part in parts]


def _tidied(content: bytes, *, date: datetime) -> bytes:
    """Take out what the template brings, and zip again: parts in their order, with one date, as on any machine."""
    held = io.BytesIO()
    stamp = (date.year, date.month, date.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(held, "w") as tidy:
        for name in made.namelist():
            if name.startswith(DROPPED):
                continue
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            tidy.writestr(entry, _part(name, made.read(name)), compresslevel=9)
    return held.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name == "docProps/app.xml":
        return APP
    if name.endswith(".rels"):
        return LINKS.sub(b"", content)
    if name == "[Content_Types].xml":
        return KINDS.sub(b"", content)
    if name == "word/settings.xml":
        return re.sub(rb"<w:themeFontLang[^>]*/>", f'<w:themeFontLang w:val="{LANGUAGE}"/>'.encode(), content)
    return content
