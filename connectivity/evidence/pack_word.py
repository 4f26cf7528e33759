"""The two Word files of a pack: written evidence as the House of Commons wants it, and an equality record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat

import pandas as pd

from connectivity.claims import about_records
from connectivity.claims.about_certainty import READINGS
from connectivity.claims.about_files import NOT_FILLED_IN, replaced_said
from connectivity.claims.about_records import ANNEX_ROWS, COMMITTEE_WORDS, PARTS
from connectivity.evidence.pack_content import PackSection, PackTable
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_tables import CODE
from connectivity.evidence.word_document import WordBlock, WordHead, WordTable, word_bytes
from connectivity.evidence.word_rules import COMMITTEE_RULES, RECORD_RULES, without_faults

EVIDENCE, RECORD = "committee.docx", "equality-record.docx"
METHOD, AREAS, PEOPLE, SERVICES = "method", "areas", "people", "services"
ELSEWHERE = {AREAS, "map", "answers", "sources", "use"}
"""Parts of the report that stand elsewhere in the evidence, or are about what only the report has."""
CHARACTERISTICS = "characteristics"
"""The table of the report that lists people by protected characteristic."""
TABLES, ANSWERS, POINTS, MORE = 4, 3, 2, 1
"""What is left out first where there are too many words: tables, answers, points, all paragraphs but the first."""
STEPS = ((40, 9), (40, TABLES), (40, ANSWERS), (20, ANSWERS), (20, POINTS), (10, MORE))
"""Rows of the annex, and from which on blocks are left out; the first that fits is taken."""


def word_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the Word files of a pack, each held to the rules of those who are to read it."""
    return {
        EVIDENCE: _made(source, EVIDENCE, _evidence(source), about_records.EVIDENCE_TITLE),
        RECORD: _made(source, RECORD, _record(source), about_records.RECORD_TITLE),
    }


def _made(source: PackSource, name: str, blocks: Sequence[WordBlock], title: str) -> bytes:
    content = source.content
    head = WordHead(
        title=_titled(source, title), author=content.person.organisation, date=content.date, foot=content.stamp
    )
    rules = COMMITTEE_RULES if name == EVIDENCE else RECORD_RULES
    return without_faults(name, word_bytes(blocks, head=head), rules=rules)


def _titled(source: PackSource, what: str) -> str:
    return f"{what}. {source.content.title}"


def _filled(words: str) -> str:
    return words or NOT_FILLED_IN


# --- Written evidence to a committee ------------------------------------------------------------------------------


def _evidence(source: PackSource) -> list[WordBlock]:
    """Arrange the evidence, with as much of it as there may be words."""
    for rows, spare in STEPS:
        title = WordBlock("title", _titled(source, about_records.EVIDENCE_TITLE))
        blocks = [title, *_parts_kept(_evidence_parts(source), spare=spare), *_annex(source, rows=rows)]
        if sum(one.words for one in blocks) <= COMMITTEE_WORDS.value:
            break
    return blocks


def _evidence_parts(source: PackSource) -> list[tuple[str, list[WordBlock]]]:
    """Give the parts of the evidence under their headings."""
    content, person = source.content, source.content.person
    summary = (str(content.headline), *content.beneath, *content.sure[:1], *content.asks[:1])
    standing = [
        WordBlock("numbered", _filled(person.organisation), lead=f"{about_records.SUBMITTED_BY}:"),
        WordBlock("numbered", _filled(person.standing), lead=f"{about_records.STANDING}:"),
    ]
    asked = [WordBlock("numbered", one) for one in content.asks]
    if not person.recommendation or not any(person.recommendation in one for one in content.asks):
        recommended = _filled(person.recommendation)
        asked.insert(0, WordBlock("numbered", recommended, lead=f"{about_records.RECOMMENDATION}:"))
    answers = [WordBlock("numbered", said, lead=f"“{what}”:", spare=ANSWERS) for what, said in content.answers]
    known = (*content.sources, content.revisions, content.next_update, replaced_said(source.replaced))
    sections = {one.key: one for one in content.sections if one.key not in ELSEWHERE}
    last = sections.pop(METHOD, None)
    finding = [WordBlock("numbered", one) for one in (str(content.headline), *content.beneath)]
    opening = chain([finding], repeat([]))  # the report's first part goes on from its headline
    return [
        (about_records.SUMMARY, [WordBlock("bullet", one) for one in summary]),
        (about_records.WHO, standing),
        *((one.title, [*first, *_section(one)]) for one, first in zip(sections.values(), opening, strict=False)),
        (about_records.SAID, answers),
        (about_records.ASKED, asked),
        *([(last.title, _section(last))] if last else []),
        (about_records.WHERE_FROM, [WordBlock("numbered", one) for one in known if one]),
    ]


def _section(section: PackSection) -> list[WordBlock]:
    """Give a part of the report."""
    blocks = [WordBlock("numbered", one, spare=MORE if at else 0) for at, one in enumerate(section.paragraphs) if one]
    blocks += [WordBlock("numbered", one, spare=POINTS) for one in section.points]
    return blocks + [WordBlock("table", table=_as_word(one), spare=TABLES) for one in section.tables if one.rows]


def _as_word(table: PackTable, *, rows: Sequence[tuple[str, ...]] | None = None, note: str | None = None) -> WordTable:
    return WordTable(
        table.caption,
        tuple(one.words for one in table.heads),
        tuple(table.rows if rows is None else rows),
        table.note if note is None else note,
        frozenset(at for at, one in enumerate(table.heads) if one.number),
    )


def _parts_kept(parts: Sequence[tuple[str, list[WordBlock]]], *, spare: int) -> Iterator[WordBlock]:
    """Give the blocks that are not left out, under headings that have any, and say so where some are."""
    dropped = any(one.spare >= spare for _, blocks in parts for one in blocks)
    for title, blocks in parts:
        kept = [one for one in blocks if one.spare < spare]
        if kept:
            yield WordBlock("heading", title)
            yield from kept
    if dropped:
        yield WordBlock("numbered", about_records.LEFT_OUT)


def _annex(source: PackSource, *, rows: int) -> list[WordBlock]:
    """List small areas: those surest to be among the worst first, in the order of the report's own table."""
    table = _without_codes(source.content.every_area)
    if not table.rows:
        return []
    most = min(rows, int(ANNEX_ROWS.value), len(table.rows))
    first = _first_named(source.areas, most=most)
    shown = [row for row in table.rows if row[0] in first][:most]
    if len(shown) < most:  # rows go by other names than the areas'
        shown = list(table.rows[:most])
    of, content = len(table.rows), source.content
    if len(shown) < of:
        named, basis = content.subject.title, content.basis
        table = replace(table, caption=about_records.annex_caption(named, shown=len(shown), of=of, basis=basis))
    said = about_records.annex_said(shown=len(shown), of=of)
    note = " ".join(filter(None, (said, table.note)))
    read = [one for section in content.sections if section.key == AREAS for one in section.paragraphs]
    return [
        WordBlock("heading", about_records.ANNEX),
        *(WordBlock("numbered", one) for one in read),
        WordBlock("table", table=_as_word(table, rows=shown, note=note)),
    ]


def _without_codes(table: PackTable) -> PackTable:
    """Leave out columns of codes: in evidence that is read they take words, and the spreadsheet has them."""
    columns = range(len(table.heads))
    kept = [at for at in columns if not at or not all(re.fullmatch(CODE, row[at]) for row in table.rows)]
    heads = tuple(table.heads[at] for at in kept)
    return replace(table, heads=heads, rows=tuple(tuple(row[at] for at in kept) for row in table.rows))


def _first_named(areas: pd.DataFrame, *, most: int) -> set[str]:
    """Name the areas that are surest to be among the worst, then those with the highest best estimates."""
    order = {tier: at for at, tier in enumerate(READINGS)}
    sure = areas["tier"].map(order) if "tier" in areas else pd.Series(0, index=areas.index)
    ranked = areas.assign(sure=sure.fillna(len(order)), code=areas.index)
    ranked = ranked.sort_values(["sure", "remote_infeasible", "code"], ascending=[True, False, True])
    return set(ranked["area_name"].head(most))


# --- The equality record ------------------------------------------------------------------------------------------


def _record(source: PackSource) -> list[WordBlock]:
    """Arrange the record: evidence, and places for whoever decides to fill in."""
    content = source.content
    parts = {
        "description": [WordBlock("paragraph", about_records.NO_SERVICE), *_to_fill(about_records.DESCRIBE)],
        "scope": [*_scope(source), *_to_fill(about_records.PURPOSE)],
        "evidence": _services(source),
        "people": _people_table(source),
        "rural": _rural(source),
        "impact": _to_fill(about_records.IMPACT),
        "alternatives": _alternatives(source),
        "mitigation": _to_fill(about_records.MITIGATE),
        "principles": _check_list(),
        "sign_off": _sign_off(source),
        "sources": [WordBlock("paragraph", one) for one in (*content.sources, content.revisions) if one],
    }
    blocks = [
        WordBlock("title", _titled(source, about_records.RECORD_TITLE)),
        WordBlock("paragraph", about_records.RECORD_ABOUT),
        _record_of(source),
    ]
    for key, title in PARTS.items():
        blocks += [WordBlock("heading", title), *parts[key]]
    return blocks


def _to_fill(what: str) -> list[WordBlock]:
    """Leave a place, to be seen, for what only whoever decides can say."""
    return [
        WordBlock("paragraph", what, lead=about_records.BY_WHOM),
        WordBlock("paragraph", NOT_FILLED_IN),
    ]


def _record_of(source: PackSource) -> WordBlock:
    content, person = source.content, source.content.person
    entries = {
        "title": "",
        "team": person.organisation,
        "evidence": content.title,
        "date": content.basis.release,
        "decides": "",
        "by": person.decided_by,
    }
    rows = tuple((about_records.RECORD_ROWS[key], _filled(entry)) for key, entry in entries.items())
    return WordBlock("table", table=WordTable(about_records.RECORD_TITLE, about_records.RECORD_HEADS, rows))


def _scope(source: PackSource) -> list[WordBlock]:
    content = source.content
    said = about_records.record_scope(content.subject.title, areas=len(source.areas), basis=content.basis)
    return [WordBlock("paragraph", one) for one in (said, str(content.headline), *content.beneath)]


def _services(source: PackSource) -> list[WordBlock]:
    """Give who could not use a service from home, and what these figures do not show."""
    content = source.content
    part = _section_of(source, SERVICES)
    said = [WordBlock("paragraph", one) for one in (*content.sure, *content.not_shown)]
    return [*_written(part.paragraphs if part else ()), *_tables_of(part), *said]


def _section_of(source: PackSource, key: str) -> PackSection | None:
    return next((one for one in source.content.sections if one.key == key), None)


def _written(texts: Sequence[str]) -> list[WordBlock]:
    return [WordBlock("paragraph", one) for one in texts]


def _tables_of(part: PackSection | None) -> list[WordBlock]:
    return [WordBlock("table", table=_as_word(one)) for one in part.tables if one.rows] if part else []


def _people_table(source: PackSource) -> list[WordBlock]:
    """Give what the figures hold of every protected characteristic, with room for other evidence."""
    part = _section_of(source, PEOPLE)
    found = next((one for one in part.tables if one.key == CHARACTERISTICS), None) if part else None
    if part is None or found is None:
        return [WordBlock("paragraph", about_records.NO_FIGURE), *_to_fill(about_records.OTHER_EVIDENCE)]
    table = _as_word(found)
    wider = WordTable(
        table.caption,
        (*table.heads, about_records.OTHER_EVIDENCE),
        tuple((*row, NOT_FILLED_IN) for row in table.rows),
        table.note,
        table.right,
    )
    return [*_written(part.paragraphs), WordBlock("table", table=wider)]


def _rural(source: PackSource) -> list[WordBlock]:
    """Say where people live, which is no protected characteristic and bears on all of them."""
    areas = source.areas
    kinds = areas["rural_urban"].dropna().value_counts() if "rural_urban" in areas else pd.Series(dtype=int)
    listed = sorted(kinds.items(), key=lambda one: (-one[1], str(one[0])))
    if not listed:
        return [WordBlock("paragraph", f"{about_records.RURALITY} {about_records.NO_FIGURE}")]
    points = [about_records.kind_of_place(str(kind), areas=int(count), of=len(areas)) for kind, count in listed]
    return [WordBlock("paragraph", about_records.RURALITY), *(WordBlock("bullet", one) for one in points)]


def _alternatives(source: PackSource) -> list[WordBlock]:
    """List what the figures do not say of other ways in, and leave a place for them."""
    part = _section_of(source, SERVICES)
    points = [WordBlock("bullet", one) for one in part.points] if part else []
    return [*points, *_to_fill(about_records.ALTERNATIVES)]


def _check_list() -> list[WordBlock]:
    rows = tuple((one.said, one.asks, NOT_FILLED_IN) for one in about_records.PRINCIPLES)
    return [WordBlock("table", table=WordTable(about_records.PRINCIPLE_CAPTION, about_records.PRINCIPLE_HEADS, rows))]


def _sign_off(source: PackSource) -> list[WordBlock]:
    person = source.content.person
    names = (person.analyst, person.checked_by, "")
    rows = tuple((who, _filled(name), NOT_FILLED_IN) for who, name in zip(about_records.SIGNERS, names, strict=True))
    return [WordBlock("table", table=WordTable(about_records.SIGN_CAPTION, about_records.SIGN_HEADS, rows))]
