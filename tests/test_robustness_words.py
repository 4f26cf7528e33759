"""The words of doubt: each carries its number and denominator, and none claims more than the draws say."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectivity.claims import about_certainty
from connectivity.claims.about_certainty import FORMULAE, READ
from connectivity.claims.claim import Basis
from connectivity.robustness.ranks import chance_claim, ranges_claim, rank_claim
from connectivity.robustness.robustness_report import tiers_claim
from connectivity.robustness.tiers import SURE, TIERS, of_draws

TODAY = Basis("Demo", "July 2025", "premises", "availability", counts_fwa=True, counts_mobile=False, modelled=True)
THEN = Basis(
    "Then", "June 2013", "lines", "measured sync speeds", counts_fwa=False, counts_mobile=False, modelled=False
)
TWO = pd.DataFrame({"rank_p05": [1.0, 3.0], "rank_p95": [5.0, 19.0]}, index=["E1", "E2"])
COUNTS = {"robust": 24, "likely": 80, "depends": 1, "some": 1400, "feasible": 22, "alike": 0, "insufficient": 3}


def test_every_tier_has_words_and_a_symbol_of_its_own():
    assert set(about_certainty.READINGS) == set(TIERS)
    for part in ("cell", "alone", "mark"):
        assert len({getattr(said, part) for said in about_certainty.READINGS.values()}) == len(TIERS)
    assert about_certainty.reading("no such tier").mark == about_certainty.reading(None).mark == "nodata"


def test_a_headline_counts_the_places_that_have_a_rank_and_says_who_has_none():
    claim = tiers_claim(COUNTS, place="Dorset", draws=1000, basis=TODAY)
    assert (claim.best, claim.of, claim.unit, claim.provenance.column) == (24, 1527, "places", "tier")
    assert claim.details == {"counts": COUNTS, "draws": 1000}
    assert claim.say().marked == "24 of 1,527 places"
    assert "3 without enough data" in claim.say("card")
    alike = tiers_claim(COUNTS | {"alike": 902}, place="Dorset", draws=1000, basis=TODAY)
    assert alike.of == claim.of
    assert "902 with only their council’s figure, 3 without enough data" in alike.say("card")
    none = tiers_claim(COUNTS | {"robust": 0, "likely": 1}, place="Dorset", draws=1000, basis=TODAY)
    assert (none.best, none.of) == (0, 1424)
    assert none.say().marked == "None of 1,424 places"


def test_a_quotable_headline_has_number_denominator_place_test_date_and_caveat():
    said = tiers_claim(COUNTS, place="Dorset", draws=1000, basis=TODAY).say("quotation")
    for part in ("24 of 1,527", "Dorset", of_draws(SURE), "10% or more of its premises", "1,000 tries", "July 2025"):
        assert part in said
    assert "modelled from Ofcom" in said
    assert "fixed wireless counted, mobile not counted" in said


def test_lines_of_2013_are_never_called_premises_and_never_cannot():
    said = " ".join(
        [
            tiers_claim(COUNTS, place="Dorset", draws=1000, basis=THEN).say("quotation"),
            about_certainty.among_the_worst(THEN),
            *(about_certainty.meaning(tier, basis=THEN) for tier in TIERS),
        ]
    )
    assert not re.search(r"premises|cannot", said)
    assert "lines" in said
    assert "did not achieve" in said


@given(st.floats(0, 1))
def test_a_chance_is_never_rounded_up(chance):
    said = about_certainty.hundred(chance)
    assert (said == "100") == (chance == 1)
    assert (said == "none") == (chance == 0)
    if said.isdigit():
        assert int(said) / 100 <= chance + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "position", "said"),
    [
        (6, 106, 11, "between 6th and 106th worst."),
        (14, 300, 3, "between 14th and 300th worst: doubt moves it down."),
        (14, 300, 900, "between 14th and 300th worst: doubt moves it up."),
        (1, 1, 1, "it keeps that rank."),
        (2, 2, 1, "it ranks 2nd worst: doubt moves it down."),
    ],
)
def test_a_range_is_said_in_words_even_where_the_rank_lies_outside(low, high, position, said):
    row = {"area_code": "E1", "severity_rank": position, "rank_p05": low, "rank_p95": high}
    claim = rank_claim(row, basis=TODAY)
    assert (claim.low, claim.best, claim.high, claim.unit) == (low, position, high, "rank")
    assert claim.provenance.areas == ("E1",)
    assert claim.say().endswith(said)


def test_the_width_of_ranges_is_claimed_of_the_places_shown():
    claim = ranges_claim(TWO, ranked=20, tenth=2, left_out=True, basis=TODAY)
    assert (claim.best, claim.of, claim.details["shown"]) == (10, 20, 2)
    assert claim.provenance.areas == ("E1", "E2")
    assert "left out" in claim.say()
    assert "2 places" in claim.say("card")
    alone = ranges_claim(TWO.head(1), ranked=20, tenth=2, left_out=False, basis=TODAY)
    assert alone.say("card") == about_certainty.NO_TITLE
    assert "left out" not in alone.say()


def test_without_draws_that_is_said_and_the_command_stands_apart():
    assert "was not computed" in about_certainty.UNTESTED
    assert "python" not in about_certainty.UNTESTED
    command = "python -m connectivity build STUDY.toml --out dorset --draws 1000"
    assert about_certainty.draws_command("dorset") == command


def test_no_driver_is_said_where_none_stands_out_and_nothing_where_nothing_was_drawn():
    assert (
        about_certainty.place_driver("nothing stands out", basis=TODAY) == "No single assumption moves its rank most."
    )
    assert about_certainty.place_driver("", basis=TODAY) == ""
    assert "upload" in about_certainty.place_driver("what lines can upload", basis=TODAY)


def test_the_plain_explanation_has_no_formula_and_the_formulae_are_html_of_our_own():
    assert not re.search(r"[=≥≤~^Σ]|\bP\(", " ".join(READ))
    for text in FORMULAE.values():
        assert set(re.findall(r"</?(\w+)", text)) <= {"sub"}


def test_the_sentences_together_read_at_about_age_twelve():
    said = [
        tiers_claim(COUNTS, place="Dorset", draws=1000, basis=TODAY).say(),
        tiers_claim(COUNTS, place="Dorset", draws=1000, basis=TODAY).say("card"),
        about_certainty.among_the_worst(TODAY),
        *(about_certainty.meaning(tier, basis=TODAY) for tier in TIERS),
        rank_claim({"severity_rank": 11, "rank_p05": 6, "rank_p95": 106}, basis=TODAY).say(),
        chance_claim({"tier": "robust", "p_worst_tenth_infeasible": 0.97}, basis=TODAY).say(),
        about_certainty.reweighted(),
        about_certainty.all_reweighted(),
        ranges_claim(TWO, ranked=20, tenth=2, left_out=False, basis=TODAY).say(),
        about_certainty.FLIP,
        *READ,
    ]
    text = " ".join(said)
    found = re.findall(r"[A-Za-z’']+|[\d,.]+", text)
    syllables = sum(2 if w[0].isdigit() else max(1, len(re.findall(r"[aeiouy]+", w.lower()))) for w in found)
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    grade = 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59
    assert grade <= 7.5, f"Flesch–Kincaid grade {grade:.1f}"
