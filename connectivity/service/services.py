"""Services that might go online only: records, each with the line it needs and the places that help in person."""

from __future__ import annotations

from dataclasses import dataclass

from connectivity.claims import ProfileKey
from connectivity.method.profiles import PROFILES, Profile
from layers.figures import Figure


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of service.

    Attributes
    ----------
    name
        As a reader picks it.
    things
        What goes online, in the plural, as a sentence names it.
    move
        What happens to them.
    examples
        What it covers.
    needs
        The requirement of method §1 it rests on. A build holds two of the four: what needs a faster line is left out.
    helped_at
        Keys of `connectivity.method.goalposts.INDICATORS`: where someone without a line could be helped.
    kept
        The way that stays, as advice names it.
    source
        Why it needs that line and who helps.
    """

    key: str
    name: str
    things: str
    move: str
    examples: str
    needs: ProfileKey
    helped_at: tuple[str, ...]
    kept: str
    source: str

    @property
    def profile(self) -> Profile:
        """What it asks of a line."""
        return PROFILES[self.needs]


_NEEDS = "assumption: no publisher says which line a service needs; nor who helps where"
SERVICES: dict[str, Service] = {
    service.key: service
    for service in (
        Service(
            "account",
            "A form or an account",
            "forms and accounts",
            "went online only",
            "council tax, business rates, a Universal Credit journal",
            "digital",
            ("library", "post_office"),
            "the phone line and the counter",
            _NEEDS,
        ),
        Service(
            "gp",
            "A request to a GP",
            "GP requests",
            "went online only",
            "asking for an appointment, a repeat prescription",
            "digital",
            ("gp", "library"),
            "the phone line and the front desk",
            _NEEDS,
        ),
        Service(
            "gp_video",
            "A GP by video",
            "GP appointments",
            "were by video only",
            "a doctor or nurse on a video call",
            "remote",
            ("gp", "library"),
            "appointments in person",
            _NEEDS,
        ),
        Service(
            "interview",
            "An interview by video",
            "interviews",
            "were by video only",
            "a job centre’s or a council officer’s video call",
            "remote",
            ("library",),
            "interviews in person",
            _NEEDS,
        ),
    )
}
FIRST = "account"


@dataclass(frozen=True, slots=True)
class Marks:
    """Where one decision ends and the next begins, and how much of a goalpost's distance is near.

    `few`: a service can go online where even the highest estimate leaves a smaller share without.
    `many`: from here on the best estimate leaves too many for help to replace the counter.
    """

    few: float
    many: float
    end: str


FEW = Figure(
    0.01,
    "share of premises",
    "under it, by even the highest estimate, a service can go online",
    "assumption: about 6 premises of a small area, as many as can be helped one by one",
    0.005,
    0.02,
)
MANY = Figure(
    0.05,
    "share of premises",
    "from here on, by the best estimate, the counter must stay",
    "assumption, as method §6: a place is called feasible under 5%",
    0.02,
    0.10,
)
USUAL = Marks(FEW.value, MANY.value, "value")
STRICT = Marks(FEW.low or FEW.value, MANY.low or MANY.value, "low")
LOOSE = Marks(FEW.high or FEW.value, MANY.high or MANY.value, "high")
"""The marks at the two ends of their range: how many decisions would change is shown beside them."""
