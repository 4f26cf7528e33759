"""Outlines from GeoJSON, TopoJSON, GeoPackage and GeoParquet, on British National Grid."""
