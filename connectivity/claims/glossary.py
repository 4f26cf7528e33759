"""The words we use, each with what it means: the one glossary, for its page and for the notes in place.

A sentence is short enough for a reader of twelve; a test holds each to that. Figures come from their records.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectivity.method.records import ESSENTIAL, HOME_WORKER
from connectivity.postcode import answer
from connectivity.robustness.tiers import RANGE, SURE, WORTH, of_draws

HOMES = "400 to 1,200 homes"
"""What a small area is drawn to hold (Office for National Statistics, 2011: 400 to 1,200 households)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry.

    Attributes
    ----------
    name
        The term as the glossary lists it.
    says
        What it means, with braces where that follows the study's unit and verb; see `of`.
    forms
        How it stands in the app's texts, where that differs from `name`; matched as whole words, in any case.
    """

    name: str
    says: str
    forms: tuple[str, ...] = ()

    def of(self, *, measured: bool) -> str:
        """Return what it means in a study: of lines measured in the past, or of premises and what is on offer.

        >>> worst = find("among-the-worst")
        >>> worst.of(measured=False)
        'In the worst tenth of places, and 10% or more of the premises there cannot support a home worker.'
        >>> worst.of(measured=True)
        'In the worst tenth of places, and 10% or more of the lines there did not achieve what a home worker needs.'
        """
        return self.says.format(**(PAST if measured else NOW))

    @property
    def key(self) -> str:
        """A name for addresses.

        >>> Term("Worst tenth", "").key
        'worst-tenth'
        """
        return "-".join("".join(sign if sign.isalnum() else " " for sign in self.name.lower()).split())

    @property
    def written(self) -> tuple[str, ...]:
        """Every form, the longest first."""
        return tuple(sorted(self.forms or (self.name.lower(),), key=len, reverse=True))


NOW = {"unit": "the premises", "fails": "cannot support a home worker", "was": "on offer is"}
PAST = {"unit": "the lines", "fails": "did not achieve what a home worker needs", "was": "people had was"}
"""What stands in a meaning's braces, by whether a study is of lines measured in the past."""
_SURE = of_draws(SURE)
_HOME = f"{HOME_WORKER.download.value:g} megabits a second down and {HOME_WORKER.upload.value:g} up"
_SERVICE = f"{ESSENTIAL.download.value:g} megabits a second down and {ESSENTIAL.upload.value:g} up"
_FLOOR = f"{answer.DOWNLOAD.value:g} megabits a second down and {answer.UPLOAD.value:g} up"

GLOSSARY = (
    Term("Almost certain", f"Among the worst in {_SURE} or more.", ("almost certain", "almost certainly")),
    Term(
        "Among the worst",
        f"In the worst tenth of places, and {WORTH.value:.0%} or more of {{unit}} there {{fails}}.",
        ("among the worst?", "among the worst"),
    ),
    Term("Availability", "What you could buy at the address. Not what you get, and not what you have bought."),
    Term(
        "Best fit",
        "A small area that a border cuts counts whole, in the place where most of it lies.",
    ),
    Term(
        "Could be", "The lowest and highest figure that fair assumptions give. The first number is our best estimate."
    ),
    Term(
        "Council of 2011",
        "The councils as they were before they were joined. Some old tables still use them.",
        ("council of 2011", "councils of 2011", "old council"),
    ),
    Term("Decent broadband", f"The legal floor: {_FLOOR}. It is too slow up for most video calls."),
    Term("Delay", "How long a signal takes to go there and back. A long delay makes people talk over each other."),
    Term("Download", "What your line brings in: web pages, films, the other person’s face."),
    Term(
        "Essential online service",
        f"A form, a benefit journal or a doctor’s request. We say it needs {_SERVICE}.",
        ("essential online services", "essential online service", "using services online", "online services"),
    ),
    Term("Fixed wireless", "Home broadband sent by radio from a mast to the building. Each page says if we count it."),
    Term(
        "Full fibre",
        "A glass cable all the way to the building. It is the fastest kind of line.",
        ("full fibre", "full-fibre"),
    ),
    Term(
        "Gap",
        "A place or address where the line {was} too slow for what people need to do.",
        ("gaps", "a gap", "fall short", "falls short", "fell short"),
    ),
    Term(
        "Home working line",
        f"What one person needs for video calls: {_HOME}, and a short delay.",
        ("video calls", "home worker", "home working"),
    ),
    Term(
        "In place of",
        "A figure we use for one we do not have, also called a proxy. It points the same way, no more.",
        ("in its place", "in place of", "proxy"),
    ),
    Term(
        "LEP",
        "A board that planned jobs and growth for a few councils. In most places councils now do its work.",
        ("LEP area", "LEP or successor", "LEP"),
    ),
    Term(
        "Likely",
        "Among the worst in more than half of the tries. Not sure enough to call certain.",
        ("likely to be", "likely"),
    ),
    Term("Mbit/s", "Short for megabits a second.", ("Mbit/s",)),
    Term(
        "Measured speed",
        "What a test showed on a line people had. It says nothing of what was on sale.",
        ("measured speeds", "measured speed", "measured"),
    ),
    Term("Megabits a second", "How fast data moves. One video call needs about 4 each way."),
    Term("Mobile", "Using the internet over a phone network. Each page says if we count it."),
    Term("Modelled", "Worked out by us from a total for a bigger area. It is not a count of each address."),
    Term("Need", "How many people here are older, disabled, or on a low income."),
    Term(
        "No alternative nearby",
        "How far people must go for help in person: a post office, a doctor or a library.",
        ("no alternative nearby", "no alternative"),
    ),
    Term(
        "Not enough data",
        "Too much is missing to give a fair score. The place is still on the map and in the table.",
        ("not enough data", "enough data"),
    ),
    Term("Not known", "Places or lines for which nobody gives a figure. We never treat them as fine."),
    Term("Premises", "Homes and businesses: any address that could have a broadband line."),
    Term(
        "Rank range",
        f"The ranks a place got in {of_draws(RANGE)}. If the range is wide, the rank tells us little.",
        ("rank range", "range of ranks", "ranges of ranks", "it ranks between", "ranks"),
    ),
    Term("Right to decent broadband", "The law that lets you ask for a decent line if the cost is not too high."),
    Term("Score", "How bad a place is, from 0 (good) to 100 (bad). The marks never move, so years can be compared."),
    Term(
        "Small area",
        f"A shape on the map that holds {HOMES}. Its official name is an LSOA.",
        ("small areas", "small area", "LSOA"),
    ),
    Term("Superfast", "A line that brings in 30 megabits a second or more."),
    Term("Take-up", "How many people have bought it."),
    Term(
        "Try",
        "One fair set of what we had to assume, picked by chance (a draw). We rank all places again for each one.",
        ("tries",),
    ),
    Term("Upload", "What your line sends out: your face on a call, a photo, a form."),
    Term("Weights", "How much each part counts in the score."),
    Term(
        "White area",
        "An area where no company has, or plans, a gigabit line. Public money may be spent there.",
        ("white areas", "white area", "white premises"),
    ),
    Term("Worst tenth", "The one in ten places with the highest scores in this study."),
)
"""In the order of the alphabet."""
SELDOM = frozenset(
    (
        *("best-fit", "council-of-2011", "lep", "measured-speed", "rank-range", "superfast", "take-up", "try"),
        *("weights", "white-area"),
    )
)
"""Keys of those that stand only on the pages for analysts."""


def find(key: str) -> Term:
    """Give an entry by its key.

    Raises
    ------
    KeyError
        When there is none.
    """
    return {term.key: term for term in GLOSSARY}[key]
