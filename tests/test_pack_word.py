"""The Word files of a pack: by the rules of those who are to read them, held to them on the finished bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from hand_builds import hand_build
from packs import HOSTILE, PERSON, pack_build, pack_content, pack_source, same_twice

from connectivity.claims import about_records
from connectivity.claims.about_files import NOT_FILLED_IN
from connectivity.evidence.pack_content import Head, PackSection, PackTable, PersonsPart
from connectivity.evidence.pack_word import ELSEWHERE, EVIDENCE, RECORD, word_files
from connectivity.evidence.word_document import WordBlock, WordHead, WordTable, word_bytes
from connectivity.evidence.word_rules import COMMITTEE_RULES, RECORD_RULES, RULES, WordFile, word_faults
from layers.errors import OutputError


@pytest.fixture(scope="module")
def made():
    return same_twice(word_files, pack_source())


@pytest.fixture(scope="module")
def evidence(made):
    return WordFile(made[EVIDENCE])


def text(content):
    """Give all text of a Word file as python-docx reads it, tables and foot included."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    foot = [one.text for one in document.sections[0].footer.paragraphs]
    return "\n".join([*(one.text for one in document.paragraphs), *cells, *foot])


def under(file, heading):
    """List the paragraphs under a heading."""
    return [one for one in file.paragraphs if one.under == heading and one.text != heading]


# --- Written evidence ---------------------------------------------------------------------------------------------


def test_both_files_break_no_rule(made):
    assert word_faults(made[EVIDENCE], rules=COMMITTEE_RULES) == {}
    assert word_faults(made[RECORD], rules=RECORD_RULES) == {}


def test_it_begins_with_a_summary_in_points_and_says_who_writes_and_why(evidence):
    (first, *_) = [one for one in evidence.paragraphs if one.style == "Heading1"]
    assert first.text == about_records.SUMMARY
    assert {one.style for one in under(evidence, about_records.SUMMARY)} == {"ListBullet"}
    who = " ".join(one.text for one in under(evidence, about_records.WHO))
    assert PERSON.organisation in who
    assert PERSON.standing in who


def test_paragraphs_are_numbered_in_one_list_through_all_parts(evidence):
    numbered = [one for one in evidence.paragraphs if one.listed]
    assert {one.listed for one in numbered} == {"99"}
    assert len({one.under for one in numbered}) > 4
    assert not any(re.match(r"\d+\.", one.text) for one in numbered), "the numbers are the list's, not typed"


def test_every_word_of_the_content_is_there_and_what_must_stand_on_every_page(made):
    said, content = text(made[EVIDENCE]), pack_content(pack_build())
    for words in (str(content.headline), *content.beneath, *content.asks, *content.sources, content.stamp):
        assert words in said
    for section in (one for one in content.sections if one.key not in ELSEWHERE):
        assert section.title in said
        assert all(words in said for words in (*section.paragraphs, *section.points))


def test_the_finding_has_a_number_to_be_cited_by(evidence):
    content = pack_content(pack_build())
    numbered = [one.text for one in under(evidence, content.sections[0].title) if one.listed]
    assert numbered[: 1 + len(content.beneath)] == [str(content.headline), *content.beneath]


def test_what_nobody_supplied_is_left_to_be_seen_and_never_guessed():
    made = word_files(pack_source(person=PersonsPart()))
    who = " ".join(one.text for one in under(WordFile(made[EVIDENCE]), about_records.WHO))
    assert who.count(NOT_FILLED_IN) == 2
    asked = " ".join(one.text for one in under(WordFile(made[EVIDENCE]), about_records.ASKED))
    assert f"{about_records.RECOMMENDATION}: {NOT_FILLED_IN}" in asked
    with zipfile.ZipFile(io.BytesIO(made[EVIDENCE])) as held:
        assert b"<dc:creator></dc:creator>" in held.read("docProps/core.xml").replace(
            b"<dc:creator/>", b"<dc:creator></dc:creator>"
        )


def test_hostile_names_are_text(made):
    said = text(made[EVIDENCE])
    assert [name for name in HOSTILE if name not in said] == []


def test_the_template_leaves_nothing_behind(made):
    for content in made.values():
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            names = held.namelist()
            everything = b"".join(map(held.read, names))
            assert {one.date_time[:3] for one in held.infolist()} == {(2026, 3, 1)}
        assert not [one for one in names if "thumbnail" in one or "customXml" in one or "WithEffects" in one]
        for leftover in (b"en-US", b"Macintosh", b"python-docx", b"ja-JP", b"jpeg"):
            assert leftover not in everything


def test_it_opens_again_with_a_heading_row_that_repeats(made):
    *_, table = docx.Document(io.BytesIO(made[EVIDENCE])).tables
    assert table.rows[0].cells[0].text == "Place"
    assert "tblHeader" in table.rows[0]._tr.xml
    assert all("cantSplit" in row._tr.xml for row in table.rows)


# --- Too many words -----------------------------------------------------------------------------------------------


def long_source(*, areas=219, sections=()):
    build = hand_build({number: (600 + number, 0, 5, 10 + number, 40 + number) for number in range(areas)})
    content = pack_content(build)
    rows = tuple((str(name), "about 20 of 600", "10 to 30", "Depends") for name in sorted(build.areas["area_name"]))
    table = replace(content.every_area, rows=rows)
    return pack_source(build=build, every_area=table, sections=tuple(sections) or content.sections)


def test_the_annex_is_cut_at_forty_rows_in_the_order_of_the_report_and_says_so():
    content = word_files(long_source())[EVIDENCE]
    *_, annex = docx.Document(io.BytesIO(content)).tables
    names = [row.cells[0].text for row in annex.rows[1:]]
    assert len(names) == 40
    assert names == sorted(names)
    assert "Place 218" in names, "the highest best estimates come first"
    assert "Place 1" not in names
    assert "40 of 219 small areas" in text(content)


def test_what_does_not_fit_is_left_out_in_order_and_said():
    cells = tuple((f"Council {number}", "about 20 of 600 premises") for number in range(200))
    table = PackTable("councils", "By council", (Head("Council"), Head("Premises")), cells)
    words = " ".join(["evidence"] * 150)
    sections = [PackSection(f"s{n}", f"Part {n}", paragraphs=(f"First {n}.", words), points=(words,)) for n in range(4)]
    content = word_files(long_source(sections=[*sections, PackSection("t", "Tables", tables=(table,))]))[EVIDENCE]
    said = text(content)
    assert WordFile(content).words <= 3000
    assert "Council 7" not in said
    assert "Satellite exists" in said, "answers go after tables"
    assert about_records.LEFT_OUT in said
    assert "Tables" not in [one.text for one in WordFile(content).paragraphs], "no heading stands over nothing"


def test_evidence_that_cannot_be_cut_to_length_is_not_written():
    with pytest.raises(OutputError, match=r"3,000 words[\s\S]*words"):
        word_files(pack_source(person=replace(PERSON, standing="word " * 3000)))


# --- The equality record ------------------------------------------------------------------------------------------


def test_the_record_has_every_part_and_leaves_what_is_not_ours_to_whoever_decides(made):
    file = WordFile(made[RECORD])
    assert [one.text for one in file.paragraphs if one.style == "Heading1"] == list(about_records.PARTS.values())
    for part in ("description", "impact", "mitigation"):
        (*_, last) = under(file, about_records.PARTS[part])
        assert last.text == NOT_FILLED_IN
    said = text(made[RECORD])
    assert all(one in said for one in (PERSON.analyst, PERSON.checked_by, PERSON.decided_by))
    assert all(one.asks in said for one in about_records.PRINCIPLES)


def test_people_by_characteristic_are_the_report_s_with_room_for_other_evidence(made):
    tables = docx.Document(io.BytesIO(made[RECORD])).tables
    (table,) = [one for one in tables if one.rows[0].cells[0].text == "Characteristic"]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][-1] == about_records.OTHER_EVIDENCE
    assert rows[1] == ["Age: 65 or over", "0 to 90", "People aged 65 or over (ONS)", NOT_FILLED_IN]
    assert rows[2] == ["Disability", "[x]", "", NOT_FILLED_IN]


def test_a_record_of_figures_without_people_or_services_says_so():
    content = pack_content(pack_build())
    found = next(one for one in content.sections if one.key == "found")
    file = WordFile(word_files(pack_source(sections=(found,)))[RECORD])
    assert about_records.NO_FIGURE in {one.text for one in under(file, about_records.PARTS["people"])}


def test_a_record_that_concludes_is_not_written():
    with pytest.raises(OutputError, match="no conclusion"):
        word_files(pack_source(sure=("The duty has been met.",)))


# --- The rules ----------------------------------------------------------------------------------------------------

HEAD = WordHead("Title", "Somebody", "2026-03-01T09:00:00Z", "")
GOOD = (
    WordBlock("title", "Written evidence"),
    WordBlock("heading", about_records.SUMMARY),
    WordBlock("bullet", "A point."),
    WordBlock("heading", about_records.WHO),
    WordBlock("numbered", "We are the council."),
    WordBlock("heading", about_records.ANNEX),
    WordBlock("table", table=WordTable("Places", ("Place",), (("Alder",),))),
)


def patched(content, part, old, new):
    """Change a part of a Word file; an empty old one adds the part."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            if name == part:
                assert old in body, part
                body = body.replace(old, new)
            after.writestr(name, body)
        if not old:
            after.writestr(part, new)
    return held.getvalue()


@pytest.fixture(scope="module")
def good():
    return word_bytes(GOOD, head=HEAD)


def test_the_example_of_the_rules_breaks_none(good):
    assert word_faults(good, rules=COMMITTEE_RULES) == {}


@pytest.mark.parametrize(
    ("rule", "blocks"),
    [
        ("words", (*GOOD[:5], WordBlock("numbered", "word " * 3001), *GOOD[5:])),
        ("summary", (*GOOD[:2], WordBlock("numbered", "No point."), *GOOD[3:])),
        ("summary", (GOOD[0], *GOOD[3:], *GOOD[1:3])),
        ("numbers", (*GOOD[:5], WordBlock("paragraph", "Without a number."), *GOOD[5:])),
        ("who", (*GOOD[:4], *GOOD[5:])),
        (
            "annex",
            (*GOOD[:6], WordBlock("table", table=WordTable("P", ("Place",), tuple((f"{n}",) for n in range(41))))),
        ),
        ("headings", (*GOOD[:1], WordBlock("subheading", "Below nothing"), *GOOD[1:])),
        ("headings", GOOD[1:]),
        ("headings", (*GOOD, WordBlock("heading", ""))),
    ],
)
def test_blocks_that_break_a_rule_are_found(rule, blocks):
    assert rule in word_faults(word_bytes(blocks, head=HEAD), rules=COMMITTEE_RULES)


LINK = b'<Relationship Id="rId99" Type="http://x/hyperlink" Target="https://example.org" TargetMode="External"/>'
DRAWN = (
    b'<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    b'wordprocessingDrawing"><wp:docPr id="1" name="Map"/></wp:inline></w:drawing></w:r></w:p><w:sectPr'
)


@pytest.mark.parametrize(
    ("rule", "part", "old", "new"),
    [
        ("alone", "word/vbaProject.bin", b"", b"x"),
        ("alone", "word/embeddings/sheet.xlsx", b"", b"x"),
        ("alone", "word/_rels/document.xml.rels", b"</Relationships>", LINK + b"</Relationships>"),
        ("fields", "word/footer1.xml", b" PAGE ", b" DDEAUTO c cmd "),
        ("language", "word/styles.xml", b'w:val="en-GB"', b'w:val="en-US"'),
        ("language", "word/settings.xml", b"en-GB", b"fr-FR"),
        ("leftovers", "docProps/thumbnail.jpeg", b"", b"x"),
        ("pictures", "word/document.xml", b"<w:sectPr", DRAWN),
        ("tables", "word/document.xml", b"<w:tblHeader/>", b""),
        ("tables", "word/document.xml", b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="2"/>'),
        ("tables", "word/document.xml", b"w:tblDescription", b"w:tblDescribed"),
        ("numbers", "word/document.xml", b'<w:numId w:val="99"/>', b'<w:numId w:val="98"/>'),
    ],
)
def test_bytes_that_break_a_rule_are_found(rule, part, old, new, good):
    assert rule in word_faults(patched(good, part, old, new), rules=COMMITTEE_RULES)


def test_a_file_that_is_too_large_is_found(good):
    (size,) = [one for one in RULES if one.key == "size"]
    file = WordFile(good)
    file.content = bytes(25_000_000)
    assert list(size.faults(file)) == ["25,000,000 bytes"]


# --- As an office program shows them ------------------------------------------------------------------------------


@pytest.mark.slow
def test_libreoffice_opens_both_and_keeps_their_words(made, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: it renders the Word files as a reader would see them")
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    profile = (tmp_path / "profile").as_uri()
    options = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    subprocess.run([program, *options, *made], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    evidence, record = ((tmp_path / name).with_suffix(".txt").read_text("utf-8-sig") for name in (EVIDENCE, RECORD))
    assert re.search(rf"^\s*1\.\s+{about_records.SUBMITTED_BY}: {PERSON.organisation}$", evidence, re.MULTILINE)
    assert all(name in evidence for name in HOSTILE)
    assert record.count(NOT_FILLED_IN) > 10
