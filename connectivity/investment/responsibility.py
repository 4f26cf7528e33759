"""Who can act on a place that is cut off, how to reach them, and what they have committed to, as far as is known."""

from __future__ import annotations

from dataclasses import dataclass

from layers.plans.subsidy import PREFIX

COMMITTED = f"{PREFIX}planned"


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who can act.

    Attributes
    ----------
    key
        Its name in tables.
    who
        As it is called; ``{provider}`` and ``{council}`` are filled in for the place.
    can
        What it can do, as words that follow “can”.
    route
        How to bring the place before it.
    condition
        When it is the right one.
    source
        On what that rests.
    """

    key: str
    who: str
    can: str
    route: str
    condition: str
    source: str


ACTORS: tuple[Actor, ...] = (
    Actor(
        "universal service",
        "{provider}, under the universal service",
        "give a line on request, up to a limit of cost",
        "each household asks {provider}; fixed wireless counts as a line",
        "where nothing, fixed wireless included, gives 10 Mbit/s down and 1 up and no public build is due soon",
        "SI 2018/445",
    ),
    Actor(
        "BDUK",
        "Building Digital UK, a directorate of the Department for Science, Innovation and Technology",
        "pay for full fibre where no company will build, by contract or voucher",
        "the council’s digital team takes the list of places to it; corrections go in through its public reviews",
        "where premises are white, or it is not known",
        "method §8",
    ),
    Actor(
        "operator",
        "the operators that build nearby",
        "extend a build, or take on a community’s project",
        "a joint request of the premises, with vouchers where these are open",
        "wherever a network is near",
        "assumption",
    ),
    Actor(
        "council",
        "{council}",
        "add money, press for a plan, ease wayleaves and planning, and keep another way in",
        "a decision of its cabinet or committee on a business case",
        "always",
        "assumption",
    ),
    Actor(
        "combined authority",
        "a combined authority, where one has been set up",
        "set priorities and add money for the whole patch",
        "its board, from the date in its order; this study does not hold that date",
        "where an order names it",
        "assumption",
    ),
)
