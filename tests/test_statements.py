from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connectivity.claims import about_places
from connectivity.claims.claim import Basis, Claim, total
from connectivity.manifest import Accounted
from connectivity.maps import symbology

TODAY = Basis("Demo", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
THEN = Basis("Then", "June–July 2013", "lines", "measured sync speeds", False, False, modelled=False)
MARSHWOOD = Claim("places.remote", "Marshwood Vale", 41.2, 57.6, 96.9, 212, TODAY)


def test_about_stands_before_a_best_estimate_and_of_before_its_denominator():
    said = MARSHWOOD.say()
    assert said.marked == "About 58 of 212 homes and businesses"
    assert str(said).endswith("It could be 41 to 97.")


def test_a_count_without_a_range_is_not_called_about():
    certain = Claim("places.digital", "Ash", 15, 15, 15, 598, replace(TODAY, modelled=False))
    assert str(certain.say()) == ("15 of 598 homes and businesses in Ash cannot use essential online services.")
    assert str(Claim("places.digital", "Ash", 0, 0, 0, 598, TODAY, drawn=True).say()).startswith("None of 598")


def test_lines_of_2013_are_never_called_premises_and_never_could_not_get():
    for profile in ("remote", "digital"):
        claim = Claim(f"places.{profile}", "Ash", 1, 20, 30, 40, THEN)
        for said in (
            str(claim.say()),
            str(claim.say("card")),
            str(claim.say("cell")),
            str(claim.lying_in("Dorset").say("quotation")),
        ):
            assert "line" in said
            assert not re.search(r"premises|homes|could not|cannot", said)
        assert "did not achieve" in str(claim.say())


def test_a_citation_carries_place_range_source_date_and_what_is_left_out():
    said = MARSHWOOD.lying_in("Dorset").say("quotation")
    for part in ("58 of 212", "Marshwood Vale, Dorset", "41 to 97", "modelled from Ofcom, July 2025", "not counted"):
        assert part in said


def test_large_counts_and_their_ranges_are_rounded_alike():
    said = str(Claim("places.remote", "Dorset", 1688, 3473, 8411, 125_709, TODAY).say())
    assert "About 3,500 of 125,700" in said
    assert "1,700 to 8,400" in said


@pytest.mark.parametrize(
    ("fwa", "mobile", "said"),
    [
        (True, True, "Fixed wireless and mobile are counted."),
        (True, False, "Fixed wireless is counted; mobile is not."),
        (False, True, "Mobile is counted; fixed wireless is not."),
        (False, False, "Fixed wireless and mobile are not counted."),
    ],
)
def test_every_figure_can_say_what_is_counted(fwa, mobile, said):
    basis = Basis("Demo", "July 2025", "premises", "availability", fwa, mobile, modelled=True)
    assert about_places.counted(basis) == said


def test_not_enough_data_is_never_fine():
    unscored = {"area_name": "Ash", "premises": 655, "premises_unknown": 118, "status": "not enough data: x"}
    claim = Claim.of_unscored(unscored, basis=TODAY)
    assert (claim.place, claim.best, claim.of, claim.details["reason"]) == ("Ash", 118, 655, "not enough data: x")
    few = Claim.of_unscored(unscored | {"premises": 7, "status": "fewer than 10 premises"}, basis=TODAY)
    lost = Claim.of_unscored(unscored | {"premises": float("nan"), "premises_unknown": float("nan")}, basis=TODAY)
    assert (lost.best, lost.of) == (0, 0)
    for one in (claim, few, lost):
        assert "We do not say it is fine" in one.say()


def test_what_fails_most_is_named():
    assert "upload" in about_places.fails(10, 20, basis=TODAY)
    assert "download" in about_places.fails(20, 10, basis=TODAY)
    assert about_places.fails(0, 0.2, basis=TODAY) == ""


def test_the_accounting_adds_up_in_words():
    premises = Accounted(total=1000, scored=900, excluded={"unmatched": 40, "not enough data: x": 60})
    areas = Accounted(total=6, scored=4, excluded={"not enough data: x": 2})
    claim = Claim.of_accounts(premises, areas, place="Two shires", basis=TODAY)
    assert (claim.best, claim.of, claim.provenance.file) == (900, 1000, "manifest.json")
    said = [int(found.replace(",", "")) for found in re.findall(r"(?:^|= |\+ )([\d,]+)", claim.say())]
    assert said[0] == sum(said[1:]) == 1000


def test_places_are_added_up_without_hiding_the_range():
    whole = total([MARSHWOOD, MARSHWOOD], place="Both")
    assert (whole.low, whole.best, whole.high, whole.premises) == pytest.approx((82.4, 115.2, 193.8, 424))


def test_a_headline_names_what_it_adds_up():
    assert about_places.among("Dorset", scored=219, of=219) == "Dorset"
    assert about_places.among("Dorset", scored=1, of=219) == "the 1 place of Dorset that we could score"


def test_a_rank_is_not_shown_where_places_cannot_be_told_apart():
    ranked = Claim.of_rank("places.rank", "Ash", 2, of=219, basis=TODAY, between=(1, 9))
    assert "2nd" in ranked.say("cell")
    merged = Claim.of_rank("places.rank", "Ash", 2, of=219, basis=TODAY, details={"separable": False})
    assert "2" not in merged.say("cell")


def test_studies_of_another_unit_or_release_are_never_to_be_subtracted():
    later = replace(TODAY, release="July 2026")
    assert about_places.beside(TODAY, others=[TODAY, replace(TODAY, study="Elsewhere")]) == ""
    said = "Do not subtract one study’s figures from another’s: use “What has changed?”."
    assert about_places.beside(TODAY, others=[later]) == said
    assert about_places.beside(TODAY, others=[THEN]) == said == about_places.beside(THEN, others=[TODAY])


def test_need_is_spoken_of_only_where_it_is_marked_in_different_ways():
    later, marked = replace(TODAY, release="July 2026"), ("Employment (2025)",)
    same = about_places.beside(replace(TODAY, need=marked), others=[replace(later, need=marked)])
    other = about_places.beside(replace(TODAY, need=("Employment (2019)",)), others=[replace(later, need=marked)])
    assert "need" not in same
    assert other == f"{same} They mark need in different ways."


def test_dots_are_said_to_be_modelled_and_count_what_the_study_counts():
    assert "homes and businesses" in symbology.dots(TODAY)
    assert "modelled" in symbology.dots(THEN)
    assert "homes" not in symbology.dots(THEN)


def syllables(text: str) -> int:
    """Count vowel groups, and each figure as two syllables (look and feel §7)."""
    words = re.findall(r"[A-Za-z’']+|[\d,.]+", text)
    return sum(2 if word[0].isdigit() else max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)


def test_the_sentences_together_read_at_about_age_twelve():
    said = [
        str(MARSHWOOD.say()),
        about_places.fails(10, 20, basis=TODAY),
        str(Claim.of_rank("places.rank", "Marshwood Vale", 11, of=1588, basis=TODAY).say()),
        str(
            Claim(
                "places.not_enough",
                "Ash",
                118,
                118,
                118,
                655,
                TODAY.published,
                details={"reason": "not enough data", "spread": True},
            ).say()
        ),
        about_places.modelled(TODAY),
        about_places.counted(TODAY),
        about_places.measured(THEN),
        about_places.not_separable("Portsmouth"),
        about_places.score_explained(),
        about_places.dimensions_explained(),
        about_places.beside(TODAY, others=[THEN]),
        symbology.small_areas(part=True),
        symbology.dots(TODAY),
        about_places.rank_reweighted(),
    ]
    text = " ".join(said)
    words = len(re.findall(r"[A-Za-z’']+|[\d,.]+", text))
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    grade = 0.39 * words / sentences + 11.8 * syllables(text) / words - 15.59
    assert grade <= 7.5, f"Flesch–Kincaid grade {grade:.1f}"
