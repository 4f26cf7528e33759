"""Rasters: opened safely, summarised by area, read off at points; terrain and density."""
