"""The words of a plan for a budget: what it would bring and cost, how sure that is, who is left and who can act."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Form, Provenance, Sentence, wording
from connectivity.claims.grammar import listed, number, one_decimal, plural, pounds, several
from connectivity.investment.candidates import areas_left_out, drawn_whole
from connectivity.investment.choice import WITHIN
from connectivity.investment.costs import ENDED, NAMED, known_sources
from connectivity.investment.interventions import INTERVENTIONS
from connectivity.investment.portfolio import Portfolio
from connectivity.investment.responsibility import ACTORS, COMMITTED
from connectivity.method.records import FEWEST, PEOPLE_PER_PREMISES
from connectivity.postcode.answer import provider
from connectivity.robustness.tiers import RANGE, of_draws

HALF = 0.5
"""Of the tries: a scheme that is in the best plan less often is not settled."""
STEP = 100_000.0
"""Pounds of a step at the margin."""
SHOWN_SCHEMES = 5
"""Schemes named in a sentence (assumption: as many as one reads)."""
PROOF = "investment.portfolio"
NEEDS = {"remote": "support one home worker", "digital": "use an essential online service"}
"""What those who are counted cannot do today, for premises and people."""
NO_QUOTE = "It is an estimate from other places’ contracts, not a quote."
ASSUMED = "It is an estimate, in part from assumptions, not a quote."
ALL_PAID = "Everyone without a gigabit line in a scheme is paid for, and only those who are newly able are counted."


def portfolio_claims(plan: Portfolio) -> list[Claim]:
    """Return what is claimed of a portfolio, in the order in which it is read; who is left comes last.

    A claim on fewer than ten people is not made.
    """
    claims = [_bought(plan)]
    if len(plan.schemes):
        claims += [_often(plan), _cost(plan), _each(plan)]
    claims += [_margin(plan), *_schemes(plan), *_shares(plan)]
    promised = [] if COMMITTED not in plan.build.areas else [_promised(plan)]
    claims += [*promised, _left(plan), *_left_out(plan)]
    return [one for one in claims if not (one.unit == "people" and 0 < one.best < FEWEST.value)]


def _basis(plan: Portfolio) -> Basis:
    return Basis.of(plan.build.manifest)


def _unit(plan: Portfolio) -> str:
    return "people" if plan.request.counted == "people" else plan.build.manifest.unit


def _told(plan: Portfolio) -> dict[str, object]:
    kinds = tuple(one.cost.kind for one in plan.found.interventions)
    return {
        "activity": plan.request.activity,
        "kinds": kinds,
        "contracts": all(INTERVENTIONS[key].reach == "passed" for key in plan.schemes["intervention"]),
        "budget": plan.request.budget,
        "gap": float(plan.choice.gap),
        "heading": plan.found.eligibility.heading,
    }


def _claim(
    plan: Portfolio,
    key: str,
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    best: float,
    *,
    unit: str = "",
    place: str = "",
    **details: object,
) -> Claim:
    low, high = plan.ends(values, best)
    return Claim(
        f"investment.{key}",
        place or _basis(plan).place,
        low,
        best,
        high,
        math.nan,
        _basis(plan),
        unit=unit or _unit(plan),
        details=_told(plan) | details,
        provenance=Provenance("portfolio.csv", "newly_able"),
        estimated=True,
        drawn=True,
    )


def _bought(plan: Portfolio) -> Claim:
    return _claim(
        plan,
        "portfolio",
        plan.drawn_value,
        plan.choice.value,
        spend=plan.choice.spend,
        schemes=[(row["intervention"], row["name"]) for _, row in plan.schemes.iterrows()],
    )


def _often(plan: Portfolio) -> Claim:
    often = plan.schemes["often"]
    return Claim.of_places(
        "investment.often",
        _basis(plan).place,
        float((often >= HALF).sum()),
        of=float(len(often)),
        basis=_basis(plan),
        details=_told(plan) | {"surest": float(often.max())},
        provenance=Provenance("portfolio.csv", "chosen_share_of_draws"),
    )


def _cost(plan: Portfolio) -> Claim:
    return _claim(plan, "cost", plan.drawn_cost, plan.choice.spend, unit="pounds")


def _each(plan: Portfolio) -> Claim:
    value = np.maximum(plan.drawn_value, 1e-9)
    return _claim(
        plan,
        "each",
        plan.drawn_cost / value,
        plan.choice.spend / max(plan.choice.value, 1e-9),
        unit="pounds",
        counted=_unit(plan),
    )


def _margin(plan: Portfolio) -> Claim:
    best = plan.choice.price * STEP
    spread = plan.drawn_value / max(plan.choice.value, 1e-9) * best
    return _claim(plan, "margin", spread, best)


def _schemes(plan: Portfolio) -> list[Claim]:
    by_code = dict(enumerate(plan.choice.chosen.tolist()))
    place_of = {int(plan.found.offers.iloc[offer]["scheme"]): offer for offer in by_code.values()}
    return [
        _claim(
            plan,
            "scheme",
            plan.drawn.value[place_of[int(place)]],
            float(row["able"]),
            place=str(row["name"]),
            council=str(row["district_name"]),
            areas=len(row["areas"]),
            passed=float(row["passed"]),
            often=float(row["often"]),
            cost=(float(row["cost_low"]), float(row["cost"]), float(row["cost_high"])),
            intervention=str(row["intervention"]),
        )
        for place, row in ((int(str(place)), row) for place, row in plan.schemes.iterrows())
    ]


def _shares(plan: Portfolio) -> list[Claim]:
    if not plan.by_share:
        return []
    values = np.array(list(plan.by_share.values()))
    return [_claim(plan, "shares", values, float(values.max()), by_share=dict(plan.by_share))]


def _promised(plan: Portfolio) -> Claim:
    chosen = [code for codes in plan.schemes["areas"] for code in codes]
    many = float(plan.found.areas.loc[chosen, "promised"].sum())
    return Claim(
        "investment.promised",
        _basis(plan).place,
        many,
        many,
        many,
        math.nan,
        _basis(plan).published,
        details=_told(plan),
        provenance=Provenance("areas.parquet", COMMITTED),
    )


def _left(plan: Portfolio) -> Claim:
    areas, activity = plan.build.areas, plan.request.activity
    each = plan.found.areas["each"] if plan.request.counted == "people" else 1.0
    cannot = float((areas[f"{activity}_infeasible"] * each).sum())
    whole = drawn_whole(plan.found, build=plan.build, draws=len(plan.drawn_value), seed=plan.build.manifest.seed)
    left = np.maximum(whole - plan.drawn_value, 0)
    return _claim(plan, "left", left, max(cannot - plan.choice.value, 0.0), all=cannot)


def _left_out(plan: Portfolio) -> list[Claim]:
    basis, unit = _basis(plan), plan.build.manifest.unit
    return [
        Claim(
            "investment.left_out",
            basis.place,
            float(areas),
            float(areas),
            float(areas),
            float(len(plan.build.areas)),
            basis,
            unit="places",
            details={"reason": reason, "cannot": cannot, "counted": unit, "activity": plan.request.activity},
            provenance=Provenance("areas.parquet", "area_code"),
        )
        for reason, (areas, cannot) in areas_left_out(plan.found).items()
    ]


def _newly(claim: Claim) -> str:
    need = NEEDS[str(claim.details["activity"])]
    if claim.basis.measured:
        return f"{claim.noun} whose speed in {claim.basis.release} fell short of what is needed to {need}"
    return f"{claim.noun} newly able to {need}"


@wording("investment.portfolio")
def what_the_money_buys(claim: Claim, form: Form) -> Sentence:
    """Say what a portfolio would bring, what it would cost, and how near to the best it is proved to be.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"activity": "remote", "budget": 5e6, "spend": 4.99e6, "gap": 0.0, "kinds": ("subsidy",),
    ...         "schemes": [("full-fibre", "Rookley"), ("full-fibre", "Wroxall")], "heading": "Eligibility not known."}
    >>> bought = Claim("investment.portfolio", "Wight", 441, 596, 1332, float("nan"), here, details=told)
    >>> str(bought.say())
    'Eligibility not known. With £5m, 2 schemes would make about 596 premises newly able to support one home worker. \
It could be 441 to 1,300. They are full fibre round Rookley and Wroxall. They would use £4.99m of it. The plan is \
within 0.01% of the best for these inputs; the inputs are not that sure.'
    >>> str(bought.say("cell"))
    'about 596 premises newly able, could be 441 to 1,300'
    """
    told = claim.details
    if form == "cell":
        return Sentence(f"{claim.estimate} {claim.noun}", f" newly able{claim.could}")
    schemes: Sequence[tuple[str, str]] = told["schemes"]
    before = f"{told['heading']} " if told["heading"] else ""
    modelled = " (modelled)" if form == "quotation" and claim.basis.modelled else ""
    if not schemes:
        none = f"{before}{pounds(told['budget'])} is not enough for any scheme{modelled}. {_proof(claim)}"
        return Sentence("", none)
    makes = "reach" if claim.basis.measured else "make"
    rest = (
        f" {_newly(claim)}{modelled}.{claim.could_be} {_which(schemes)} "
        f"{plural(len(schemes), 'It', 'They')} would use {pounds(told['spend'])} of it. {_proof(claim)}"
    )
    lead = f"{before}With {pounds(told['budget'])}, {several(len(schemes), 'scheme')} would {makes} "
    return Sentence(claim.estimate, rest, before=lead)


def _which(schemes: Sequence[tuple[str, str]]) -> str:
    parts = []
    for kind in dict.fromkeys(kind for kind, _ in schemes):
        names = [name for one, name in schemes if one == kind]
        more = len(names) - SHOWN_SCHEMES
        shown = [*names[:SHOWN_SCHEMES], f"{number(more)} more"] if more > 0 else names
        together = "; ".join(shown) if any("," in name for name in shown) else listed(shown)
        parts.append(f"{INTERVENTIONS[kind].short} round {together}")
    return f"{plural(len(schemes), 'It is', 'They are')} {'; '.join(parts)}."


def _proof(claim: Claim) -> str:
    within = max(float(claim.details["gap"]), WITHIN)
    percent = math.ceil(within * 10_000 - 1e-9) / 100
    return f"The plan is within {percent:.2f}% of the best for these inputs; the inputs are not that sure."


@wording("investment.often")
def how_settled(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many schemes of a plan belong to the best one whatever the counts and costs turn out to be.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim.of_places("investment.often", "Wight", 0, of=4, basis=here, details={"surest": 0.16}).say())
    'None of the 4 schemes is part of the best plan in half of the tries; the surest is in 16 of 100. Which places \
come first is not settled by these figures.'
    >>> str(Claim.of_places("investment.often", "Wight", 3, of=5, basis=here, details={"surest": 0.82}).say())
    '3 of the 5 schemes are part of the best plan in at least half of the tries; the surest is in 82 of 100.'
    """
    schemes = f"of the {several(round(claim.of), 'scheme')}"
    surest = f"the surest is in {100 * claim.details['surest']:.0f} of 100."
    if not claim.best:
        open_question = f"{surest} Which places come first is not settled by these figures."
        return Sentence("None", f" {schemes} is part of the best plan in half of the tries; {open_question}")
    are = "is" if claim.best == 1 else "are"
    half = f"{are} part of the best plan in at least half of the tries"
    return Sentence(number(claim.best), f" {schemes} {half}; {surest}")


@wording("investment.cost")
def what_it_would_cost(claim: Claim, form: Form) -> Sentence:
    """Say what the schemes would cost together, and how far off that may be.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> cost = Claim("investment.cost", "Wight", 3.21e6, 4.99e6, 7.96e6, float("nan"), here, "pounds",
    ...              details={"kinds": ("subsidy",)})
    >>> str(cost.say())
    'The schemes would cost about £4.99m of subsidy. It could be £3.21m to £7.96m. It is an estimate from other \
places’ contracts, not a quote.'
    """
    kind, rests = claim.details["kinds"][0], NO_QUOTE if claim.details.get("contracts", True) else ASSUMED
    said = Sentence(f"about {pounds(claim.best)}", f" of {kind}.{_could_cost(claim)} {rests}", before=_COST)
    return Sentence("", f"about {pounds(claim.best)}") if form == "cell" else said


_COST = "The schemes would cost "


def _could_cost(claim: Claim) -> str:
    return f" It could be {pounds(claim.low)} to {pounds(claim.high)}."


@wording("investment.each")
def what_each_pound_buys(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many pounds there are for each that is newly able.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"counted": "premises", "kinds": ("subsidy",)}
    >>> str(Claim("investment.each", "Wight", 3100, 8372, 14_800, float("nan"), here, "pounds", details=told).say())
    'That is about £8,370 for each premises newly able. It could be £3,100 to £14,800. Everyone without a gigabit line \
in a scheme is paid for, and only those who are newly able are counted.'
    """
    one = {"people": "person", "premises": "premises", "lines": "line"}[str(claim.details["counted"])]
    paid = f" {ALL_PAID}" if claim.details.get("contracts", True) else ""
    rest = f" for each {one} newly able.{_could_cost(claim)}{paid}"
    return Sentence(f"about {pounds(claim.best)}", rest, before="That is ")


@wording("investment.margin")
def what_more_would_buy(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what a little more money would bring.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim("investment.margin", "Wight", 8, 11.2, 24, float("nan"), here,
    ...           details={"activity": "remote"}).say())
    'At the margin £100,000 more would bring about 11 premises more. It could be 8 to 24.'
    """
    return Sentence(
        claim.estimate, f" {claim.noun} more.{claim.could_be}", before=f"At the margin {pounds(STEP)} more would bring "
    )


@wording("investment.scheme")
def one_scheme(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - a line of a list
    """Say what a scheme is, what it would bring and cost, and in how many tries it is chosen.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"activity": "remote", "kinds": ("subsidy",), "council": "Isle of Wight", "areas": 5, "passed": 978,
    ...         "often": 0.94, "cost": (1e6, 1.6e6, 2.6e6), "intervention": "full-fibre"}
    >>> str(Claim("investment.scheme", "Rookley", 150, 201, 420, float("nan"), here, details=told).say())
    'Rookley (Isle of Wight), full fibre, 5 small areas: about 201 premises newly able, could be 150 to 420; about \
£1.6m, could be £1m to £2.6m; chosen in 94 of 100 tries. It passes about 978 premises.'
    """
    told = claim.details
    low, best, high = told["cost"]
    passed = f" It passes about {number(told['passed'])} {claim.basis.unit}."
    return Sentence(
        "",
        f"{claim.place} ({told['council']}), {INTERVENTIONS[told['intervention']].short}, "
        f"{several(told['areas'], 'small area')}: {claim.estimate} {claim.noun} newly able{claim.could}; about "
        f"{pounds(best)}, could be {pounds(low)} to {pounds(high)}; {chosen_in(told['often'])}."
        f"{passed if INTERVENTIONS[told['intervention']].reach == 'passed' else ''}",
    )


def chosen_in(share: float) -> str:
    """Say in how many tries a scheme is part of the best plan.

    >>> chosen_in(0.94), chosen_in(0.004)
    ('chosen in 94 of 100 tries', 'chosen in almost no try')
    """
    return f"chosen in {round(100 * share)} of 100 tries" if round(100 * share) else "chosen in almost no try"


@wording("investment.shares")
def if_fewer_may_be_helped(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what the same money would bring if only a share of the premises were eligible.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"by_share": {0.0: 0.0, 0.5: 310.4, 1.0: 596.0}, "activity": "remote"}
    >>> str(Claim("investment.shares", "Wight", 0, 596, 596, float("nan"), here, details=told).say())
    'If only a share of the premises may be helped, the same money would bring: none of them, none; 50 of every 100, \
about 310 premises; all, about 596 premises (best estimates; each could be as far off as the plan).'
    """
    parts = []
    for share, value in claim.details["by_share"].items():
        who = "none of them" if share == 0 else "all" if share == 1 else f"{100 * share:.0f} of every 100"
        few = claim.unit == "people" and 0 < value < FEWEST.value
        many = "under ten people" if few else f"about {number(value)} {claim.unit}" if round(value) else "none"
        parts.append(f"{who}, {many}")
    lead = "If only a share of the premises may be helped, the same money would bring: "
    return Sentence("", f"{lead}{'; '.join(parts)} (best estimates; each could be as far off as the plan).")


@wording("investment.promised")
def promised_beside(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many premises in the schemes are promised by others, which counts for nothing here.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, False)
    >>> str(Claim("investment.promised", "Wight", 40, 40, 40, float("nan"), here).say())
    'Beside these, 40 premises in the same areas are in a plan or contract of BDUK’s. It is a promise, and counts \
neither as a build nor as helped here.'
    """
    rest = " premises in the same areas are in a plan or contract of BDUK’s. It is a promise, and counts neither as a "
    return Sentence(number(claim.best, exact=True), f"{rest}build nor as helped here.", before="Beside these, ")


@wording("investment.left")
def who_is_left(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many would be left once the plan is done.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"activity": "remote", "all": 27_696.0}
    >>> str(Claim("investment.left", "Wight", 23_000, 27_100, 41_000, float("nan"), here, details=told).say())
    'Left: about 27,100 premises that could still not support one home worker, could be 23,000 to 41,000. Today \
about 27,700.'
    """
    need = NEEDS[str(claim.details["activity"])]
    all_of_them = f"about {number(float(claim.details['all']))}."
    if claim.basis.measured:
        still = f" that fell short of what is needed to {need}"
        before = f"In {claim.basis.release} they were {all_of_them}"
    else:
        still, before = f" {'who' if claim.unit == 'people' else 'that'} could still not {need}", f"Today {all_of_them}"
    return Sentence(claim.estimate, f" {claim.noun}{still}{claim.could}. {before}", before="Left: ")


@wording("investment.left_out")
def why_left_out(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many small areas were not weighed, and why.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"reason": "out of scope", "cannot": 16_907.0, "counted": "premises", "activity": "remote"}
    >>> str(Claim("investment.left_out", "Wight", 1373, 1373, 1373, 1646, here, "places", details=told).say())
    'Not weighed, out of scope: 1,373 of 1,646 small areas, with about 16,900 of the premises that fall short.'
    """
    told = claim.details
    areas = f"{number(claim.best, exact=True)} of {number(claim.of, exact=True)} small areas"
    rest = f", with about {number(told['cannot'])} of the {told['counted']} that fall short."
    return Sentence("", f"Not weighed, {told['reason']}: {areas}{rest}")


def doubts(plan: Portfolio) -> list[str]:
    """Return what has to be known before a plan is used, as sentences."""
    kinds = [INTERVENTIONS[key] for key in dict.fromkeys(plan.request.interventions)]
    said = [
        f"Ranges are those of {of_draws(RANGE)}: of counts, of costs not yet seen, and of what each scheme does.",
        f"Contracts fail: of the {NAMED} named in the records {ENDED} were ended, cut or let again.",
        "Places are chosen by an estimate, some because it is too high there: look on the ground before paying.",
        *(one.note for one in kinds),
    ]
    if plan.request.counted == "people" and plan.found.people_estimated:
        each = PEOPLE_PER_PREMISES
        said.append(f"This study has no residents: people are {each.value:g} {each.unit}, whoever lives where.")
    month = INTERVENTIONS["satellite"].cost.best
    said.append(
        f"For comparison, and never added: low-orbit satellite is {pounds(month)} a month, paid by the household "
        f"({known_sources(['leo_monthly'])}), above the £45 that the universal service, fixed wireless counted, holds "
        "to be affordable."
    )
    return said


def who_can_act(plan: Portfolio) -> list[str]:
    """Return who can act on the schemes of a plan, by what route, and what is committed already, as sentences."""
    councils = plan.schemes.drop_duplicates("district_code").sort_values("district_code")
    if councils.empty:
        return []
    names = {
        "provider": listed(list(dict.fromkeys(provider(str(code)) for code in councils["district_code"]))),
        "council": f"the council ({listed([str(name) for name in councils['district_name']])})",
    }
    said = [
        f"Who can act: {one.who.format(**names)}. What they can do: {one.can}. When: {one.condition}. "
        f"Route: {one.route.format(**names)}."
        for one in ACTORS
    ]
    known = COMMITTED in plan.build.areas
    release = "BDUK’s list says what is promised" if known else "not known in this study, which has no BDUK list"
    return [*said, f"What is committed already: {release}."]


def promised_there(plan: Portfolio, areas: Sequence[str]) -> str:
    """Return how many premises of some areas are in a plan or contract of BDUK's; “not known” without its list."""
    if COMMITTED not in plan.build.areas:
        return "not known"
    return f"{plan.found.areas.loc[list(areas), 'promised'].sum():.0f}"


def portfolio_table(plan: Portfolio) -> pd.DataFrame:
    """Return the portfolio as a table, one row a scheme, rounded; fewer than ten people are left blank."""
    rows = []
    for place, row in plan.schemes.iterrows():
        hidden = plan.request.counted == "people" and row["able"] < FEWEST.value
        able = ["" if hidden else f"{row[name]:.0f}" for name in ("able_low", "able", "able_high")]
        rows.append(
            {
                "scheme": int(str(place)) + 1,
                "name": row["name"],
                "district_code": row["district_code"],
                "district_name": row["district_name"],
                "intervention": row["intervention"],
                "eligibility": "known" if plan.found.eligibility.known else "not known",
                "area_codes": "; ".join(row["areas"]),
                "passed": f"{row['passed']:.0f}",
                "counted": _unit(plan),
                "newly_able_low": able[0],
                "newly_able": able[1],
                "newly_able_high": able[2],
                "cost_low": f"{row['cost_low']:.0f}",
                "cost": f"{row['cost']:.0f}",
                "cost_high": f"{row['cost_high']:.0f}",
                "kind_of_money": INTERVENTIONS[row["intervention"]].cost.kind,
                "chosen_share_of_draws": f"{round(100 * row['often']) / 100:.2f}",
                "promised": promised_there(plan, row["areas"]),
                "who_can_act": "; ".join(one.key for one in ACTORS),
                "funders": "; ".join(INTERVENTIONS[row["intervention"]].funders),
                "months": "–".join(str(end) for end in INTERVENTIONS[row["intervention"]].lead_months),
                "risk_of_failure": one_decimal(100 * INTERVENTIONS[row["intervention"]].failure.value) + "%",
            }
        )
    return pd.DataFrame(rows, columns=TABLE)


TABLE = [
    "scheme",
    "name",
    "district_code",
    "district_name",
    "intervention",
    "eligibility",
    "area_codes",
    "passed",
    "counted",
    "newly_able_low",
    "newly_able",
    "newly_able_high",
    "cost_low",
    "cost",
    "cost_high",
    "kind_of_money",
    "chosen_share_of_draws",
    "promised",
    "who_can_act",
    "funders",
    "months",
    "risk_of_failure",
]
"""Columns of `portfolio.csv`."""
