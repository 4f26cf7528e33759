"""Who publishes each kind of layer, under which licence, with which words of attribution."""

from __future__ import annotations

from dataclasses import dataclass

OGL = "Open Government Licence v3.0"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of published layer.

    Parameters
    ----------
    kind
        The word used in study files.
    publisher, title
        Who publishes it and what it is called.
    licence, attribution
        The licence and the words it asks for.
    """

    kind: str
    publisher: str
    title: str
    attribution: str
    licence: str = OGL


_ONS = "Contains National Statistics data © Crown copyright and database right"
_OS = "Contains OS data © Crown copyright and database right"
_MAIL = "Contains Royal Mail data © Royal Mail copyright and database right"
_OFCOM = "Contains Ofcom data © Ofcom"

SOURCES: dict[str, Source] = {
    source.kind: source
    for source in (
        Source("boundaries", "Office for National Statistics", "Small area outlines (LSOA)", f"{_ONS}. {_OS}"),
        Source("lookup", "Office for National Statistics", "Small areas to districts and wards", _ONS),
        Source("postcodes", "Office for National Statistics, Ordnance Survey", "Postcodes", f"{_ONS}. {_OS}. {_MAIL}"),
        Source("wards", "Office for National Statistics", "Ward outlines", f"{_ONS}. {_OS}"),
        Source("ofcom_authority", "Ofcom", "Connected Nations: fixed coverage by local authority", _OFCOM),
        Source("ofcom_postcode_2013", "Ofcom", "UK fixed broadband by postcode, 2013", _OFCOM),
        Source("ofcom_oa", "Ofcom", "Connected Nations: fixed coverage by output area", _OFCOM),
        Source("ofcom_postcode", "Ofcom", "Connected Nations: fixed coverage by postcode", _OFCOM),
        Source("mobile", "Ofcom", "Connected Nations: mobile coverage by local authority", _OFCOM),
        Source("lsoa_changes", "Office for National Statistics", "LSOA 2011 to LSOA 2021, exact lookup", _ONS),
        Source(
            "postcode_premises",
            "the study's owner",
            "Premises by postcode",
            "Named by the study's owner",
            licence="as its owner states",
        ),
        Source("census", "Office for National Statistics", "Census 2021 by small area", _ONS),
        Source(
            "underlying_2025",
            "Ministry of Housing, Communities and Local Government; Department for Transport",
            "English Indices of Deprivation 2025: underlying indicators",
            "Contains public sector information licensed under the Open Government Licence v3.0",
        ),
        Source("wimd", "Welsh Government", "Welsh Index of Multiple Deprivation 2019", "Contains StatsWales data"),
        Source("output_areas", "Office for National Statistics", "2011 output areas", _ONS),
        Source("dwellings", "Valuation Office Agency", "Council tax: dwellings by small area", "Contains VOA data"),
        Source("area_classification", "Office for National Statistics", "2011 output area classification", _ONS),
        Source(
            "deprivation",
            "Ministry of Housing, Communities and Local Government",
            "English Indices of Deprivation",
            "Contains public sector information licensed under the Open Government Licence v3.0",
        ),
        Source("population", "Office for National Statistics", "Residents by age", _ONS),
        Source(
            "road_distances",
            "Ministry of Housing, Communities and Local Government",
            "English Indices of Deprivation: road distances to services",
            "Contains public sector information licensed under the Open Government Licence v3.0",
        ),
        Source("libraries", "Arts Council England", "Public libraries", "Contains Arts Council England data"),
        Source("stations", "Department for Transport", "Rail stations (NaPTAN)", "Contains NaPTAN data"),
        Source("dft_connectivity", "Department for Transport", "Connectivity metric", "Contains DfT data"),
        Source("open_uprn", "Ordnance Survey", "OS Open UPRN", _OS),
        Source("performance", "Ofcom", "Connected Nations: measured performance of fixed lines", _OFCOM),
        Source("subsidy", "Building Digital UK", "Premises in BDUK plans", "Contains BDUK data"),
        Source("reporting", "Office for National Statistics", "Boundaries to report by", f"{_ONS}. {_OS}"),
        Source("terrain", "Ordnance Survey", "OS Terrain 50", _OS),
        Source("raster", "the study's owner", "A raster", "Named by the study's owner", licence="as its owner states"),
        Source("rural_urban", "Office for National Statistics", "Rural–urban classification", _ONS),
    )
}
