"""The Indices of Deprivation as published: Files 7 and 8 of 2019 and 2025, and the Welsh index of 2019.

Headings are the publishers'; the figures are made up. The first area has an income rate of 10 %, the next 11 % and so
on; employment rates are half of that; DfT's connectivity score is 50, 51 and so on; the broadband indicator -0.4,
-0.3 and so on.
"""

from __future__ import annotations

import csv
import io

from official.spreadsheets import ods, xlsx
from official.world import World

RANK, DECILE = "Rank (where 1 is most deprived)", "Decile (where 1 is most deprived 10% of LSOAs)"
DOMAINS = {
    "Index of Multiple Deprivation (IMD)": "Score",
    "Income": "Score (rate)",
    "Employment": "Score (rate)",
    "Education, Skills and Training": "Score",
    "Health Deprivation and Disability": "Score",
    "Crime": "Score",
    "Barriers to Housing and Services": "Score",
    "Living Environment": "Score",
    "Income Deprivation Affecting Children Index (IDACI)": "Score (rate)",
    "Income Deprivation Affecting Older People (IDAOPI)": "Score (rate)",
    "Children and Young People Sub-domain": "Score",
    "Adult Skills Sub-domain": "Score",
    "Geographical Barriers Sub-domain": "Score",
    "Wider Barriers Sub-domain": "Score",
    "Indoors Sub-domain": "Score",
    "Outdoors Sub-domain": "Score",
}
PEOPLE = {
    2019: (
        "Total population: mid 2015 (excluding prisoners)",
        "Dependent Children aged 0-15: mid 2015 (excluding prisoners)",
        "Population aged 16-59: mid 2015 (excluding prisoners)",
        "Older population aged 60 and over: mid 2015 (excluding prisoners)",
        "Working age population 18-59/64: for use with Employment Deprivation Domain (excluding prisoners) ",
    ),
    2025: (
        "Total population: mid 2022",
        "Dependent Children aged 0-15: mid 2022",
        "Older population aged 60 and over: mid 2022",
        "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
    ),
}
"""Denominators at the end of File 7 (their exact words are an assumption; no loader asks for them)."""
REISSUED = {"first": ("E06000062", "West Northamptonshire"), "corrected": ("E07000177", "Cherwell")}
ROADS = (
    "Road distance to a post office indicator (km)",
    "Road distance to a primary school indicator (km)",
    "Road distance to general store or supermarket indicator (km)",
    "Road distance to a GP surgery indicator (km)",
)
BARRIERS = (
    "Connectivity Score",
    "Owner-occupation affordability (component of housing affordability indicator)",
    "Private rental affordability (component of housing affordability indicator)",
    "Housing affordability indicator",
    "Digital Connectivity (Broadband download and upload speeds)",
    "Core homelessness rate (% of households)",
    "Patient-to-GP Ratio",
    "Homelessness indicator (rate per 1,000 households)",
    "Household overcrowding indicator (rooms)",
    "Household overcrowding indicator (bedrooms)",
)
WELSH = ("Income", "Employment", "Health", "Education", "Access to Services", "Housing", "Community Safety")


def keys(year: int) -> list[str]:
    """Give the four headings every file of a year begins with."""
    area, district = (2011, 2019) if year == 2019 else (2021, 2024)
    place = f"Local Authority District {{}} ({district})"
    return [f"LSOA code ({area})", f"LSOA name ({area})", place.format("code"), place.format("name")]


def places(world: World, year: int, *, issue: str = "corrected") -> list[list[str]]:
    """Give code, name and district of every area; for 2025 also of the one whose district was put right."""
    if year == 2019:
        table = world.areas.drop_duplicates("lsoa11")[["lsoa11", "lsoa11_name", "old_district", "district_name"]]
        return table.to_numpy().tolist()
    table = world.areas[["lsoa21", "lsoa21_name", "district", "district_name"]]
    others = table[table["lsoa21"] != "E01027305"].to_numpy().tolist()
    return [*others, ["E01027305", "West Northamptonshire 048E", *REISSUED[issue]]]


def file_7(world: World, *, year: int = 2025, issue: str = "corrected", percent: bool = False) -> bytes:
    """Make File 7, a CSV with every official heading.

    Parameters
    ----------
    issue
        Of 2025: ``first`` or ``corrected``.
    percent
        Whether rates are in percent, as in some copies.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    measures = [f"{domain} {words}" for domain, score in DOMAINS.items() for words in (score, RANK, DECILE)]
    writer.writerow([*keys(year), *measures, *PEOPLE[year]])
    for number, place in enumerate(places(world, year, issue=issue)):
        income = 0.10 + number % 40 / 100
        cells: list[object] = []
        for domain in DOMAINS:
            rate = {"Income": income, "Employment": income / 2}.get(domain, 20.5)
            cells += [f"{rate * 100 if percent and rate < 1 else rate:.3f}", f"{1_000 + number:,}", 1 + number % 10]
        writer.writerow([*place, *cells, *([1_500] * len(PEOPLE[year]))])
    return text.getvalue().encode()


def file_8_2025(world: World, *, issue: str = "corrected") -> bytes:
    """Make File 8 of 2025: notes and one sheet for each domain."""
    rows: list[list[object]] = [[*keys(2025), *BARRIERS]]
    for number, place in enumerate(places(world, 2025, issue=issue)):
        figures = dict.fromkeys(BARRIERS, 1.5) | {
            "Connectivity Score": 50.0 + number % 50,
            "Digital Connectivity (Broadband download and upload speeds)": round(-0.4 + number % 30 / 10, 3),
        }
        rows.append([*place, *figures.values()])
    income: list[list[object]] = [[*keys(2025), "Income Domain numerator"]]
    income += [[*place, 20] for place in places(world, 2025, issue=issue)]
    notes = [[], [], [None, None, "Domain", "Indicator", "Data supplier"], [None, None, "Income", "Numerator", "DWP"]]
    return xlsx({"Notes": notes, "IoD25 Income Domain": income, "IoD25 Barriers Domain": rows})


def file_8_2019(world: World) -> bytes:
    """Make File 8 of 2019: road distances of 1, 2, 3 and 4 km everywhere."""
    rows = [[*keys(2019), *ROADS], *([*place, 1.0, 2.0, 3.0, 4.0] for place in places(world, 2019))]
    return xlsx({"Notes": [["Notes"]], "IoD2019 Income Domain": [keys(2019)], "IoD2019 Barriers Domain": rows})


def wimd_2019(*, scores: bool = False, areas: int = 1909) -> bytes:
    """Make the Welsh index of 2019: two lines of title, then ranks or scores of every Welsh area.

    The first area is the most deprived by income and the least by employment.
    """
    headings = [
        "LSOA code ",
        "LSOA name (Eng)",
        "Local Authority name (Eng)",
        "WIMD 2019 ",
        *WELSH,
        "Physical Environment",
    ]
    rows: list[list[object]] = [["WIMD 2019: Local Area (LSOA) index and domain"], [], [*headings]]
    for number in range(areas):
        ranks = [number + 1, number + 1, areas - number, *([number + 1] * 6)]
        figures = [round(100 - rank / 20 + 0.003, 3) for rank in ranks] if scores else ranks
        rows.append([f"W01{number + 1:06}", f"Somewhere {number}", "Powys", *figures])
    return ods({"Contents": [["Contents"]], "Data" if scores else "WIMD_2019_ranks": rows})
