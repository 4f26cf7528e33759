"""Terms explained where they first stand: the word is a button that opens its meaning. No script, no data.

A term is marked once a page, and each part of a page marks the two its reader needs most: a page full of dotted lines
is not read. A part that runs again by itself finds its own marks again. The page of words has them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import streamlit as st
from markupsafe import Markup

from connectivity.claims.glossary import GLOSSARY, SELDOM, Term
from connectivity.html.app_parts import folded
from connectivity.html.render import macro

MET = "terms explained"
PARTS = "parts of the page with terms"
MOST = 2
"""Terms that one part of a page opens (assumption: more of them hide the sentence)."""
AT_FIRST = 2
"""Parts of a page that are its first view, the strip and what follows it: one term each."""
WANTED = (
    "modelled",
    "not-enough-data",
    "try",
    "among-the-worst",
    "home-working-line",
    "essential-online-service",
    "in-place-of",
    "worst-tenth",
    "score",
    "best-fit",
    "small-area",
    "weights",
)
"""Keys of the terms a reader needs most, in that order; the others in the order in which they stand."""
MEASURED = "terms of measured lines"
CLOSED = frozenset(("a", "button", "code", "h1", "h2", "h3", "summary", "caption"))
"""Inside these a word stays as it is: a link, a button, a command, or a heading read out by itself."""
HIDDEN = 'aria-hidden="true"'
VOID = frozenset(("br", "img", "hr", "wbr"))
_TERM_OF = {form.lower(): term for term in GLOSSARY for form in term.written}
_FORMS = sorted(_TERM_OF, key=len, reverse=True)
_WORD = rf"(?<![\w-])(?P<word>{'|'.join(map(re.escape, _FORMS))})(?![\w-])"
_ANY = re.compile(rf"(?P<before>\(?){_WORD}(?P<after>[),.;:?!]*)", re.IGNORECASE)
"""A term with the marks that touch it: a button may stand alone on a line, a bracket or a full stop must not."""


def begin(*, measured: bool = False) -> None:
    """Forget what was explained: a page starts, of lines measured in the past or not."""
    st.session_state[MET] = {}
    st.session_state[PARTS] = []
    st.session_state[MEASURED] = measured


def _measured() -> bool:
    return bool(st.session_state.get(MEASURED, False))


def explained(html: Markup | str, *, part: str, most: int = MOST) -> Markup:
    """Make the terms in HTML that a reader needs most open their meaning, where the page has not yet explained them.

    Parameters
    ----------
    html
        Made by us, with words from files escaped.
    part
        Names this piece of the page, so that it keeps its marks when it is drawn again.
    most
        How many terms it may open; none where it stands in the first view beside parts that open theirs.
    """
    met: dict[str, str] = st.session_state.setdefault(MET, {})
    pieces, open_to = _pieces(str(html))
    wanted = _chosen([piece for piece, may in zip(pieces, open_to, strict=True) if may], met=met, part=part, most=most)
    here: set[str] = set()
    held = macro("terms.html", "held")

    def mark(found: re.Match[str]) -> str:
        term = _TERM_OF[found["word"].lower()]
        if term.key not in wanted or term.key in here:
            return found[0]
        met[term.key] = part
        here.add(term.key)
        opened = opener(found["word"], term=term)
        if not found["before"] and not found["after"]:
            return opened
        return held(found["before"], opened, found["after"])

    made = [_ANY.sub(mark, piece) if may else piece for piece, may in zip(pieces, open_to, strict=True)]
    return Markup("".join(made))  # noqa: S704 - what was HTML stays it; what was added, a template made


def _pieces(html: str) -> tuple[list[str], list[bool]]:
    """Part HTML into tags and what stands between them, and say of each whether a term may be opened in it."""
    around: list[tuple[str, bool]] = []  # the tags that are open, and whether each is closed to terms
    pieces, may = re.split(r"(<[^>]*>)", html), []
    for piece in pieces:
        if tag := re.match(r"<(/?)(\w+)", piece):
            if tag[1]:
                while around and around.pop()[0] != tag[2]:
                    pass
            elif tag[2] not in VOID:
                around.append((tag[2], tag[2] in CLOSED or HIDDEN in piece))
            may.append(False)
        else:
            may.append(not any(closed for _, closed in around))
    return pieces, may


def _chosen(pieces: Iterable[str], *, met: Mapping[str, str], part: str, most: int) -> set[str]:
    """Choose the terms that a part opens: those it can, the most wanted first."""
    parts: list[str] = st.session_state.setdefault(PARTS, [])
    found = dict.fromkeys(_TERM_OF[one["word"].lower()].key for piece in pieces for one in _ANY.finditer(piece))
    new = [key for key in found if met.get(key, part) == part]
    if new and part not in parts:
        parts.append(part)
    most = min(most, 1) if part in parts[:AT_FIRST] else most
    rank = {key: at for at, key in enumerate(WANTED)}
    return set(sorted(new, key=lambda key: rank.get(key, len(rank)))[:most])


def say(html: Markup | str, *, part: str, most: int = MOST) -> None:
    """Show HTML with its terms explained: for a page's running text, legends and notes. Nothing for nothing."""
    if html:
        st.html(explained(html, part=part, most=most))


def opener(word: str, *, term: Term) -> Markup:
    """Draw a word as a button, and the note it opens; Escape, or a press anywhere else, closes it."""
    return macro("terms.html", "opener")(word, term.key, term.name, term.of(measured=_measured()))


def listed_terms() -> Markup:
    """List every term with its meaning, each under an address of its own; those of the analyst's pages are folded."""
    measured, listed = _measured(), macro("terms.html", "listed")

    def rows(*, seldom: bool) -> list[tuple[str, str, str]]:
        return [(one.key, one.name, one.of(measured=measured)) for one in GLOSSARY if (one.key in SELDOM) == seldom]

    return listed(rows(seldom=False)) + folded("Words on the pages for analysts", listed(rows(seldom=True)))
