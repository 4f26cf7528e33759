"""Terms explained where they first stand: the word is a button that opens its meaning. No script, no data.

A page's first use of a term is marked, wherever it stands; a part that runs again by itself finds its own marks again.
"""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from connectivity.claims.glossary import GLOSSARY, Term

MET = "terms explained"
CLOSED = frozenset(("a", "button", "code", "h1", "h2", "h3", "summary", "caption"))
"""Inside these a word stays as it is: a link, a button, a command, or a heading read out by itself."""
HIDDEN = 'aria-hidden="true"'
VOID = frozenset(("br", "img", "hr", "wbr"))
_TERM_OF = {form.lower(): term for term in GLOSSARY for form in term.written}
_FORMS = sorted(_TERM_OF, key=len, reverse=True)
_WORD = rf"(?<![\w-])(?P<word>{'|'.join(map(re.escape, _FORMS))})(?![\w-])"
_ANY = re.compile(rf"(?P<before>\(?){_WORD}(?P<after>[),.;:?!]*)", re.IGNORECASE)
"""A term with the marks that touch it: a button may stand alone on a line, a bracket or a full stop must not."""


def begin() -> None:
    """Forget what was explained: a page starts."""
    st.session_state[MET] = {}


def explained(html: str, *, part: str) -> str:
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

    def mark(found: re.Match[str]) -> str:
        term = _TERM_OF[found["word"].lower()]
        if term.key in here or met.setdefault(term.key, part) != part:
            return found[0]
        here.add(term.key)
        opened = opener(found["word"], term=term)
        if not found["before"] and not found["after"]:
            return opened
        return f'<span class="ns-held">{found["before"]}{opened}{found["after"]}</span>'

    around: list[tuple[str, bool]] = []  # the tags that are open, and whether each is closed to terms
    made = []
    for piece in re.split(r"(<[^>]*>)", html):
        if tag := re.match(r"<(/?)(\w+)", piece):
            if tag[1]:
                while around and around.pop()[0] != tag[2]:
                    pass
            elif tag[2] not in VOID:
                around.append((tag[2], tag[2] in CLOSED or HIDDEN in piece))
            made.append(piece)
        else:
            made.append(piece if any(closed for _, closed in around) else _ANY.sub(mark, piece))
    return "".join(made)


def say(html: str, *, part: str) -> None:
    """Show HTML with its terms explained: for a page's running text, legends and notes. Nothing for nothing."""
    if html:
        st.html(explained(html, part=part))


def opener(word: str, *, term: Term) -> str:
    """Draw a word as a button, and the note it opens; Escape, or a press anywhere else, closes it."""
    note = f"term-{term.key}"
    return (
        f'<button type="button" class="ns-term" popovertarget="{note}">{word}</button>'
        f'<span class="ns-means" id="{note}" popover="auto"><b>{escape(term.name)}.</b> {escape(term.says)}</span>'
    )


def listed() -> str:
    """List every term with its meaning, each under an address of its own."""
    entries = "".join(f'<dt id="{term.key}">{escape(term.name)}</dt><dd>{escape(term.says)}</dd>' for term in GLOSSARY)
    return f'<dl class="ns-words">{entries}</dl>'
