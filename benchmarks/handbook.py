"""A published worked example, with our own functions: the Technology Achievement Index of the OECD/JRC Handbook.

OECD and JRC (2008), Handbook on Constructing Composite Indicators, ISBN 978-92-64-04345-9: raw data, table A.2 (p.
152); weights and ranks, tables 22 and 23 (p. 100); ranks by aggregation, table 38 (p. 116); four numbers, pp. 103–104.
The goalposts are those of the original index as printed in Saisana, Saltelli and Tarantola (2005), JRSS A 168(2), table
1; the Handbook gives telephones and electricity as logarithms to base 10, and what lies beyond a post counts as it.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from connectivity.method.kernel import Aggregation
from connectivity.method.ranking import severity_rank
from connectivity.method.records import Indicator
from connectivity.method.scoring import Weights, badness, score
from layers.figures import Figure

COLUMNS = ("patents", "royalties", "internet", "exports", "telephones", "electricity", "schooling", "university")
VALUES = """\
Finland         187 125.6 200.2 50.7 3.08 4.15 10.0 27.4
United States   289 130.0 179.1 66.2 3.00 4.07 12.0 13.9
Sweden          271 156.6 125.8 59.7 3.10 4.14 11.4 15.3
Japan           994  64.6  49.0 80.8 3.00 3.86  9.5 10.0
Korea           779   9.8   4.8 66.7 2.97 3.65 10.8 23.2
Netherlands     189 151.2 136.0 50.9 3.02 3.77  9.4  9.5
United Kingdom   82 134.0  57.4 61.9 3.02 3.73  9.4 14.9
Singapore         8  25.5  72.3 74.9 2.95 3.83  7.1 24.2
Canada           31  38.6 108.0 48.7 2.94 4.18 11.6 14.2
Australia        75  18.2 125.9 16.2 2.94 3.94 10.9 25.3
Germany         235  36.8  41.2 64.2 2.94 3.75 10.2 14.4
Norway          103  20.2 193.6 19.0 3.12 4.39 11.9 11.2
Ireland         106 110.3  48.6 53.6 2.97 3.68  9.4 12.3
Belgium          72  73.9  58.9 47.6 2.91 3.86  9.3 13.6
New Zealand     103  13.0 146.7 15.4 2.86 3.91 11.7 13.1
Austria         165  14.8  84.2 50.3 2.99 3.79  8.4 13.6
France          205  33.6  36.4 58.9 2.97 3.80  7.9 12.6
Israel           74  43.6  43.2 45.0 2.96 3.74  9.6 11.0
Spain            42   8.6  21.0 53.4 2.86 3.62  7.3 15.6
Italy            13   9.8  30.4 51.0 3.00 3.65  7.2 13.0
Czech Republic   28   4.2  25.0 51.7 2.75 3.68  9.5  8.2
Hungary          26   6.2  21.6 63.5 2.73 3.46  9.1  7.7
Slovenia        105   4.0  20.3 49.5 2.84 3.71  7.1 10.6
"""
"""In the order of the Handbook's linear ranking, 1 to 23."""
POSTS = {
    "patents": (994, 0),
    "royalties": (272.6, 0),
    "internet": (232.4, 0),
    "exports": (80.8, 0),
    "telephones": (math.log10(901), math.log10(1)),
    "electricity": (math.log10(6969), math.log10(22)),
    "schooling": (12.0, 0.8),
    "university": (27.4, 0.1),
}
EVEN = (1,) * 8
WEIGHTS = {
    "equal": EVEN,
    "factor analysis": (0.17, 0.15, 0.11, 0.06, 0.08, 0.13, 0.13, 0.17),
    "budget allocation": (0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18),
    "analytic hierarchy": (0.09, 0.10, 0.07, 0.21, 0.05, 0.06, 0.18, 0.25),
}
RANKS = {
    "equal": tuple(range(1, 24)),
    "factor analysis": (1, 2, 3, 4, 5, 6, 8, 11, 10, 7, 12, 9, 14, 15, 13, 16, 17, 18, 19, 20, 21, 23, 22),
    "budget allocation": (1, 2, 3, 5, 4, 8, 7, 6, 10, 11, 9, 13, 12, 14, 17, 15, 16, 18, 19, 21, 22, 20, 23),
    "analytic hierarchy": (1, 3, 4, 5, 2, 11, 7, 6, 10, 9, 8, 16, 12, 13, 18, 15, 14, 17, 19, 21, 22, 20, 23),
}
GEOMETRIC_RANKS = (2, 1, 3, 4, 16, 5, 6, 18, 13, 14, 8, 11, 7, 9, 17, 12, 10, 15, 19, 21, 23, 22, 20)
FOUR = {(21, 1, 1, 1): "2.14", (21, 2, 1, 1): "2.54", (6, 6, 6, 6): "6", (6, 7, 6, 6): "6.23"}
"""Four indicators and their geometric mean as printed; the Handbook cuts off and does not round."""


def countries() -> pd.DataFrame:
    """Give the raw data of the 23 countries."""
    rows = [line.rsplit(maxsplit=8) for line in VALUES.splitlines()]
    return pd.DataFrame([row[1:] for row in rows], index=[row[0] for row in rows], columns=COLUMNS, dtype=float)


def on_goalposts(table: pd.DataFrame, posts: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Put each column on its goalposts with the function that puts the index's own indicators there."""
    found = {}
    for name, (good, bad) in posts.items():
        pair = Figure(good, "", "good", "table 1"), Figure(bad, "", "bad", "table 1")
        indicator = Indicator(name, "need", name, "", (name,), (pair,), "OECD and JRC 2008")
        found[name] = badness(table, indicator=indicator)
    return pd.DataFrame(found)


def joined(bad: pd.DataFrame, *, weights: tuple[float, ...], aggregation: Aggregation) -> pd.Series:
    """Join any number of columns of badness with the score, which joins two: what is joined so far, and the next.

    With need and alternatives weighing nothing the score is the infeasibility alone, and a weighted mean of means is
    the mean of all.
    """
    running, total = bad.iloc[:, 0], weights[0]
    for column, weight in zip(bad.columns[1:], weights[1:], strict=True):
        pair = {"score_remote": running, "score_digital": bad[column], "score_need": 0.0, "score_alternative": 0.0}
        running = score(pd.DataFrame(pair), weights=Weights(total, weight, 0, 0), aggregation=aggregation)
        total += weight
    return running


def linear_ranks(name: str) -> pd.Series:
    """Rank the countries, best first, by the weighted mean with the weights of that name."""
    bad = on_goalposts(countries(), POSTS)
    return severity_rank(100 - joined(bad, weights=WEIGHTS[name], aggregation="arithmetic"))


def geometric_ranks() -> pd.Series:
    """Rank the countries, best first, by the geometric mean of the raw values, as table 38 does.

    Each column is measured against its largest value, which changes no rank: a geometric mean of ratios keeps its order
    whatever the unit.
    """
    table = countries()
    posts = {name: (float(table[name].max()), 0.0) for name in table}
    return severity_rank(100 - joined(on_goalposts(table, posts), weights=EVEN, aggregation="geometric"))


def geometric_mean(values: tuple[float, ...]) -> float:
    """Join a few comforts, 1 to 100, by the score's own geometric mean."""
    bad = pd.DataFrame([[100 - value for value in values]], columns=[str(place) for place in range(len(values))])
    return float(100 - joined(bad.astype(float), weights=(1,) * len(values), aggregation="geometric").iloc[0])


def section() -> str:
    """Write the section of docs/validation.md."""
    rows = []
    for name, published in RANKS.items():
        same = linear_ranks(name).to_numpy() == np.array(published)
        furthest = int(np.abs(linear_ranks(name).to_numpy() - np.array(published)).max())
        rows.append(f"| weighted mean, {name} weights | tables 22 and 23, p. 100 | {same.sum()} of 23 | {furthest} |")
    off = np.abs(geometric_ranks().to_numpy() - np.array(GEOMETRIC_RANKS))
    rows.append(f"| geometric mean, equal weights | table 38, p. 116 | {(off == 0).sum()} of 23 | {off.max()} |")
    four = ", ".join(f"{printed} (ours {geometric_mean(values):.4f})" for values, printed in FOUR.items())
    return "\n".join([HEAD, *rows, "", TAIL.format(four=four, sum=sum(WEIGHTS["analytic hierarchy"])), ""])


HEAD = """# A published example, reproduced

The OECD/JRC Handbook (2008) carries one index through the whole book: the Technology Achievement Index of 23 countries.
Our functions make it from the raw data of its table A.2 (page 152): `scoring.badness` puts values on goalposts,
`scoring.score` takes the means, `ranking.severity_rank` ranks.

| made with | Handbook | ranks the same | furthest off |
|---|---|--:|--:|"""
TAIL = """The goalposts are those of the original index (Saisana, Saltelli and Tarantola 2005, table 1). Two sets of
weights are printed with two digits and cannot give every rank; those of the analytic hierarchy add up to {sum:.2f} as
printed. Table 38 takes the geometric mean of raw values. Four geometric means on pages 103 and 104, where the Handbook
cuts digits off: {four}."""
