"""Two sets of weights, worded over hand-sized counts; `worded.py` takes it in."""

from __future__ import annotations

from worded import Lines

from connectivity.claims.claim import Basis, Claim


def subject(world: str, basis: Basis) -> Lines:
    """Word what two sets of weights make of the worst tenth."""
    told = {
        "used": ("when only the lines count", "by equal weights"),
        "weights": ((1, 1, 0, 0), (25, 25, 25, 25)),
        "absent": (),
    }
    lines: Lines = []
    for stay, of, entering in ((0, 1, 1), (1, 1, 0), (3, 4, 2), (5, 1200, 1195), (0, 0, 1), (0, 0, 0)):
        claim = Claim.of_places(
            "weightings.worst_tenth", "Wold", stay, of=of, basis=basis, details=told | {"entering": entering}
        )
        key = f"{world}, {stay} of {of}, {entering} enter"
        lines.append((f"weightings.worst_tenth.headline {key}", claim.say()))
        lines.append((f"weightings.worst_tenth.quotation {key}", claim.say("quotation")))
    for beyond, of, moved in ((0, 3, 3), (1, 3, 3), (2, 3, 3), (1, 1, 1), (0, 0, 3), (0, 0, 0)):
        claim = Claim.of_places("weightings.beyond", "Wold", beyond, of=of, basis=basis, details={"moved": moved})
        lines.append((f"weightings.beyond {world}, {beyond} of {of}, {moved} move", claim.say()))
    claim = Claim.of_places("weightings.not_listed", "Eastport and Westport", 90, of=1646, basis=basis)
    lines.append((f"weightings.not_listed {world}", claim.say()))
    return lines
