"""The app one would write in an afternoon: a choropleth of all places, a table, a picker and weights. For comparison.

It reads the same build. ``folium.Choropleth`` as Folium's guide has it, but for its colour bar, which needs a script
from the internet; Leaflet is given to it by whoever measures.
"""

from __future__ import annotations

import os
from pathlib import Path

import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

MEASURES = {"Home working": "score_remote", "Need": "score_need", "Score": "score"}


@st.cache_resource
def read() -> gpd.GeoDataFrame:
    """Read a build's areas."""
    return gpd.read_parquet(Path(os.environ["NOTSPOT_BUILD"]) / "areas.parquet").to_crs(4326)


st.set_page_config(layout="wide")
st.title("Broadband gaps")
areas = read()
column = MEASURES[st.radio("Measure", list(MEASURES), horizontal=True)]
weight = st.slider("Weight of need", 0, 100, 25)
table = areas.drop(columns="geometry").assign(
    score=areas["score_remote"] * (100 - weight) / 100 + areas["score_need"] * weight / 100
)
left, right = st.columns(2)
with left:
    made = folium.Map(location=[52.5, -1.6] if len(areas) > 5000 else [50.9, -1.6], zoom_start=8)  # noqa: PLR2004
    shapes = areas[["area_code", "area_name", "geometry"]]
    layer = folium.Choropleth(shapes, data=table, columns=["area_code", column], key_on="feature.properties.area_code")
    for name in [name for name in layer._children if name.startswith("color_map")]:  # noqa: SLF001 - as is usual
        del layer._children[name]  # noqa: SLF001 - the same
    layer.add_to(made)
    clicked = st_folium(made, height=620, use_container_width=True, returned_objects=["last_active_drawing"])
    if clicked and clicked.get("last_active_drawing"):
        st.subheader(clicked["last_active_drawing"]["properties"]["area_name"])
with right:
    st.dataframe(table[["area_name", "district_name", "premises", column]].sort_values(column, ascending=False))
