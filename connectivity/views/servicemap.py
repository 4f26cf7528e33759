"""The map of a service's decisions: its classes, its legend, what a pointer says."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from connectivity.claims import about_services
from connectivity.maps.symbology import IN_DOUBT, PAINTS, UNKNOWN
from connectivity.service import COUNTER, HELP, ONLINE, READINGS
from connectivity.views import look, plate, serviceview
from connectivity.views.view import View

CLASSES = {COUNTER: 5, HELP: IN_DOUBT, ONLINE: 6}
"""Classes of the map; the legend says what each means."""


def draw(view: View, *, picked: Callable[[str], None]) -> None:
    """Draw the legend and the map."""
    plate.draw(view, picked=picked, tiles=False, painting=painting(view))


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={View: serviceview.named})
def painting(view: View) -> plate.Painting:
    """Paint the areas by decision."""
    here = serviceview.found(view)
    says = [about_services.tooltip(row, basis=view.basis) for row in here.to_dict("records")]
    kinds = here["decision"].map(CLASSES).fillna(UNKNOWN).astype(int)
    return plate.Painting(serviceview.named(view), _legend(view), kinds, pd.Series(says, index=here.index))


def _legend(view: View) -> str:
    listed = ""
    for step, said in READINGS.items():
        box = look.box(PAINTS[CLASSES.get(step, UNKNOWN)])
        listed += f"<li>{box}{serviceview.symbol(said.mark)}{escape(said.name(view.basis))}</li>"
    return f'<p class="ns-key">{about_services.question(view.basis)}</p><ul class="ns-tiers ns-tiers-4">{listed}</ul>'
