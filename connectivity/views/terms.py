"""Terms explained where they first stand: the word is a button that opens its meaning. No script, no data.

A page's first use of a term is marked, wherever it stands; a part that runs again by itself finds its own marks again.
"""

from __future__ import annotations

import re

import streamlit as st
from markupsafe import Markup

from connectivity.claims.glossary import GLOSSARY, Term
from connectivity.html.render import macro

MET = "terms explained"
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
    st.session_state[MEASURED] = measured


def _measured() -> bool:
    return bool(st.session_state.get(MEASURED, False))


def explained(html: Markup | str, *, part: str) -> Markup:
    """Make each term in HTML that the page has not yet explained open its meaning.

    Parameters
    ----------
    html
        Made by us, with words from files escaped.
    part
        Names this piece of the page, so that it keeps its marks when it is drawn again.
    """
    met: dict[str, str] = st.session_state.setdefault(MET, {})
    here: set[str] = set()

    held = macro("terms.html", "held")

    def mark(found: re.Match[str]) -> str:
        term = _TERM_OF[found["word"].lower()]
        if term.key in here or met.setdefault(term.key, part) != part:
            return found[0]
        here.add(term.key)
        opened = opener(found["word"], term=term)
        if not found["before"] and not found["after"]:
            return opened
        return held(found["before"], opened, found["after"])

    around: list[tuple[str, bool]] = []  # the tags that are open, and whether each is closed to terms
    made = []
    for piece in re.split(r"(<[^>]*>)", str(html)):
        if tag := re.match(r"<(/?)(\w+)", piece):
            if tag[1]:
                while around and around.pop()[0] != tag[2]:
                    pass
            elif tag[2] not in VOID:
                around.append((tag[2], tag[2] in CLOSED or HIDDEN in piece))
            made.append(piece)
        else:
            made.append(piece if any(closed for _, closed in around) else _ANY.sub(mark, piece))
    return Markup("".join(made))  # noqa: S704 - what was HTML stays it; what was added, a template made


def say(html: Markup | str, *, part: str) -> None:
    """Show HTML with its terms explained: for a page's running text, legends and notes. Nothing for nothing."""
    if html:
        st.html(explained(html, part=part))


def opener(word: str, *, term: Term) -> Markup:
    """Draw a word as a button, and the note it opens; Escape, or a press anywhere else, closes it."""
    return macro("terms.html", "opener")(word, term.key, term.name, term.of(measured=_measured()))


def listed_terms() -> Markup:
    """List every term with its meaning, each under an address of its own."""
    measured = _measured()
    return macro("terms.html", "listed")([(term.key, term.name, term.of(measured=measured)) for term in GLOSSARY])
