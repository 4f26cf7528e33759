"""How much there is to read and how hard it is: words and Flesch–Kincaid grade of each page, by a counter of our own.

    python -m benchmarks.reading --build DIR

Reads every page of the app on a finished build and writes the table in ``docs/accessibility.md``. A grade is a year of
American school: grade 6 to 7 is age 11 to 12.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import REPOSITORY
from connectivity.views.contents import FOLDER, contents_entries
from layers.figures import Figure

WORDS = Figure(500, "words", "the most that stands open on a page; what is folded away is counted apart", "assumption")
GRADE = Figure(7, "Flesch–Kincaid grade", "the hardest that the text of a page may be", "assumption: about age 12")
FIGURE_SYLLABLES = 2
"""What a number counts for (assumption): “58” is two, “1,646” is seven, and a reader takes either at one glance."""
FEWEST_WORDS = 4
"""Shorter blocks that do not end as a sentence does are labels: counted, they would flatter (assumption)."""

BLOCKS = frozenset(
    [
        "p",
        "li",
        "dd",
        "dt",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "summary",
        "br",
        "ul",
        "ol",
        "section",
        "figcaption",
        "caption",
    ]
)
LEFT_OUT = frozenset(("table", "code", "style", "script", "pre"))
"""Tables of names and numbers, and commands, are not running text."""
LABELS = frozenset(("ns-strip", "ns-means", "ns-range", "ns-facts"))
"""Nor are the strip above a page, legends, and lists of facts; what a term means is measured with the glossary."""
FOLDING = ("expander", "popover")
READ = ("title", "header", "html", "expander", "toggle", "selectbox")
"""What Streamlit folds, and what is read on a page."""
VOID = frozenset(("br", "img", "hr", "input", "wbr"))
QUOTATION = re.compile(r"“.*”")
FOOT = "ns-foot"
LICENCES = "Sources."
"""The line of the foot that repeats licences word for word as their owners ask."""
DOCUMENT = REPOSITORY / "docs" / "accessibility.md"
BEGIN, END = "<!-- reading: begin -->", "<!-- reading: end -->"


def syllables(word: str) -> int:
    """Count the syllables of a word by its groups of vowels; a last “e” or “ed” is silent, a number counts as two.

    >>> [syllables(word) for word in ("home", "video", "table", "needed", "asked", "1,646", "premises")]
    [1, 2, 2, 2, 1, 2, 3]
    """
    if any(sign.isdigit() for sign in word):
        return FIGURE_SYLLABLES
    bare = re.sub(r"(?<![td])ed$|(?<!l)e$", "", word.lower()) or word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def sentences(text: str) -> list[list[str]]:
    """Cut text into sentences of words; a full stop inside a number ends nothing.

    >>> sentences("It is 4.5 km to St. Ives. Why?")
    [['It', 'is', '4.5', 'km', 'to', 'St', 'Ives'], ['Why']]
    """
    cut = re.split(r"(?<=[.!?])(?<!\bSt\.)[”’)]*\s+|\n+", text)
    found = [re.findall(r"[\w£][\w’'.,%]*(?<![.,])", sentence) for sentence in cut]
    return [words for words in found if words]


def grade(text: str) -> float:
    """Give the Flesch–Kincaid grade of a text (Kincaid and others 1975): 0.39 · words a sentence + 11.8 · syllables a
    word − 15.59.

    >>> grade("The cat sat on the mat.") < 0 < grade("Availability determines eligibility everywhere.")
    True
    """  # noqa: D205 - the formula belongs to the first sentence
    cut = sentences(text)
    words = [word for sentence in cut for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(cut) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


class PageText(NamedTuple):
    """The running text of a page: what stands open, what is folded away, and the foot without the licence lines."""

    main: list[str]
    folded: list[str]
    foot: list[str]


def count_words(blocks: Iterable[str]) -> int:
    """Count the words of blocks of text.

    >>> count_words(["About 8 of 60.", "It could be 5 to 11."])
    10
    """
    return sum(map(len, sentences("\n".join(blocks))))


class _Blocks(HTMLParser):
    """Collects the text of blocks, the folded and the foot apart, and leaves out what is no running text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept = PageText([""], [""], [""])
        self.open: list[tuple[str, str]] = []

    @property
    def _folded(self) -> bool:
        tags = [tag for tag, _ in self.open]
        return "details" in tags and "summary" not in tags

    @property
    def _left_out(self) -> bool:
        return any(tag in LEFT_OUT or LABELS & set(kind.split()) for tag, kind in self.open)

    def _cut(self) -> None:
        for kept in self.kept:
            if kept[-1].strip():
                kept.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._cut()
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._cut()
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            in_foot = any(FOOT in kind.split() for _, kind in self.open)
            kept = self.kept.foot if in_foot else self.kept.folded if self._folded else self.kept.main
            kept[-1] += data


def running(blocks: Iterable[str]) -> list[str]:
    """Keep what is running text: blocks that end as a sentence does, or are longer than a label.

    The brackets at the end of a sentence to quote name its source, as a licence line does, and are left out.

    >>> running(["A label", "“About 8 of 60 cannot (could be 5 to 11; from Ofcom).”"])
    ['“About 8 of 60 cannot.”']
    """
    tidy = [" ".join(block.split()) for block in blocks]
    tidy = [re.sub(r" \([^()]*\)", "", block) if QUOTATION.fullmatch(block) else block for block in tidy]
    return [block for block in tidy if re.search(r"[.!?][”’)]*$", block) or len(block.split()) >= FEWEST_WORDS]


def main_text(bodies: Iterable[str]) -> PageText:
    """Take the running text out of HTML.

    >>> main_text(["<p>It is so.</p><details><summary>More</summary><p>Here is why.</p></details>"])
    PageText(main=['It is so.'], folded=['Here is why.'], foot=[])
    """
    parser = _Blocks()
    for body in bodies:
        parser.feed(body)
        parser.close()
        parser._cut()  # noqa: SLF001 - a body ends its last block
        parser.open.clear()
    foot = [line for line in running(parser.kept.foot) if not line.startswith(LICENCES)]
    return PageText(running(parser.kept.main), running(parser.kept.folded), foot)


def read_page(tested: Any) -> PageText:  # noqa: ANN401 - Streamlit's AppTest has no exported type
    """Take the running text of a page that Streamlit's own test harness has run."""
    shut = [one for kind in FOLDING for one in tested.get(kind) if not _stands_open(one)]
    inside = {id(element.proto) for block in shut for kind in READ for element in block.get(kind)}

    def shown(kind: str) -> list[Any]:
        return [element for element in tested.get(kind) if id(element.proto) not in inside]

    headings = [f"<p>{element.value}</p>" for kind in ("title", "header") for element in shown(kind)]
    labels = [f"<p>{element.label}</p>" for kind in ("expander", "toggle", "selectbox") for element in shown(kind)]
    opened = main_text([*headings, *(element.proto.body for element in shown("html")), *labels])
    away = main_text([element.proto.body for element in tested.get("html") if id(element.proto) in inside])
    return PageText(opened.main, [*opened.folded, *away.main, *away.folded], opened.foot)


def _stands_open(block: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether a part that can be folded is open when the page is."""
    return bool(getattr(block.proto, "expanded", False))


def pages() -> list[tuple[str, str, str]]:
    """List the app's pages: file, title, and path of the address; the first page has none."""
    return [(f"{FOLDER}/{one.file}.py", one.title, one.address) for one in contents_entries()]


def open_page(file: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Run one page of the app as a reader opens it."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - only where pages are run

    tested = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    for name, value in query.items():
        tested.query_params[name] = value
    tested.run()
    if not file.endswith("/where.py"):
        tested.switch_page(file)
        for name, value in query.items():
            tested.query_params[name] = value
        tested.run()
    return tested


def table(rows: Iterable[tuple[str, list[str], list[str]]]) -> str:
    """Write the table of grades: page, words that stand open, words folded away, and the grade of both together."""
    lines = ["| page | words | folded | grade |", "|---|---|---|---|"]
    for title, main, folded in rows:
        text = "\n".join([*main, *folded])
        lines.append(f"| {title} | {count_words(main):,} | {count_words(folded):,} | {grade(text):.1f} |")
    return "\n".join(lines)


def main() -> int:
    """Measure every page on a build and put the table into the document; 1 when a page is too hard."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="a finished build, such as the embedded default's")
    parser.add_argument("--query", default="place=E01020398&postcode=DT2 7AB", help="the link each page is opened with")
    parser.add_argument("--show", action="store_true", help="print the hardest sentences and write nothing")
    chosen = parser.parse_args()
    os.environ["NOTSPOT_BUILD"] = str(chosen.build.resolve())
    query = dict(part.split("=", 1) for part in chosen.query.split("&"))
    rows: list[tuple[str, list[str], list[str]]] = []
    below: list[str] = []
    for file, title, _ in pages():
        said = read_page(open_page(file, query))
        rows.append((title, said.main, said.folded))
        below = said.foot
    rows.append(("Foot of every page", below, []))
    drawn = table(rows)
    print(drawn)
    if chosen.show:
        for title, main, folded in rows:
            cut = {sentence for block in (*main, *folded) for sentence in re.split(r"(?<=[.!?])\s+", block)}
            for hard in sorted(cut, key=grade, reverse=True)[:12]:
                print(f"{title}\t{grade(hard):.1f}\t{hard}")
    else:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{drawn}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    hard = any(grade("\n".join([*main, *folded])) > GRADE.value for _, main, folded in rows)
    long = any(count_words(main) > WORDS.value for _, main, _ in rows)
    return int(hard or long)


if __name__ == "__main__":
    sys.exit(main())
