"""How the page of a service decides: the rules, the numbers behind them, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from connectivity import service
from connectivity.claims import about_services
from connectivity.service import LOOSE, STRICT, USUAL, Alternative, helping
from connectivity.views import serviceview
from connectivity.views.view import View


def rules(view: View) -> str:
    """Draw how it is decided: the steps, where help is near, how many places other marks would move."""
    counts = {
        name: service.counted(serviceview.found(view, marks=marks))
        for name, marks in (("strict", STRICT), ("usual", USUAL), ("loose", LOOSE))
    }
    steps = _items(about_services.steps(serviceview.chosen(view), basis=view.basis), tag="ol")
    said = (
        about_services.near(serviceview.known(view), helpers=_helpers(view)),
        about_services.sensitivity(**counts, basis=view.basis),
    )
    return steps + "".join(f"<p>{escape(line)}</p>" for line in said)


def numbers(view: View) -> str:
    """Draw the numbers that the decisions rest on, each with its range and who says so."""
    made = "".join(
        f'<tr><th scope="row">{escape(meaning)}</th><td>{escape(value)}</td><td>{escape(span)}</td>'
        f"<td>{escape(source)}</td></tr>"
        for meaning, value, span, source in about_services.records(
            serviceview.chosen(view), helpers=_helpers(view), basis=view.basis
        )
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("What it is", "Value", "Range", "Who says so"))
    return (
        '<div class="ns-scroll" tabindex="0" role="region" aria-label="The numbers it rests on, scrolls">'
        f'<table class="ns-table"><caption class="ns-unseen">The numbers it rests on</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{made}</tbody></table></div>"
    )


def _helpers(view: View) -> list[Alternative]:
    return helping(serviceview.known(view), service=serviceview.chosen(view))


def left_out() -> str:
    """List what the page does not consider."""
    return _items(about_services.NOT_CONSIDERED, tag="ul")


def _items(lines: Sequence[str], *, tag: str) -> str:
    return f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{tag}>"
