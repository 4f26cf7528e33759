"""Templates escape whatever they are given, know every name they use, and mark nothing as safe by themselves."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from connectivity.html.quality_page import quality_table
from connectivity.html.render import ENVIRONMENT, TEMPLATES, bullet_list, isolated, macro, render, text

HOSTILE = '<script>alert(\'1\')</script>" onload="x" {{ 7 * 7 }} & ' + chr(0x202E)
"""What a file or a reader might write: tags, an attribute, an expression of a template, a letter that turns words."""


def harmless(page: str) -> bool:
    return "<script" not in page and 'onload="' not in page and chr(0x202E) not in page and "49" not in page


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.iterdir() if path.suffix in {".html", ".svg"}))
def test_every_template_can_be_read_and_marks_nothing_as_safe(name):
    ENVIRONMENT.get_template(name)
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|Markup", source)


def test_whatever_is_given_is_escaped_in_words_lists_tables_and_attributes():
    made = [
        text(HOSTILE),
        bullet_list([HOSTILE]),
        quality_table(HOSTILE, [HOSTILE, HOSTILE], [[HOSTILE, HOSTILE]]),
        macro("quality_parts.html", "link")(HOSTILE, HOSTILE),
        macro("plain_parts.html", "way")(HOSTILE, HOSTILE),
        isolated(f"In {HOSTILE} nobody.", HOSTILE),
    ]
    assert all(harmless(one) for one in made)
    assert all(isinstance(one, Markup) for one in made)


def test_html_that_a_template_made_is_not_escaped_twice():
    assert bullet_list([bullet_list(["a & b"])]) == "<ul><li><ul><li>a &amp; b</li></ul></li></ul>"


def test_a_name_that_is_not_given_is_an_error_and_not_an_empty_place():
    with pytest.raises(UndefinedError):
        render("council.html", claim="All of it but the rest")
