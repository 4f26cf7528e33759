"""The tables of `docs/costs.md`: the contracts, how far off each would have been foretold, and the interventions."""

from __future__ import annotations

from pathlib import Path

from connectivity.claims.grammar import pounds
from connectivity.investment.costs import (
    FAILURE,
    LEAST_SIZE,
    SCHEME_COST,
    SHAPE,
    cost_level,
    cost_records,
    leave_one_out,
    root_mean_square,
)
from connectivity.investment.interventions import INTERVENTIONS
from layers.figures import Figure

BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
"""Between them stands what `cost_tables` writes; a test holds both equal."""


def cost_tables() -> str:
    """Return the tables of `docs/costs.md` as Markdown, from the records as they are."""
    parts = (_level(), _left_out_one_by_one(), _not_counted(), _assumed(), _interventions())
    return "\n\n".join(parts)


def _level() -> str:
    level, tried = cost_level(), leave_one_out()
    off = tried["error"].abs()
    low, high = (pounds(round(end, -1), exact=True) for end in (level.low, level.high))
    return (
        f"The level is **{pounds(level.value, exact=True)}** of public money for each premises passed: the geometric "
        f"mean of {level.contracts} separate contracts. For a contract not seen the 90% range is "
        f"**{low} to {high}** (Student’s t on the logarithms; "
        f"{int(tried['within'].sum())} of the {level.contracts} lie in the range that the others "
        f"give). Each left out in turn, the root mean square error of the logarithm is "
        f"**{root_mean_square(tried['log_error']):.3f}**; half cost within {off.median():.0%} of what the others "
        f"foretell, the worst {off.max():.0%} off."
    )


def _left_out_one_by_one() -> str:
    lines = [
        "| contract | year | cost a premises | what the others foretell | off by | in their range | source |",
        "|---|---|---|---|---|---|---|",
    ]
    for _, one in leave_one_out().iterrows():
        cost, foretold = (pounds(float(one[name]), exact=True) for name in ("cost", "foretold"))
        held = "yes" if one["within"] else "no"
        cells = (
            one["item"],
            one["year"],
            cost,
            foretold,
            f"{one['error']:+.0%}",
            held,
            f"[{one['source']}]({one['url']})",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _not_counted() -> str:
    lines = [
        "| published figure | value | kind of money | not in the level because | source |",
        "|---|---|---|---|---|",
    ]
    for one in cost_records().values():
        if not one.in_level:
            value = f"{one.value:,.0f} {one.unit}"
            lines.append(f"| {one.item} | {value} | {one.kind} | {one.left_out_because} | [{one.source}]({one.url}) |")
    return "\n".join(lines)


def _assumed() -> str:
    figures: tuple[Figure, ...] = (SHAPE, SCHEME_COST, LEAST_SIZE, FAILURE)
    lines = ["| figure | value | from | to | unit | source |", "|---|---|---|---|---|---|"]
    for one in figures:
        ends = (one.value if end is None else end for end in (one.low, one.high))
        low, high = (f"{end:,.3g}" if end < 1 else f"{end:,.0f}" for end in ends)
        best = f"{one.value:,.3g}" if one.value < 1 else f"{one.value:,.0f}"
        lines.append(f"| {one.meaning} | {best} | {low} | {high} | {one.unit} | {one.source} |")
    return "\n".join(lines)


def _interventions() -> str:
    lines = [
        "| intervention | low | best | high | unit | kind of money | who may fund it | lead time | fixes | source |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in INTERVENTIONS.values():
        cells = [pounds(cost, exact=True) for cost in (one.cost.low, one.cost.best, one.cost.high)]
        fixes = ", ".join(f"{who} {chance.central:g}" for who, chance in one.fixes.items()) or "nobody at home"
        lines.append(
            f"| `{one.key}`: {one.label} | {cells[0]} | {cells[1]} | {cells[2]} | {one.cost.unit} | {one.cost.kind} "
            f"| {', '.join(one.funders)} | {one.lead_months[0]} to {one.lead_months[1]} months | {fixes} "
            f"| {one.cost.source} |"
        )
    return "\n".join(lines)


def write_tables(document: Path) -> None:
    """Put the tables between their marks in the document."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    document.write_text(f"{before}{BEGIN}\n{cost_tables()}\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_tables(Path("docs/costs.md"))
