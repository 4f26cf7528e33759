"""HTML from templates: the one environment, in which everything that is not a template's own text is escaped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from layers.errors import visible

TEMPLATES = Path(__file__).with_name("templates")


def _shown(value: object) -> object:
    """Show characters that would turn or hide the words around them; HTML that a template made is left as it is."""
    return value if isinstance(value, Markup) else visible(str(value))


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
"""A name that is not given is an error, never an empty place (Jinja2, StrictUndefined)."""


def render(template: str, **context: object) -> Markup:
    """Write a whole template.

    Parameters
    ----------
    template
        The name of a file in ``connectivity/html/templates``.
    context
        What it names. Strings are escaped where they are written; HTML made here before is not escaped again.
    """
    return Markup(ENVIRONMENT.get_template(template).render(context))  # noqa: S704 - the template escaped it


def macro(template: str, name: str) -> Callable[..., Markup]:
    """Give one macro of a template as a function that returns HTML."""
    return cast("Callable[..., Markup]", getattr(cast("Any", ENVIRONMENT.get_template(template).module), name))


def text(words: object) -> Markup:
    r"""Escape words for HTML, and show what would turn or hide them.

    >>> str(text("<b>" + chr(0x202E)))
    '&lt;b&gt;\\u202e'
    """
    return escape(visible(str(words)))


def isolated(sentence: str, name: str) -> Markup:
    """Escape a sentence and isolate the name in it, should it be written from right to left.

    >>> str(isolated("In A & B nobody.", "A & B"))
    'In <bdi>A &amp; B</bdi> nobody.'
    """
    before, found, after = sentence.partition(name)
    return Markup("{}<bdi>{}</bdi>{}").format(text(before), text(name), text(after)) if found else text(sentence)


def bullet_list(items: object) -> Markup:
    """Write sentences as a list."""
    return macro("parts.html", "bullets")(items)
