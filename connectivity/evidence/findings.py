"""What a build knows of the places of a pack, as claims: counts, comparisons, ranks, people, need and distances.

Sums take their ranges from the draws. A place whose figure rests on small areas that cannot be told apart has its
council's figure, and no sentence of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from connectivity.claims import about_pack_tables, about_packs
from connectivity.claims.about_places import among
from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance, summed
from connectivity.claims.grammar import listed
from connectivity.evidence.pack_content import PackPlace, PackSubject
from connectivity.evidence.pack_places import NAMED_TOGETHER, councils_of
from connectivity.maps.symbology import MEASURES, SCALE
from connectivity.method.feasibility import NOT_TOLD_APART, has_count
from connectivity.online_only import (
    SERVICES,
    UNKNOWN,
    Alternative,
    affected,
    alternatives,
    count_decisions,
    decide,
    deciding,
)
from connectivity.outputs import AREAS, Build
from connectivity.places.beside_claims import assumed_upload, flagged_superfast, other_way
from connectivity.places.boundary_claims import made_claim, place_claim
from connectivity.places.hidden_need import (
    Known,
    known_needs,
    need_by_place,
    parts_by_council,
    pieces,
    study_share,
)
from connectivity.places.need_claims import NeedClaims
from connectivity.places.parts import APART, DISTRICT, Reports
from connectivity.places.reports import MOSTLY, Report, blurred, read_shares, report_by
from connectivity.places.wholes import STUDY, Whole, chance_of_larger_share, claim_of_whole, wholes_claim
from connectivity.robustness.pairs import EVIDENCE
from connectivity.robustness.ranks import chance_claim, rank_claim
from connectivity.robustness.robustness_report import tiers_claim
from connectivity.robustness.stored_run import read_stored_run
from connectivity.robustness.tiers import TIERS, UNRANKED, tier_counts
from layers.families import family_of
from layers.intake.cells import is_one_of
from layers.reporting import Method, Shares

HERE, BEYOND = "here", "elsewhere"
BY_NAME = family_of("county")
"""A family whose places are called by their name alone, as a pack's are called in full already."""
PROFILE: ProfileKey = "remote"
"""The activity that a pack maps and lists."""
RECORDED = (
    *("area_name", "district_name", "status", "premises", "separable", "severity_rank", "rank_p05", "rank_p95", "tier"),
    *(f"{PROFILE}_infeasible{end}" for end in ("_low", "", "_high")),
)
"""Columns of a build that a table of small areas is made of."""
BEST_FIRST = ("robust", "likely", "depends", "some", "feasible", "alike", "insufficient")
"""Tiers in the order in which tables group places."""


@dataclass(frozen=True)
class Findings:
    """What a build knows of the subject of a pack.

    Attributes
    ----------
    build, folder
        Whose figures they are, and where it lies.
    subject
        What was asked for.
    basis
        What every figure rests on.
    """

    build: Build
    folder: Path
    subject: PackSubject
    basis: Basis

    @property
    def areas(self) -> pd.DataFrame:
        """All small areas of the build."""
        return self.build.areas

    @cached_property
    def inside(self) -> pd.DataFrame:
        """The small areas that the subject touches, sorted by code."""
        return self.areas.loc[is_one_of(self.areas.index, self.subject.shares.index)].sort_index()

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """The rows of the small areas inside by code, with what tables need of them."""
        columns = [name for name in RECORDED if name in self.inside]
        rows = self.inside[columns].assign(counted=has_count(self.inside["status"]).to_numpy())
        listed_rows = rows.reset_index().to_dict("records")
        return {str(row["area_code"]): {str(name): value for name, value in row.items()} for row in listed_rows}

    @cached_property
    def mostly(self) -> pd.DataFrame:
        """The small areas that lie mostly in the subject: those that are counted, listed and ranked as its own."""
        return self.mostly_in(self.subject.shares)

    @cached_property
    def together(self) -> PackPlace:
        """The subject as one place."""
        if len(self.subject.places) == 1:
            return self.subject.places[0]
        return PackPlace("together", self.subject.title, "places together", self.subject.shares)

    @cached_property
    def told(self) -> PackPlace:
        """What the figures are about: the subject, or its councils where its own areas cannot be told apart."""
        return self.stands_for(self.together)

    @cached_property
    def instead(self) -> tuple[str, ...]:
        """Names of the councils whose figure stands for the subject's; empty where it has one of its own."""
        return () if self.told is self.together else self.council_names(self.told.shares)

    @cached_property
    def alike(self) -> tuple[str, ...]:
        """Names of the councils of the subject whose small areas cannot be told apart."""
        rows = self.mostly[self.mostly["status"].eq(NOT_TOLD_APART)]
        return tuple(sorted(set(rows["district_name"].astype(str))))

    @cached_property
    def whole_councils(self) -> bool:
        """Whether the figures are about whole councils, whose totals are published."""
        return all(councils_of(self.told.shares, areas=self.areas).values())

    @cached_property
    def many_councils(self) -> bool:
        """Whether the subject's small areas lie in more than one council, so that each is named with its own."""
        return len(set(self.mostly["district_code"])) > 1

    @property
    def tested(self) -> bool:
        """Whether ranks were drawn."""
        return "tier" in self.areas and self.build.manifest.draws > 0

    @cached_property
    def ranked(self) -> int:
        """How many small areas of the whole study have a rank."""
        return int(self.areas["severity_rank"].notna().sum())

    def mostly_in(self, shares: pd.Series) -> pd.DataFrame:
        """Return the small areas that lie mostly in a place; where none does, all that it touches."""
        held = shares[shares >= MOSTLY.value].index
        rows = self.areas.loc[is_one_of(self.areas.index, held)]
        return (rows if len(rows) else self.areas.loc[is_one_of(self.areas.index, shares.index)]).sort_index()

    def council_names(self, shares: pd.Series) -> tuple[str, ...]:
        """Return the names of the councils that some areas lie in, the most premises first."""
        names = self.build.manifest.district_names
        return tuple(names[code] for code in councils_of(shares, areas=self.areas))

    def stands_for(self, place: PackPlace) -> PackPlace:
        """Return the place itself, or the councils that stand for it where its areas cannot be told apart."""
        if not self._unclear(place):
            return place
        codes = councils_of(place.shares, areas=self.areas)
        rows = self.areas.index[self.areas["district_code"].isin(list(codes))]
        names = self.council_names(place.shares)
        called = (
            listed(list(names))
            if len(names) <= NAMED_TOGETHER
            else about_packs.places_together(len(names), "councils", place=self.basis.place)
        )
        return PackPlace(",".join(codes), called, "council", pd.Series(1.0, index=rows))

    def gap(self, place: PackPlace, *, profile: ProfileKey = PROFILE) -> Claim | None:
        """Return how many premises of a place cannot; None where nothing of it is known."""
        rows = self.areas.loc[is_one_of(self.areas.index, place.shares.index)]
        scored = has_count(rows["status"])
        if not scored.any():
            return None
        if self._method(place) == "best fit" or bool((place.shares < 1).any()):
            report = self._report(place)
            return place_claim(self._row(report), report=report, profile=profile, basis=self.basis)
        named = among(place.name, scored=int(scored.sum()), of=len(rows))
        claim = summed(rows[scored], place=named, profile=profile, basis=self.basis, drawn=self.build.drawn)
        whole = bool(scored.all()) and all(councils_of(place.shares, areas=self.areas).values())
        return claim.of_whole_councils() if whole else claim

    def divided(self) -> Claim | None:
        """Return how the subject's border cuts small areas; None where it cuts none."""
        if self.instead or (self._method(self.told) != "best fit" and not bool((self.told.shares < 1).any())):
            return None
        report = self._report(self.told)
        return made_claim(self._row(report), report=report, basis=self.basis)

    def beside(self, headline: Claim) -> list[tuple[str, Claim]]:
        """Return what stands beside a headline, by name: the other way of counting, what rests on upload, flags."""
        rows = self.areas.loc[self.told.shares.index.intersection(self.areas.index)]
        shares = self.told.shares.reindex(rows.index)
        counts = [name for name in ("remote_infeasible", "remote_upload_fails", "remote_flagged") if name in rows]
        held = rows.assign(**{name: rows[name] * shares for name in counts})
        routes, key = self.build.routes, self.told.key
        known = routes is not None and key in routes.index
        code = None if key == STUDY else key
        other = (
            other_way(routes, areas=rows, code=code, headline=headline, profile=headline.profile, basis=self.basis)
            if known
            else None
        )
        if headline.profile == "digital":
            return [("other_way.digital", other)] if other else []
        found = {
            "other_way": other,
            "flagged": flagged_superfast(held, place=headline.place, basis=self.basis),
            "upload": assumed_upload(held, place=headline.place, basis=self.basis),
        }
        return [(name, claim) for name, claim in found.items() if claim is not None]

    def compared(self) -> list[tuple[str, Claim]]:
        """Return claims on the place and, by name, on each of its own, its neighbours, its councils and the study."""
        found: list[tuple[str, Claim | None]] = [(HERE, self.gap(self.told))]
        if len(self.subject.places) > 1:
            found += [(f"place.{one.key}", self.gap(self.stands_for(one))) for one in self.subject.places]
        councils = councils_of(self.told.shares, areas=self.areas)
        names = self.build.manifest.district_names
        if self.whole_councils:
            near = [code for code in self._touching() if code not in councils]
            found += [
                (
                    f"neighbour.{code}",
                    self._named_gap(self._council(code), about_pack_tables.neighbour_called(names[code])),
                )
                for code in sorted(near, key=lambda code: names[code])
            ]
        else:
            around = self._around()
            if len(around):
                place = PackPlace("around", about_pack_tables.next_to_called(self.told.name), "small areas", around)
                found.append(("around", None if self._unclear(place) else self.gap(place)))
            found += [
                (
                    f"council.{code}",
                    self._named_gap(self._council(code), about_pack_tables.lies_in_called(names[code])),
                )
                for code in councils
            ]
        if len(self.told.shares) < len(self.areas) or bool((self.told.shares < 1).any()):
            study = PackPlace(STUDY, self.basis.place, "whole study", pd.Series(1.0, index=self.areas.index))
            found.append((STUDY, self.gap(study)))
        return [(name, claim) for name, claim in found if claim is not None]

    def larger_share(self) -> Claim | None:
        """Return whether a larger share cannot here than in the rest of the study; None for parts and for several."""
        several = len(self.subject.places) > 1 and not self.instead
        if several or bool((self.told.shares < 1).any()) or len(self.told.shares) >= len(self.areas):
            return None
        own = is_one_of(self.areas.index, self.told.shares.index)
        counted = has_count(self.areas["status"]).to_numpy()
        here = Whole(HERE, self.told.name, self.areas[own & counted], int((own & ~counted).sum()))
        other = Whole(BEYOND, about_pack_tables.others_called(self.told.name), self.areas[~own & counted], 0)
        drawn = self.build.drawn
        claims = [claim_of_whole(one, profile=PROFILE, basis=self.basis, drawn=drawn) for one in (here, other)]
        if claims[0] is None or claims[1] is None:
            return None
        chance = chance_of_larger_share(here, other, profile=PROFILE, drawn=drawn)
        return wholes_claim(claims[0], claims[1], chance=chance)

    def classes(self) -> tuple[list[tuple[str, Claim]], bool]:
        """Return the gap here and in the rest of the study, by rural–urban class, and whether any had to be left out.

        Left out is what lies mostly in councils whose small areas cannot be told apart: it has no figure of its own.
        """
        if "rural_urban" not in self.areas or not self.inside["rural_urban"].notna().any():
            return [], False
        own = is_one_of(self.areas.index, self.told.shares.index)
        found, left_out = [], False
        for number, kind in enumerate(sorted(set(self.areas.loc[own, "rural_urban"].dropna().astype(str)))):
            alike = self.areas["rural_urban"].eq(kind).fillna(value=False).astype(bool).to_numpy()
            for where, rows in ((HERE, own & alike), (BEYOND, ~own & alike)):
                codes = self.areas.index[rows]
                if not len(codes):
                    continue
                shares = self.told.shares.reindex(codes) if where == HERE else pd.Series(1.0, index=codes)
                called = about_pack_tables.class_called(kind, inside=where == HERE)
                place = PackPlace(f"class.{number}", called, "small areas", shares.rename_axis("area_code"))
                claim = None if self._unclear(place) else self.gap(place)
                left_out |= claim is None
                found += [] if claim is None else [(f"class.{number}.{where}", claim)]
        return found, left_out

    def ladder(self) -> tuple[str, list[tuple[str, str, Claim]]]:
        """Return whose premises stand in which band of speed, and each band's name, label and claim.

        Of a modelled build they are those of the councils, which are published: of bands no ranges were drawn.
        """
        place = self.told
        if self.basis.modelled and not self.whole_councils:
            codes = list(councils_of(place.shares, areas=self.areas))
            rows = self.areas.index[self.areas["district_code"].isin(codes)]
            place = PackPlace(
                ",".join(codes), listed(list(self.council_names(place.shares))), "council", pd.Series(1.0, index=rows)
            )
        shares = place.shares.reindex(self.areas.index).fillna(0.0)  # not in it
        of = float((self.areas["premises"] * shares).sum())
        columns = [(band.column, band.label) for band in self.build.manifest.bands]
        found = []
        for column, label in (*columns, ("premises_unknown", "")):
            count = float((self.areas[column] * shares).sum())
            where = Provenance(AREAS, column, decimals=0)
            claim = Claim(
                "pack_tables.band", place.name, count, count, count, of, self.basis.published, provenance=where
            )
            found.append((f"band.{column}", label, claim))
        return place.name, found

    def tiers(self) -> Claim | None:
        """Return how many small areas of the subject are how sure to be among the worst; None where none is ranked."""
        if not self.tested:
            return None
        counts = tier_counts(self.mostly["tier"])
        if not any(counts[key] for key in TIERS if key not in UNRANKED):
            return None
        return tiers_claim(counts, place=self.subject.title, draws=self.build.manifest.draws, basis=self.basis)

    def one_ranked(self) -> list[tuple[str, Claim]]:
        """Return between which ranks the only ranked area of the subject stays, and how often it is among the worst."""
        code = next(str(one) for one in self.mostly.index[self.mostly["tier"].isin(set(TIERS) - UNRANKED)])
        row = {**self.areas.loc[code].to_dict(), "area_code": code}
        return [
            ("rank", rank_claim(row, basis=self.basis, of=self.ranked)),
            ("chance", chance_claim(row, basis=self.basis)),
        ]

    def count_of(self, code: str) -> Claim:
        """Return how many premises of one small area cannot."""
        claim = Claim.of_row(self.records[code], profile=PROFILE, basis=self.basis)
        return replace(claim, key="pack_tables.count")

    def ranks_of(self, code: str) -> Claim:
        """Return between which ranks one small area stays."""
        claim = rank_claim(self.records[code], basis=self.basis, of=self.ranked)
        return replace(claim, key="pack_tables.ranks")

    @cached_property
    def decided(self) -> dict[str, pd.DataFrame]:
        """What is decided for the areas inside, by service."""
        return {
            key: decide(self._service_areas, service=service, manifest=self.build.manifest)
            for key, service in SERVICES.items()
        }

    def people(self, key: str) -> Claim:
        """Return how many people of the place could not use a service from home (of lines, how many lines)."""
        if key not in self._people:
            self._people[key] = self._people_claim(key)
        return self._people[key]

    @cached_property
    def _people(self) -> dict[str, Claim]:
        return {}

    def _people_claim(self, key: str) -> Claim:
        found = self.decided[key]
        own = is_one_of(found.index, self.mostly_in(self.told.shares).index)
        return affected(
            found,
            areas=self._service_areas,
            place=self.told.name,
            service=SERVICES[key],
            basis=self.basis,
            shares=self.told.shares,
            counts=count_decisions(found[own]),
            drawn=self.build.drawn,
        )

    def keeping(self, key: str) -> Claim:
        """Return in how many small areas people need another way in than online."""
        found = self.decided[key]
        counts = count_decisions(found[is_one_of(found.index, self.mostly_in(self.told.shares).index)])
        return deciding(counts, place=self.told.name, basis=self.basis)

    @property
    def known_people(self) -> bool:
        """Whether anything is known of the services of the place's areas."""
        return bool((self.decided["account"]["decision"] != UNKNOWN).any())

    def distances(self) -> list[tuple[Alternative, Claim]]:
        """Return how far the nearest of each kind of help is: on average over premises, and where it is farthest."""
        rows = self._service_areas
        weights = rows["premises"] * self.told.shares.reindex(rows.index)
        found = []
        for one in alternatives(self.build.manifest):
            known = rows[one.column].notna() & weights.gt(0)
            if not known.any():
                continue
            km, weight = rows.loc[known, one.column].astype(float), weights[known]
            mean, farthest = float((km * weight).sum() / weight.sum()), str(km.idxmax())
            told = {"to": one, "farthest": str(rows["area_name"][farthest]), "farthest_km": float(km.max())}
            where = Provenance(AREAS, one.column, tuple(map(str, rows.index[known])))
            claim = Claim(
                "pack_tables.distance",
                self.told.name,
                mean,
                mean,
                mean,
                math.nan,
                self.basis,
                unit="km",
                details=told,
                provenance=where,
            )
            found.append((one, claim))
        return found

    @cached_property
    def needs(self) -> dict[str, Known]:
        """The needs of the study that are a share of people or homes."""
        kept = (self.folder / EVIDENCE).is_file()
        facts = read_stored_run(self.folder).facts if kept else None
        return known_needs(self.build.manifest, areas=self.areas, facts=facts)

    def need(self, key: str | None) -> NeedClaims:
        """Return what is claimed of the place's gap and one need; of its gap alone where the study has none."""
        if key not in self._need:
            self._need[key] = self._need_claims(key)
        return self._need[key]

    @cached_property
    def _need(self) -> dict[str | None, NeedClaims]:
        return {}

    def _need_claims(self, key: str | None) -> NeedClaims:
        known = self.needs[key] if key else None
        share = known.shares if known else None
        study = study_share(pieces(self.areas, parts=parts_by_council(self.areas), profile=PROFILE, share=share))
        told = self.told.shares
        parts = pd.DataFrame({"area_code": told.index, "key": HERE, "share": told.to_numpy()})
        table = pieces(self.areas, parts=parts, profile=PROFILE, share=share)
        found = need_by_place(table, study=study, drawn=self.build.drawn)
        row = {str(name): value for name, value in found.loc[HERE].to_dict().items()} | {"name": self.told.name}
        family = family_of(DISTRICT) if self.whole_councils else BY_NAME
        codes = tuple(map(str, told.index))
        return NeedClaims(row, family, PROFILE, self.basis, known, study, codes)

    def plan(self) -> Claim | None:
        """Return what BDUK plans there; None where the study holds no plan or only a part of an area is meant."""
        columns = ("bduk_premises", "bduk_planned", "bduk_not_planned", "bduk_gigabit_now")
        if not all(name in self.areas for name in columns) or bool((self.told.shares < 1).any()):
            return None
        sums = self.areas.loc[is_one_of(self.areas.index, self.told.shares.index), list(columns)].sum(min_count=1)
        if sums.isna().any():
            return None
        every, planned, none, now = map(float, sums)
        told = {"not_planned": none, "gigabit": now}
        where = Provenance(AREAS, "bduk_planned", tuple(map(str, self.told.shares.index)), decimals=0)
        return Claim(
            "packs.plan",
            self.told.name,
            planned,
            planned,
            planned,
            every,
            self.basis.published,
            unit="addresses",
            details=told,
            provenance=where,
        )

    def map_claim(self) -> Claim:
        """Return how many small areas of the subject are in each class of the map."""
        measure = MEASURES[PROFILE]
        alike = self.inside["status"].eq(NOT_TOLD_APART)
        known = has_count(self.inside["status"]) & ~alike
        kinds = measure.kinds(self.inside.loc[known, measure.column], unit=self.basis.unit)
        labels = measure.breaks(unit=self.basis.unit).labels(percent=measure.percent)[: len(SCALE)]
        told = {
            "classes": tuple((label, int(kinds.eq(kind).sum())) for kind, label in enumerate(labels)),
            "alike": int(alike.sum()),
            "unknown": int((~known & ~alike).sum()),
        }
        many = len(self.inside)
        return Claim.of_places("packs.map", self.subject.title, many, of=many, basis=self.basis, details=told)

    def in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows by how sure they are to be among the worst where that was drawn, then by name."""
        if not self.tested:
            return rows.sort_values(["area_name"], kind="stable")
        group = rows["tier"].map({key: at for at, key in enumerate(BEST_FIRST)}).fillna(len(BEST_FIRST))
        return rows.assign(group=group).sort_values(["group", "area_name"], kind="stable").drop(columns="group")

    @cached_property
    def reports(self) -> Reports:
        """The build's places by boundary."""
        return read_shares(self.folder)

    def _unclear(self, place: PackPlace) -> bool:
        """Say whether a place lies mostly in councils whose small areas cannot be told apart, and holds none whole."""
        return HERE in blurred(self._shares(place), areas=self.areas)

    @cached_property
    def _service_areas(self) -> pd.DataFrame:
        return self.areas.loc[is_one_of(self.areas.index, self.told.shares.index)].drop(columns="geometry")

    def _named_gap(self, place: PackPlace, name: str) -> Claim | None:
        claim = self.gap(place)
        return None if claim is None else replace(claim, place=name)

    def _council(self, code: str) -> PackPlace:
        rows = self.areas.index[self.areas["district_code"].eq(code)]
        return PackPlace(code, self.build.manifest.district_names[code], "council", pd.Series(1.0, index=rows))

    def _touching(self) -> Sequence[str]:
        """Return the codes of all councils that the place touches, its own among them."""
        near = self._near(self.told.shares.index)
        return sorted(set(self.areas.loc[near, "district_code"].astype(str)))

    def _around(self) -> pd.Series:
        """Return the small areas next to the place that are in no part of it."""
        near = [code for code in self._near(self.told.shares.index) if code not in self.told.shares.index]
        return pd.Series(1.0, index=pd.Index(near, name="area_code"))

    def _near(self, codes: pd.Index) -> list[str]:
        shapes = self.build.areas.geometry
        ours = shapes[is_one_of(shapes.index, codes)]
        found = shapes.sindex.query(ours, predicate="dwithin", distance=APART.value)[1]
        return sorted({str(code) for code in shapes.index[found]})

    def _method(self, place: PackPlace) -> Method:
        kind = place.key.partition(":")[0]
        return self.reports[kind][1].method if ":" in place.key and kind in self.reports else "code"

    def _shares(self, place: PackPlace) -> Shares:
        inside = pd.DataFrame(
            {"area_code": place.shares.index, "key": HERE, "share": place.shares.to_numpy(dtype=float)}
        )
        rest = 1.0 - place.shares.reindex(self.areas.index).fillna(0.0)  # what does not lie in it lies elsewhere
        rest = rest[rest > 0]
        outside = pd.DataFrame({"area_code": rest.index, "reason": BEYOND, "share": rest.to_numpy(dtype=float)})
        return Shares(inside, outside, self._method(place))

    def _report(self, place: PackPlace) -> Report:
        called = pd.DataFrame({"code": [""], "name": [place.name]}, index=pd.Index([HERE], name="key"))
        return report_by(
            called, shares=self._shares(place), areas=self.areas, family=BY_NAME, beyond={}, drawn=self.build.drawn
        )

    @staticmethod
    def _row(report: Report) -> Mapping[str, object]:
        return {str(name): value for name, value in report.places.iloc[0].to_dict().items()}
