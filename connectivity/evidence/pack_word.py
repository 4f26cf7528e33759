"""The two Word files of a pack: written evidence as the House of Commons wants it, and an equality record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from connectivity.claims import about_records
from connectivity.claims.about_certainty import READINGS
from connectivity.claims.about_files import NOT_FILLED_IN, replaced_said
from connectivity.claims.about_places import NOT_ENOUGH, cannot
from connectivity.claims.about_records import ANNEX_ROWS, CHARACTERISTICS, COMMITTEE_WORDS, PARTS, Characteristic
from connectivity.claims.about_services import help_near
from connectivity.claims.claim import Claim
from connectivity.evidence.pack_content import PackSection, PackTable
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.word_document import WordBlock, WordHead, WordTable, word_bytes
from connectivity.evidence.word_rules import COMMITTEE_RULES, RECORD_RULES, without_faults
from connectivity.online_only import SERVICES, UNKNOWN, affected, alternatives, count_decisions, decide, helping
from connectivity.places.hidden_need import Known, known_needs, need_by_place, pieces

EVIDENCE, RECORD = "committee.docx", "equality-record.docx"
NEEDS_OF: dict[Characteristic, tuple[str, ...]] = {"age": ("older", "ageing"), "disability": ("disabled",)}
"""Shares of people that say something of a protected characteristic, the best first."""
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
    asked = [
        WordBlock("numbered", _filled(person.recommendation), lead=f"{about_records.RECOMMENDATION}:"),
        *(WordBlock("numbered", one) for one in content.asks),
    ]
    answers = [WordBlock("numbered", said, lead=f"“{what}”:", spare=ANSWERS) for what, said in content.answers]
    known = (*content.sources, content.revisions, content.next_update, *content.checks, replaced_said(source.replaced))
    return [
        (about_records.SUMMARY, [WordBlock("bullet", one) for one in summary]),
        (about_records.WHO, standing),
        *((one.title, _section(one, but=content.every_area)) for one in content.sections),
        (about_records.SAID, answers),
        (about_records.ASKED, asked),
        (about_records.WHERE_FROM, [WordBlock("numbered", one) for one in known if one]),
    ]


def _section(section: PackSection, *, but: PackTable) -> list[WordBlock]:
    """Give a part of the report; the table of every area stands in the annex."""
    blocks = [WordBlock("numbered", one, spare=MORE if at else 0) for at, one in enumerate(section.paragraphs) if one]
    blocks += [WordBlock("numbered", one, spare=POINTS) for one in section.points]
    tables = [one for one in section.tables if one.key != but.key and one.rows]
    return blocks + [WordBlock("table", table=_as_word(one), spare=TABLES) for one in tables]


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
    table = source.content.every_area
    if not table.rows:
        return []
    most = min(rows, int(ANNEX_ROWS.value), len(table.rows))
    first = _first_named(source.areas, most=most)
    shown = [row for row in table.rows if row[0] in first][:most]
    if len(shown) < most:  # rows go by other names than the areas'
        shown = list(table.rows[:most])
    said = about_records.annex_said(shown=len(shown), of=len(table.rows))
    note = " ".join(filter(None, (said, table.note)))
    return [
        WordBlock("heading", about_records.ANNEX),
        WordBlock("table", table=_as_word(table, rows=shown, note=note)),
    ]


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
    areas = source.areas
    claims = {key: _affected(source, key=key, areas=areas) for key in SERVICES}
    parts = {
        "description": [WordBlock("paragraph", about_records.NO_SERVICE), *_to_fill(about_records.DESCRIBE)],
        "scope": [*_scope(source), *_to_fill(about_records.PURPOSE)],
        "evidence": _services(source, claims),
        "people": _people_table(source),
        "rural": _rural(source),
        "impact": _to_fill(about_records.IMPACT),
        "alternatives": _alternatives(source, claims),
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


def _services(source: PackSource, claims: Mapping[str, Claim | None]) -> list[WordBlock]:
    """Say for each kind of service who could not use it from home, and what these figures do not show."""
    content = source.content
    rows = []
    for service in SERVICES.values():
        claim = claims[service.key]
        rows.append((service.name, service.examples, NOT_ENOUGH if claim is None else str(claim.say("cell"))))
    table = WordTable(about_records.SERVICE_CAPTION, about_records.SERVICE_HEADS, tuple(rows))
    said = [WordBlock("paragraph", one) for one in (*content.sure, *content.not_shown)]
    return [WordBlock("table", table=table), *said]


def _affected(source: PackSource, *, key: str, areas: pd.DataFrame) -> Claim | None:
    """Return the claim on who could not use a service from home; None where too little is known of every area."""
    build, content = source.build, source.content
    shares = content.subject.shares
    found = decide(areas, service=SERVICES[key], manifest=build.manifest)
    if found["decision"].eq(UNKNOWN).all():
        return None
    return affected(
        found,
        areas=areas,
        place=content.subject.title,
        service=SERVICES[key],
        basis=content.basis,
        shares=shares if (shares < 1).any() else None,
        counts=count_decisions(found),
        drawn=build.drawn,
    )


def _people_table(source: PackSource) -> list[WordBlock]:
    """Say of every protected characteristic what these figures hold: shares of people, and bounds for both."""
    known = known_needs(source.build.manifest, areas=source.build.areas, facts=None)
    rows = []
    for key, label in CHARACTERISTICS.items():
        found = next((known[need] for need in NEEDS_OF.get(key, ()) if need in known), None)
        rows.append((label, _share_and_bounds(source, found) or about_records.NO_FIGURE, NOT_FILLED_IN))
    gap = f"“This gap” means {source.content.basis.unit} that {cannot('digital', basis=source.content.basis)}."
    table = WordTable(
        about_records.CHARACTERISTIC_CAPTION,
        about_records.CHARACTERISTIC_HEADS,
        tuple(rows),
        note=f"{gap} {about_records.BOUNDS}",
    )
    return [WordBlock("table", table=table)]


def _share_and_bounds(source: PackSource, known: Known | None) -> str:
    """Say a share of people, and how many premises can have both; empty where it is not known here."""
    if known is None:
        return ""
    basis, shares = source.content.basis, source.content.subject.shares
    parts = pd.DataFrame({"area_code": shares.index, "key": "place", "share": shares.to_numpy()})
    table = pieces(source.build.areas, parts=parts, profile="digital", share=known.shares)
    found = need_by_place(table, study=math.nan, drawn=source.build.drawn, profile="digital")
    share, low, high, of = (float(found[name].iloc[0]) for name in ("share", "both_low", "both_high", "premises_need"))
    if math.isnan(share):
        return ""
    need = known.need
    said = about_records.share_of_people(share, those=need.those, source=known.source, proxy=known.proxy)
    if math.isnan(high):
        return said
    both = Claim(
        "need.both",
        source.content.subject.title,
        low,
        math.nan,
        high,
        of,
        basis,
        combines="bounds",
        details={"which": need.which},
    )
    return f"{said} {both.say()}"


def _rural(source: PackSource) -> list[WordBlock]:
    """Say where people live, which is no protected characteristic and bears on all of them."""
    areas = source.areas
    kinds = areas["rural_urban"].dropna().value_counts() if "rural_urban" in areas else pd.Series(dtype=int)
    listed = sorted(kinds.items(), key=lambda one: (-one[1], str(one[0])))
    if not listed:
        return [WordBlock("paragraph", f"{about_records.RURALITY} {about_records.NO_FIGURE}")]
    points = [about_records.kind_of_place(str(kind), areas=int(count), of=len(areas)) for kind, count in listed]
    return [WordBlock("paragraph", about_records.RURALITY), *(WordBlock("bullet", one) for one in points)]


def _alternatives(source: PackSource, claims: Mapping[str, Claim | None]) -> list[WordBlock]:
    """Say what is known of help nearby, for each kind of service, and in how many places another way is needed."""
    known = alternatives(source.build.manifest)
    near_by = {one.key: help_near(known, helpers=helping(known, service=one)) for one in SERVICES.values()}
    alike = len(set(near_by.values())) == 1
    blocks = [WordBlock("paragraph", one) for one in set(near_by.values()) if alike]
    for service in SERVICES.values():
        claim = claims[service.key]
        near = "" if alike else near_by[service.key]
        places = "" if claim is None else str(claim.details["places"].say())
        blocks.append(WordBlock("bullet", " ".join(filter(None, (near, places))), lead=f"{service.name}:"))
    return [*blocks, *_to_fill(about_records.ALTERNATIVES)]


def _check_list() -> list[WordBlock]:
    rows = tuple((one.said, one.asks, NOT_FILLED_IN) for one in about_records.PRINCIPLES)
    return [WordBlock("table", table=WordTable(about_records.PRINCIPLE_CAPTION, about_records.PRINCIPLE_HEADS, rows))]


def _sign_off(source: PackSource) -> list[WordBlock]:
    person = source.content.person
    names = (person.analyst, person.checked_by, "")
    rows = tuple((who, _filled(name), NOT_FILLED_IN) for who, name in zip(about_records.SIGNERS, names, strict=True))
    return [WordBlock("table", table=WordTable(about_records.SIGN_CAPTION, about_records.SIGN_HEADS, rows))]
