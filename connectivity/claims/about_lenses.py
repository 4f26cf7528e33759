"""What a build knows of a place's ground, its lines and its plans, each as a label and a value.

Claims are made in :mod:`connectivity.places.lenses`; a card is the label, and a cell the value.
"""

from __future__ import annotations

from connectivity.claims.claim import Claim, Form, Sentence, wording
from connectivity.claims.grammar import number, rounded_alike, whole_percent

LABELS = {
    "premises_per_km2": "{unit} per square kilometre around here (modelled)",
    "relief_m": "Highest ground above the lowest",
    "ruggedness_m": "Ruggedness: rise or fall between neighbouring spots",
    "coastal": "Coastal (sea or tidal water)",
    "bduk_gigabit_now": "Gigabit broadband already there (BDUK)",
    "bduk_planned": "No gigabit broadband yet, but planned (BDUK)",
    "bduk_deferred": "of these, only if the contract is extended",
    "bduk_not_planned": "No gigabit broadband and no plan (BDUK)",
    "bduk_white_not_planned": "of these, public money may be spent on",
    "bduk_suppliers": "Who is to build it",
    "bduk_latest_date": "Latest date in a contract",
    "measured_mean_mbps": "Speed of the lines people have, on average",
    "measured_under_10_lines": "Lines people have that are under 10 Mbit/s",
    "raster": "{raster} (mean of the raster)",
    "raster_share": "{raster}: share of postcodes with enough",
    "raster_unknown": "{raster}: share of postcodes not known",
}
"""By column; those of a raster by what they say of it."""


@wording("lenses.density", "lenses.metres", "lenses.fine_metres", "lenses.mean", "lenses.share")
def measure_of_the_ground(claim: Claim, form: Form) -> Sentence:
    """Say a figure of the ground with its unit.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"label": "relief_m", "raster": ""}
    >>> claim = Claim("lenses.metres", "Ash", 41.6, 41.6, 41.6, float("nan"), here, "metres", details=told)
    >>> str(claim.say("card")), str(claim.say("cell"))
    ('Highest ground above the lowest', '42 m')
    """
    values = {
        "lenses.density": number,
        "lenses.metres": lambda value: f"{number(value)} m",
        "lenses.fine_metres": lambda value: f"{value:.1f} m",
        "lenses.mean": lambda value: f"{value:,.1f}",
        "lenses.share": whole_percent,
    }
    return _labelled(claim, form, values[claim.key](claim.best))


@wording("lenses.addresses", "lenses.lines")
def some_of_all(claim: Claim, form: Form) -> Sentence:
    """Say how many addresses or lines of all there are."""
    counts = " of ".join(rounded_alike(claim.best, claim.of))
    return _labelled(claim, form, f"{counts} addresses" if claim.key == "lenses.addresses" else counts)


@wording("lenses.speed")
def mean_speed(claim: Claim, form: Form) -> Sentence:
    """Say how fast the lines are that people have, which is not the speed on sale."""
    return _labelled(claim, form, f"{number(claim.best, exact=True)} Mbit/s ({number(claim.of)} lines)")


@wording("lenses.named")
def known_in_words(claim: Claim, form: Form) -> Sentence:
    """Say what is known in words."""
    return _labelled(claim, form, str(claim.details["value"]))


def _labelled(claim: Claim, form: Form, value: str) -> Sentence:
    unit = "Lines" if claim.basis.measured else "Homes and businesses"
    label = LABELS[claim.details["label"]].format(unit=unit, raster=claim.details["raster"])
    if form == "card":
        return Sentence("", label)
    return Sentence("", value if form == "cell" else f"{label}: {value}")
