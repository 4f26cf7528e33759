"""Where a postcode's first letters are: the town they are called after, the country, and those that are no place.

Names and countries are Royal Mail's postcode areas, as ONS gives them in the guide to its postcode products. Areas
that lie in two countries are given the one most of their addresses are in (assumption): it only words a hint.
"""

from __future__ import annotations

from typing import Literal

Realm = Literal[
    "England", "Wales", "Scotland", "Northern Ireland", "island", "forces", "no place", "overseas", "old", "unheard"
]
"""Country, or why it is in none: a Crown dependency, the forces, no place, overseas, out of use, unheard of."""

ENGLAND = (
    "AL St Albans|B Birmingham|BA Bath|BB Blackburn|BD Bradford|BH Bournemouth|BL Bolton|BN Brighton|BR Bromley|"
    "BS Bristol|CA Carlisle|CB Cambridge|CH Chester|CM Chelmsford|CO Colchester|CR Croydon|CT Canterbury|CV Coventry|"
    "CW Crewe|DA Dartford|DE Derby|DH Durham|DL Darlington|DN Doncaster|DT Dorchester|DY Dudley|E East London|"
    "EC central London|EN Enfield|EX Exeter|FY Blackpool|GL Gloucester|GU Guildford|HA Harrow|HD Huddersfield|"
    "HG Harrogate|HP Hemel Hempstead|HR Hereford|HU Hull|HX Halifax|IG Ilford|IP Ipswich|KT Kingston upon Thames|"
    "L Liverpool|LA Lancaster|LE Leicester|LN Lincoln|LS Leeds|LU Luton|M Manchester|ME Rochester|MK Milton Keynes|"
    "N north London|NE Newcastle upon Tyne|NG Nottingham|NN Northampton|NR Norwich|NW north-west London|OL Oldham|"
    "OX Oxford|PE Peterborough|PL Plymouth|PO Portsmouth|PR Preston|RG Reading|RH Redhill|RM Romford|S Sheffield|"
    "SE south-east London|SG Stevenage|SK Stockport|SL Slough|SM Sutton|SN Swindon|SO Southampton|SP Salisbury|"
    "SR Sunderland|SS Southend-on-Sea|ST Stoke-on-Trent|SW south-west London|SY Shrewsbury|TA Taunton|TF Telford|"
    "TN Tonbridge|TQ Torquay|TR Truro|TS Teesside|TW Twickenham|UB Southall|W west London|WA Warrington|"
    "WC central London|WD Watford|WF Wakefield|WN Wigan|WR Worcester|WS Walsall|WV Wolverhampton|YO York"
)
WALES = "CF Cardiff|LD Llandrindod Wells|LL Llandudno|NP Newport|SA Swansea"
SCOTLAND = (
    "AB Aberdeen|DD Dundee|DG Dumfries|EH Edinburgh|FK Falkirk|G Glasgow|HS the Outer Hebrides|IV Inverness|"
    "KA Kilmarnock|KW Kirkwall|KY Kirkcaldy|ML Motherwell|PA Paisley|PH Perth|TD Galashiels|ZE Lerwick"
)
REALMS: dict[Realm, str] = {
    "England": ENGLAND,
    "Wales": WALES,
    "Scotland": SCOTLAND,
    "Northern Ireland": "BT Belfast",
    "island": "JE Jersey|GY Guernsey|IM the Isle of Man",
    "forces": "BF the British forces|BFPO the British forces",
    "no place": "BX no place|XX returned parcels|GIR the former Girobank",
    "old": "NPT Newport, until NP took its place",
    "overseas": (
        "AI Anguilla|ASCN Ascension Island|BBND British Indian Ocean Territory|BIQQ the British Antarctic Territory|"
        "FIQQ the Falkland Islands|GX Gibraltar|PCRN the Pitcairn Islands|SIQQ South Georgia|STHL Saint Helena|"
        "TDCU Tristan da Cunha|TKCA the Turks and Caicos Islands"
    ),
}
NO_PLACE = frozenset({"BS98", "BT58", "EC50", "IM99", "N1P", "N81", "NE98", "NE99", "SA99", "WV98", "WV99"})
"""First halves kept for large senders of mail (assumption, after public lists: Royal Mail's own is not open)."""

_KNOWN: dict[str, tuple[Realm, str]] = {
    entry.split(" ", 1)[0]: (realm, entry.split(" ", 1)[1])
    for realm, entries in REALMS.items()
    for entry in entries.split("|")
}


def realm_of(area: str, *, first_half: str = "") -> tuple[Realm, str]:
    """Say what a postcode's first letters are.

    Parameters
    ----------
    area
        The letters it begins with.
    first_half
        The first half; some of a town's are no place.

    Returns
    -------
    tuple
        The realm, and the town or place it is called after.

    Examples
    --------
    >>> realm_of("DT"), realm_of("BT"), realm_of("ZZ"), realm_of("BS", first_half="BS98")[0]
    (('England', 'Dorchester'), ('Northern Ireland', 'Belfast'), ('unheard', ''), 'no place')
    """
    if first_half in NO_PLACE:
        return "no place", "large senders of mail"
    return _KNOWN.get(area, ("unheard", ""))
