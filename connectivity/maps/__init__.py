"""Maps: base layer, symbology, Folium layers and static figures. Knows no Streamlit."""
