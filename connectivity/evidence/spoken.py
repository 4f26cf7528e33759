"""Keeps every claim that a pack says, by the name under which it can be recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectivity.claims.claim import Claim, Form, Sentence


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said so far.

    Attributes
    ----------
    kept
        Claims by name.
    """

    kept: dict[str, Claim] = field(default_factory=dict)

    def say(self, name: str, claim: Claim, form: Form = "headline") -> Sentence:
        """Return a claim in words, and keep it.

        Raises
        ------
        UnsafeClaimError
            When the linter refuses it.
        ValueError
            When another claim has the name: a fault of the program.
        """
        said = claim.say(form)
        if self.kept.setdefault(name, claim) != claim and not _alike(self.kept[name], claim):
            raise ValueError(f"two claims are called {name}")
        return said

    @property
    def claims(self) -> Mapping[str, Claim]:
        """What was said, by name in order."""
        return dict(sorted(self.kept.items()))


def _alike(one: Claim, other: Claim) -> bool:
    """Say whether two claims are the same though a figure is not known in both: NaN equals nothing."""
    return repr(one) == repr(other)
