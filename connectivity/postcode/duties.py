"""The right to ask for decent broadband, as records: who owes it, how fast, and up to what cost."""

from __future__ import annotations

from layers.figures import Figure

LAW = "SI 2018/445, Schedule 1"
REGULATOR = "Ofcom, broadband universal service: what you need to know (March 2024); assumption that it still holds"

DOWNLOAD = Figure(10, "Mbit/s", "download you may ask for", LAW)
UPLOAD = Figure(1, "Mbit/s", "upload you may ask for", LAW)
COST = Figure(3400, "pounds", "cost up to which the provider pays for the work", REGULATOR)
WAIT = Figure(12, "months", "no right where public money is due to build a decent line within this time", REGULATOR)
PROVIDER, PROVIDER_IN_HULL, HULL = "BT", "KCOM", "E06000010"
"""Who must answer the request (Ofcom, designation of universal service providers, 2019); Hull by its council's code."""


def provider(district_code: str) -> str:
    """Name the company that must answer the request.

    >>> provider("E06000059"), provider("E06000010")
    ('BT', 'KCOM')
    """
    return PROVIDER_IN_HULL if district_code == HULL else PROVIDER
