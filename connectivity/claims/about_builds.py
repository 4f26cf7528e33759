"""What a finished build says of itself on a terminal; its claim is made in :mod:`connectivity.outputs`."""

from __future__ import annotations

from connectivity.claims.claim import Claim, Form, Sentence, wording
from connectivity.claims.grammar import number


@wording("builds.scored")
def areas_and_premises_scored(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many areas of a study are scored, and how many of its premises are in them.

    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"premises": 1_353_262, "of": 1_353_263}
    >>> str(Claim("builds.scored", "Demo", 1646, 1646, 1646, 1694, here, "places", details=told).say())
    'Demo: 1,646 of 1,694 areas scored, 1,353,262 of 1,353,263 premises.'
    """
    scored, of, inside, every = (
        number(count, exact=True) for count in (claim.best, claim.of, claim.details["premises"], claim.details["of"])
    )
    return Sentence("", f"{claim.place}: {scored} of {of} areas scored, {inside} of {every} {claim.basis.unit}.")
