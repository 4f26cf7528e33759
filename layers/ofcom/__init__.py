"""Ofcom's releases: by authority, output area and postcode, the measured lines of 2013, and mobile."""
