"""What is claimed of one place on the page of hidden need: its gap, its worst tenth, and bounds for gap and need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance
from connectivity.method.records import FEWEST
from connectivity.places.boundary_claims import called
from connectivity.places.hidden_need import Known, standing
from layers.families import Family

ENDS = ("_low", "", "_high")


@dataclass(frozen=True, slots=True)
class NeedClaims:
    """The claims on one place; each is None where the place's figures do not bear it.

    Attributes
    ----------
    row
        The place's figures, from :func:`connectivity.places.hidden_need.need_by_place`, and its ``name``.
    family, profile, basis
        What the place is, the activity, and what every figure of the study rests on.
    known
        The need, or None in a study without.
    study
        The whole study's share in need.
    areas
        Codes of the small areas whose figures are added up.
    """

    row: Mapping[str, Any]
    family: Family
    profile: ProfileKey
    basis: Basis
    known: Known | None
    study: float
    areas: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The place as a sentence calls it."""
        return called(str(self.row["name"]), family=self.family)

    @property
    def looks(self) -> dict[str, Any]:
        """How the place looks on average; empty where that is not known."""
        looks = standing(self.row["share"], study=self.study) if self.known else None
        return {"looks": looks, "proxy": self.known.proxy} if looks and self.known else {}

    def gap(self) -> Claim | None:
        """Return how many premises have a gap; quoted, it holds what else is claimed of the place."""
        if not self.row["premises"] > 0:
            return None
        more = tuple(claim for claim in (self.tail(), self.both(), self.average()) if claim)
        gap = self._counts(f"need.{self.profile}", "gap", of="premises", details={**self.looks, "more": more})
        whole = self.family.name == "district" and not self.row["areas_left_out"]
        return gap.of_whole_councils() if whole else gap

    def standing(self) -> Claim | None:
        """Return how the place looks on average beside the study."""
        if not self.looks:
            return None
        share = float(self.row["share"])
        contrary = self.row["premises"] > 0 and round(self.row["gap"]) > 0
        told = {**self.looks, "contrary": contrary}
        return Claim("need.standing", self.place, share, share, share, 1.0, self.basis, unit="share", details=told)

    def both(self) -> Claim | None:
        """Return the fewest and the most premises that can have a gap and be in need: there is no figure between."""
        if self.known is None or not self.row["both_high"] >= 0:
            return None
        return Claim(
            "need.both",
            self.place,
            float(self.row["both_low"]),
            float("nan"),
            float(self.row["both_high"]),
            float(self.row["premises_need"]),
            self.basis,
            combines="bounds",
            details={"which": self.known.need.which},
        )

    def limits(self) -> Claim | None:
        """Return the same bounds, to say how weak the evidence is; not where there are none."""
        both = self.both()
        return replace(both, key="need.limits") if both and round(both.high) else None

    def tail(self) -> Claim | None:
        """Return how many premises with a gap are in the worst tenth, which has so many premises."""
        row = self.row
        if not row["contrast"] >= 0:
            return None
        names = {"areas": "tail_areas", "apart": "apart", "apart_gap": "apart_gap", "premises": "premises"}
        details = {name: float(row[column]) for name, column in names.items()}
        claim = self._counts("need.tail", "tail_gap", of="tail_premises", details=details)
        return replace(claim, percent=claim.of >= FEWEST.value)

    def no_tail(self, districts: Sequence[str]) -> Claim | None:
        """Return how many small areas a place without a worst tenth has.

        Parameters
        ----------
        districts
            The councils in it whose small areas cannot be told apart.
        """
        if self.row["contrast"] >= 0:
            return None
        told = {"districts": tuple(districts) if self.row["apart"] == 0 else ()}
        many = float(self.row["areas"])
        return Claim.of_places("need.no_tail", self.place, many, of=many, basis=self.basis, details=told)

    def average(self) -> Claim | None:
        """Return the share in need beside the study's; not of fewer premises than a percentage needs."""
        if not self.looks or self.known is None or not self.row["premises_need"] >= FEWEST.value:
            return None
        share, need = float(self.row["share"]), self.known.need
        told = {"study": self.study, "those": need.those, "source": self.known.source, "proxy": self.known.proxy}
        of = float(self.row["premises_need"])
        return Claim(
            "need.average", self.place, share, share, share, of, self.basis, unit="share", percent=True, details=told
        )

    def elsewhere(self) -> Claim | None:
        """Return how many premises with a gap are in small areas with more need than the study; none in need."""
        row = self.row
        if (
            self.known is None
            or row["apart"] < row["premises"]
            or not row["elsewhere"] >= 0
            or not round(row["elsewhere"])
        ):
            return None
        return self._counts("need.elsewhere", "elsewhere", of="gap")

    def left_out(self) -> list[Claim]:
        """Return how many premises are in no figure."""
        row, found = self.row, []
        if row["areas_left_out"] > 0:
            of = float(row["premises"] + row["premises_left_out"])
            told = {"areas": int(row["areas_left_out"])}
            found.append(self._published("need.left_out", float(row["premises_left_out"]), of=of, details=told))
        missing = float(row["premises"] - row["premises_need"])
        if self.known is not None and round(missing) > 0:
            found.append(self._published("need.unknown", missing, of=float(row["premises"])))
        return found

    def _counts(self, key: str, column: str, *, of: str, details: Mapping[str, Any] | None = None) -> Claim:
        low, best, high = (float(self.row[f"{column}{end}"]) for end in ENDS)
        where, of_all = Provenance(column=f"{self.profile}_infeasible", areas=self.areas), float(self.row[of])
        return Claim(
            key,
            self.place,
            low,
            best,
            high,
            of_all,
            self.basis,
            details=details or {},
            provenance=where,
            drawn=self.basis.modelled,
        )

    def _published(self, key: str, count: float, *, of: float, details: Mapping[str, Any] | None = None) -> Claim:
        """Return a claim on premises alone, which are counted and not modelled."""
        counted = self.basis.published
        where = Provenance(column="premises", areas=self.areas)
        return Claim(key, self.place, count, count, count, of, counted, details=details or {}, provenance=where)
