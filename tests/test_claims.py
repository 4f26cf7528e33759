"""Claims: typed, closed, worded once, and refused where a rule says so. Wording itself is pinned by one golden file."""

from __future__ import annotations

import ast
import math
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifests import hand_manifest
from worded import GOLDEN, PUBLISHED, TODAY, sentences

import connectivity
from connectivity.claims import claim as claim_module
from connectivity.claims import grammar, linter
from connectivity.claims.claim import Basis, Claim, Provenance, Sentence, total, wording
from connectivity.claims.grammar import lead_of, listed, rounded_alike
from connectivity.claims.linter import RULES, WORDING_RULES, UnsafeClaimError, lint
from connectivity.robustness.tiers import SURE

THEN = Basis("Then", "June 2013", "lines", "measured sync speeds", False, False, modelled=False)
MARSHWOOD = Claim("places.remote", "Marshwood Vale", 41, 58, 97, 212, TODAY)
THEN_MARSHWOOD = replace(MARSHWOOD, basis=THEN, unit="")


def test_every_sentence_reads_as_the_golden_file_has_it():
    assert sentences() == Path(GOLDEN).read_text(encoding="utf-8")


def test_a_claim_is_closed_and_takes_the_unit_of_its_study():
    assert MARSHWOOD.unit == "premises"
    assert Claim("places.remote", "Ash", 1, 2, 3, 40, THEN).unit == "lines"
    with pytest.raises(FrozenInstanceError):
        MARSHWOOD.best = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        MARSHWOOD.details["more"] = 1  # type: ignore[index]


def test_a_claim_off_a_row_says_where_its_figures_are():
    row = {"area_code": "E1", "area_name": "Ash", "premises": 40}
    row |= {"remote_infeasible_low": 1.0, "remote_infeasible": 2.0, "remote_infeasible_high": 3.0}
    claim = Claim.of_row(row, profile="remote", basis=TODAY)
    assert (claim.provenance.column, claim.provenance.areas) == ("remote_infeasible", ("E1",))
    assert total([claim, claim], place="Both").provenance.areas == ("E1", "E1")


def test_plain_text_marks_nothing_and_says_the_same():
    assert MARSHWOOD.say("plain") == MARSHWOOD.say()
    assert MARSHWOOD.say("plain").marked == ""


def test_a_key_is_worded_once_and_an_unknown_one_not_at_all():
    MARSHWOOD.say()
    with pytest.raises(ValueError, match="worded twice"):
        wording("places.remote")(lambda _claim, _form: Sentence(""))
    with pytest.raises(KeyError):
        replace(MARSHWOOD, key="places.nothing").say()


REFUSED = {
    "no range": replace(MARSHWOOD, low=math.nan),
    "range without width": replace(MARSHWOOD, low=58, high=58),
    "rank without range": replace(MARSHWOOD, unit="rank", low=math.nan, high=math.nan),
    "product of shares": replace(MARSHWOOD, combines="product"),
    "percentage of few": replace(MARSHWOOD, percent=True, low=1, best=2, high=3, of=9),
    "worse without certainty": replace(MARSHWOOD, better=("Ash", SURE.value - 0.01)),
    "lines as premises": replace(MARSHWOOD, basis=THEN, unit="people"),
    "difference of ranks": replace(MARSHWOOD, unit="rank", low=-9, best=-4, high=2, combines="difference"),
    "council's mobile figure": replace(MARSHWOOD, provenance=Provenance(column="indoor_4g", about="area")),
    "finer than its source": replace(
        MARSHWOOD,
        basis=replace(TODAY, finest="council").published,
        provenance=Provenance(column="remote_infeasible", areas=("E01000001",), about="area"),
    ),
    "red light": replace(MARSHWOOD, basis=replace(TODAY, packed=True, notice="This must not be published.")),
    "cost without a range": replace(MARSHWOOD, key="investment.cost", unit="pounds", low=5e6, best=5e6, high=5e6),
    "kinds of money added": replace(MARSHWOOD, details={"kinds": ("subsidy", "total build")}),
    "portfolio without its gap": replace(MARSHWOOD, key="investment.portfolio"),
    "few people in a plan": replace(MARSHWOOD, key="investment.left", unit="people", low=2, best=9, high=20),
}
SAFE = {
    "no range": replace(MARSHWOOD, low=58),
    "range without width": replace(MARSHWOOD, low=58, high=58, drawn=True),
    "rank without range": replace(MARSHWOOD, unit="rank", low=3, high=9),
    "product of shares": replace(MARSHWOOD, combines="bounds"),
    "percentage of few": replace(MARSHWOOD, percent=True),
    "worse without certainty": replace(MARSHWOOD, better=("Ash", SURE.value)),
    "lines as premises": replace(MARSHWOOD, basis=THEN, unit="lines"),
    "difference of ranks": replace(MARSHWOOD, combines="difference"),
    "council's mobile figure": replace(MARSHWOOD, provenance=Provenance(column="indoor_4g")),
    "finer than its source": replace(
        MARSHWOOD,
        basis=replace(TODAY, finest="council"),
        provenance=Provenance(column="remote_infeasible", areas=("E01000001",), about="area"),
    ),
    "red light": replace(MARSHWOOD, basis=replace(TODAY, notice="This must not be published.")),
    "cost without a range": replace(MARSHWOOD, key="investment.cost", unit="pounds", low=3e6, best=5e6, high=8e6),
    "kinds of money added": replace(MARSHWOOD, details={"kinds": ("subsidy", "subsidy")}),
    "portfolio without its gap": replace(MARSHWOOD, key="investment.portfolio", details={"gap": 0.0}),
    "few people in a plan": replace(MARSHWOOD, key="investment.left", unit="people", low=2, best=10, high=20),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_each_rule_refuses_what_is_unsafe_with_its_reason_and_lets_the_rest_stand(rule):
    with pytest.raises(UnsafeClaimError, match=rule.key) as refused:
        REFUSED[rule.key].say()
    assert rule.reason in str(refused.value)
    assert rule.source.startswith("method §")
    lint(SAFE[rule.key])


def test_every_rule_that_is_tried_stands():
    assert {rule.key for rule in RULES} == set(REFUSED) == set(SAFE)
    assert {rule.key for rule in WORDING_RULES} == set(ILL_WORDED) == set(WELL_WORDED)


IN_A_PLAN = replace(MARSHWOOD, key="investment.left", basis=replace(TODAY, modelled=False))
ILL_WORDED = {
    "modelled without the word": (MARSHWOOD, "“About 58 of 212 premises in Marshwood Vale (Ofcom, July 2025).”"),
    "measured called available": (THEN_MARSHWOOD, "About 58 of 212 lines cannot support one home worker."),
    "available called measured": (MARSHWOOD, "“About 58 of 212 premises fell short (modelled).”"),
    "universal service without fixed wireless": (MARSHWOOD, "“About 58 of 212 have the legal right (modelled).”"),
    "cost as a quote": (IN_A_PLAN, "The scheme will cost £5m."),
    "value for money from one ratio": (IN_A_PLAN, "At £8,000 a premises it is value for money."),
    "promise as a build": (IN_A_PLAN, "The 400 premises promised in 2024 are built."),
}
WELL_WORDED = {
    "modelled without the word": (MARSHWOOD, "“About 58 of 212 premises (modelled from Ofcom, July 2025).”"),
    "measured called available": (THEN_MARSHWOOD, "About 58 of 212 lines did not achieve it."),
    "available called measured": (MARSHWOOD, "“About 58 of 212 premises fall short (modelled).”"),
    "universal service without fixed wireless": (
        MARSHWOOD,
        "“About 58 of 212 have the legal right, fixed wireless counted (modelled).”",
    ),
    "cost as a quote": (IN_A_PLAN, "The scheme would cost about £5m. This is an estimate, not a quote."),
    "value for money from one ratio": (IN_A_PLAN, "That is about £8,000 for each premises."),
    "promise as a build": (IN_A_PLAN, "Promised, and not counted as built: 400 premises."),
}


@pytest.mark.parametrize("rule", WORDING_RULES, ids=lambda rule: rule.key)
def test_each_rule_on_words_refuses_what_is_unsafe_wherever_it_is_said(rule, monkeypatch):
    claim, said = ILL_WORDED[rule.key]
    monkeypatch.setitem(claim_module._WORDINGS, claim.key, lambda _claim, _form: Sentence("", said))
    with pytest.raises(UnsafeClaimError, match=rule.key) as refused:
        claim.say("quotation")
    assert rule.reason in str(refused.value)
    assert rule.source.startswith("method §")
    claim, said = WELL_WORDED[rule.key]
    assert str(claim.say("quotation")) == said


def test_the_areas_figure_of_a_modelled_build_cannot_be_said_as_published_but_its_councils_can():
    here = replace(TODAY, finest="council")
    row = {"area_code": "E01000001", "area_name": "Ash", "premises": 40}
    row |= {"remote_infeasible_low": 2.0, "remote_infeasible": 2.0, "remote_infeasible_high": 2.0}
    area = Claim.of_row(row, profile="remote", basis=here)
    area.say()
    with pytest.raises(UnsafeClaimError, match="finer than its source"):
        replace(area, basis=here.published).say()
    del row["area_code"]
    council = Claim.of_row(row, profile="remote", basis=here).of_whole_councils()
    assert not council.modelled
    council.say()


def test_a_build_knows_the_smallest_place_its_source_counts():
    assert Basis.of(hand_manifest(coverage_modelled=True)).finest == "council"
    assert Basis.of(hand_manifest(coverage_modelled=False)).finest == "area"


def test_a_claim_whose_range_leaves_out_its_best_estimate_is_refused():
    assert linter.no_range(replace(MARSHWOOD, high=57))


def test_bounds_need_no_best_estimate_and_are_refused_the_wrong_way_round():
    bounds = replace(MARSHWOOD, low=0, best=math.nan, high=31, combines="bounds")
    lint(bounds)
    assert linter.no_range(replace(bounds, low=32))
    assert linter.no_range(replace(bounds, high=math.nan))
    assert linter.no_range(replace(bounds, combines=""))


@given(st.floats(0, 5_000), st.integers(10, 200_000))
def test_a_count_and_its_whole_are_rounded_alike_and_about_stands_where_a_file_says_otherwise(best, more):
    of = best + more
    lead, whole = lead_of(best, best, best, of)
    exact = best < 1000
    assert whole == rounded_alike(best, of)[1] == (f"{round(of):,}" if exact else f"{round(of / 100) * 100:,}")
    said = lead.removeprefix("about ").replace(",", "")
    if said.isdigit() and abs(int(said) - best) > 0.005:
        assert lead.startswith("about ")


def test_a_modelled_figure_is_always_about():
    assert str(SAFE["range without width"].say("cell")) == "about 58 of 212 premises, the same in 9 of 10 tries"
    assert str(replace(SAFE["range without width"], basis=replace(TODAY, modelled=False)).say("cell")).startswith(
        "58 of 212"
    )


def test_people_reckoned_from_premises_are_about_even_where_the_premises_were_published():
    people = Claim("services.people", "Ash", 12, 12, 12, math.nan, PUBLISHED, unit="people", estimated=True)
    assert (people.estimate, people.noun, people.span) == ("about 12", "people", "")
    assert replace(people, estimated=False).estimate == "12"


def test_a_whole_councils_total_is_published_where_it_has_no_range_and_an_estimate_where_it_has_one():
    exact = replace(MARSHWOOD, low=58, best=58, high=58)
    assert str(exact.of_whole_councils().say("cell")) == "58 of 212 premises"
    assert MARSHWOOD.of_whole_councils() is MARSHWOOD
    assert MARSHWOOD.say("cell").startswith("about 58")


def test_a_number_of_places_and_a_rank_are_claims_of_their_own_units():
    kept = Claim.of_places("services.places", "Dorset", 3, of=219, basis=TODAY, details={"help": 4})
    assert (kept.unit, kept.noun, kept.details["help"]) == ("places", "places", 4)
    lint(kept)
    ranked = Claim.of_rank("places.rank", "Ash", 3, of=219, basis=TODAY, between=(2, 9))
    assert (ranked.unit, ranked.low, ranked.best, ranked.high) == ("rank", 2, 3, 9)
    lint(ranked)
    lint(Claim.of_rank("places.rank", "Ash", 3, of=219, basis=TODAY))
    with pytest.raises(UnsafeClaimError, match="rank without range"):
        lint(Claim.of_rank("places.rank", "Ash", 3, of=219, basis=TODAY, between=(math.nan, 9)))


def test_a_list_ends_as_it_is_told_to():
    assert listed([]) == ""
    assert listed(["a", "b", "c"], last="or") == "a, b or c"


CHANGED = """
from dataclasses import replace
from connectivity.robustness import tiers
tiers.SURE, tiers.WORTH = replace(tiers.SURE, value=0.8), replace(tiers.WORTH, value=0.2)
tiers.RANGE = replace(tiers.RANGE, value=0.8)
tiers.TIERS = tiers.worded_tiers()
from connectivity.claims import about_certainty, glossary
from connectivity.claims.claim import Basis
from connectivity.robustness.ranks import rank_claim
from connectivity.robustness.robustness_report import tiers_claim
basis = Basis("S", "July 2025", "premises", "availability", True, False, True)
counts = dict.fromkeys(tiers.TIERS, 3)
for said in (
    tiers.TIERS["robust"].meaning,
    tiers.TIERS["feasible"].meaning,
    about_certainty.meaning("robust", basis=basis),
    str(tiers_claim(counts, place="Dorset", draws=1000, basis=basis).say("quotation")),
    str(rank_claim({"severity_rank": 3, "rank_p05": 2, "rank_p95": 9}, basis=basis).say()),
    about_certainty.BETWEEN,
    about_certainty.called_worse(),
    " ".join(about_certainty.READ),
    glossary.find("rank-range").says,
    about_certainty.among_the_worst(basis),
    about_certainty.FORMULAE["Tiers"],
    glossary.find("almost-certain").says,
    glossary.find("among-the-worst").says,
):
    print(said.encode("unicode_escape").decode())
"""


def test_a_tiers_constant_is_said_wherever_the_tier_is():
    run = subprocess.run([sys.executable, "-c", CHANGED], capture_output=True, text=True, check=True)
    said = run.stdout.splitlines()
    assert len(said) == 13
    for words in said:
        assert "8 of 10 " in words or "20%" in words or "0.8" in words
        assert "9 of 10" not in words
        assert "0.9" not in words
        assert "10%" not in words


EXCEPT = {
    "commands/compare_verb.py": "pages that a command wrote",
    "commands/fetch_verb.py": "files and bytes that a command fetched, and the places it was asked for",
    "commands/pack_verbs.py": "bytes and checks of a pack",
    "commands/sources_verb.py": "files that can be fetched",
    "evidence/holdings.py": "sizes of files",
    "evidence/verification.py": "rows that were checked, and how far they are apart",
    "evidence/word_rules.py": "bytes, words and rows of a Word file",
    "places/drawn_shapes.py": "where in a reader's shape a fault is",
    "views/look.py": "CSS",
    "views/small_figures.py": "CSS",
}
"""Modules outside the room of claims that write numbers among words, each with what it counts instead of a place."""
COUNTED = re.compile(r"[,%]|\.\d+f")
WORDS_ALONE = {"capital", "day", "listed", "moment", "month", "small_letter"}
"""What the grammar writes that is no count."""
GRAMMAR = {"len", *grammar.__all__} - WORDS_ALONE
"""What writes or counts a number."""


def figures_worded(code: str) -> list[int]:
    """List the lines of f-strings that mix words with a number they count or format.

    Not those of errors that are raised, nor numbers of constants, whose names have capitals only: thresholds.
    """
    tree = ast.parse(code)
    errors = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    errors += [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func).endswith("Error")]
    excused = {id(part) for error in errors for part in ast.walk(error)}
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and id(node) not in excused
        and re.search(
            r"[A-Za-z]{2}", "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        )
        and any(_counts(part) for part in node.values if isinstance(part, ast.FormattedValue))
    )


def _counts(part: ast.FormattedValue) -> bool:
    names = [_name(node) for node in ast.walk(part.value) if isinstance(node, ast.Name)]
    if names and all(name.isupper() for name in names):
        return False
    spec = ast.unparse(part.format_spec) if part.format_spec else ""
    called = {_name(node.func) for node in ast.walk(part.value) if isinstance(node, ast.Call)}
    return bool(COUNTED.search(spec) or called & GRAMMAR)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('f"{count:,} places in {where}"', [1]),
        ('f"{share:.0%} of them"', [1]),
        ('\nf"{number(best)} of {number(of)} lines"', [2]),
        ('f"All {len(codes)} councils"', [1]),
        ('f"{several(count, noun)} here"', [1]),
        ('f"{width:.1f}px"', [1]),
        ('f"{claim.say()} Written to {folder}"', []),
        ('f"{LIMIT.value:,} or more places"', []),
        ('f"{count:,}"', []),
        ('raise LayerError(f"{count:,} rows are wrong")', []),
        ('fault = LayerError(found=f"{len(rows)} rows")', []),
        ('"%s places" % count', []),
    ],
)
def test_the_guard_finds_a_planted_sentence_and_lets_the_rest_stand(code, lines):
    assert figures_worded(code) == lines


def test_no_module_outside_the_room_of_claims_words_a_figure():
    root = Path(connectivity.__file__).parent
    modules = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*.py"))}
    worded = {name: figures_worded(path.read_text(encoding="utf-8")) for name, path in modules.items()}
    assert any(lines for name, lines in worded.items() if name.startswith("claims/"))
    found = {name: lines for name, lines in worded.items() if lines and not name.startswith("claims/")}
    assert {name: lines for name, lines in found.items() if name not in EXCEPT} == {}
    assert set(EXCEPT) <= set(found), "an exception that is needed no longer"
