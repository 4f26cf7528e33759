"""Composes all the words of a pack: page one, then the report; every figure is a claim that is kept by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from connectivity.claims import about_certainty, about_packs, about_places, about_plain_pages
from connectivity.claims.about_packs import OBJECTIONS, ROWS, WORST_TITLES, Reader
from connectivity.claims.claim import Basis, Claim, Sentence
from connectivity.evidence.findings import Findings
from connectivity.evidence.pack_content import PackContent, PackSubject, PersonsPart, WorstPlace
from connectivity.evidence.pack_places import refuse_red
from connectivity.evidence.pack_report import ReportWriter, sources_said
from connectivity.evidence.spoken import Spoken
from connectivity.method.feasibility import NOT_TOLD_APART, has_count
from connectivity.outputs import Build
from connectivity.places.hidden_need import declared_needs
from connectivity.places.wholes import STUDY
from connectivity.robustness.tiers import tier_counts
from layers.coverage import PREMISES_SHARED
from layers.figures import Figure

CHOSEN: Mapping[Reader, tuple[str, ...]] = {
    "board": ("plan", "well_off", "satellite"),
    "committee": ("law", "take_up", "satellite"),
    "minister": ("law", "satellite", "plan"),
    "press": ("satellite", "law", "take_up"),
}
"""What each reader hears first against it: the answers of page one, by key (assumption)."""
MOST = Figure(0.5, "share of what falls short", "from here on upload is named as what fails most", "a half")
MOST_ASKS = 3
"""Of page one (look and feel §8)."""


def pack_content(
    build: Build, *, folder: Path, subject: PackSubject, reader: Reader, person: PersonsPart
) -> PackContent:
    """Return all the words of a pack; the same build, subject, reader and person give the same.

    Parameters
    ----------
    build, folder
        Whose figures it has, and where it lies.
    subject
        What it is about, from :func:`connectivity.evidence.pack_places.pack_subject`.
    reader
        Whom it is for: asks and answers differ.
    person
        What only a person can supply.

    Raises
    ------
    OutputError
        When the build's data are marked red.
    """
    refuse_red(build.manifest, folder=folder)
    basis = replace(Basis.of(build.manifest), packed=True)
    return _Composer(Findings(build, folder, subject, basis), Spoken(), reader, person).content()


@dataclass(frozen=True)
class _Composer:
    findings: Findings
    spoken: Spoken
    reader: Reader
    person: PersonsPart

    def content(self) -> PackContent:
        found, basis, manifest = self.findings, self.basis, self.findings.build.manifest
        title = found.subject.title
        kind, worst, note = self._worst()
        answers = self._answers()
        not_shown = self._not_shown()
        report = ReportWriter(found, self.spoken, self.headline, self.person)
        sections = report.sections(
            answers=[(OBJECTIONS[key], said) for key, said in answers.items()],
            shown=self._shown(),
            not_shown=[*not_shown, about_packs.upload_inferred()],
        )
        every = report.area_table(found.together, key="every_area")
        return PackContent(
            reader=self.reader,
            subject=found.subject,
            basis=basis,
            person=self.person,
            title=about_packs.pack_title(title, basis=basis),
            date=manifest.created,
            stamp=self._stamp(),
            tags=tuple(about_plain_pages.tags(basis, stand_ins=bool(manifest.modelled))),
            headline=self._opening(),
            beneath=self._beneath(),
            asks=self._asks(),
            sure=self._sure(),
            not_shown=tuple(not_shown),
            worst=tuple(worst),
            worst_title=WORST_TITLES[kind],
            worst_note=" ".join(filter(None, (note, self._shared_out(worst)))),
            answers=tuple((OBJECTIONS[key], answers[key]) for key in CHOSEN[self.reader]),
            sections=sections,
            every_area=every,
            map_title=about_packs.map_title(basis),
            map_said=str(self.spoken.say("map", found.map_claim())),
            map_key=self._map_key(),
            press=self._press(),
            sources=sources_said(manifest.sources),
            checks=about_packs.checks_said(manifest.fingerprint),
            revisions=about_packs.revisions_said(),
            next_update=about_packs.next_update_said(basis),
            claims=self.spoken.claims,
        )

    @property
    def basis(self) -> Basis:
        return self.findings.basis

    @cached_property
    def headline(self) -> Claim | None:
        return self.findings.gap(self.findings.told)

    @cached_property
    def _counts(self) -> dict[str, int]:
        return tier_counts(self.findings.mostly["tier"]) if self.findings.tested else {}

    def _stamp(self) -> str:
        quality = self.findings.build.manifest.quality
        if quality is None:
            return about_packs.not_checked()
        return about_packs.marked_amber(quality.words) if quality.light == "amber" else ""

    def _opening(self) -> Sentence:
        claim = self.headline
        if claim is None:
            return Sentence("", about_places.nothing_known(self.findings.subject.title))
        said = self.spoken.say("headline", claim)
        return Sentence(said.marked, said.rest.removesuffix(claim.could_be), before=said.before)

    def _beneath(self) -> tuple[str, ...]:
        claim, basis = self.headline, self.basis
        if claim is None:
            return (about_places.counted(basis),)
        other = [
            str(self.spoken.say(name, one))
            for name, one in self.findings.beside(claim)
            if name in {"other_way", "flagged"}
        ]
        first = " ".join([claim.could_be.strip(), *other]).strip()
        rests = (about_places.counted(basis), about_places.modelled(basis), about_places.measured(basis))
        said = (first, about_packs.home_working(basis), " ".join(one for one in rests if one))
        instead = about_packs.stands_for_place(self.findings.subject.title, self.findings.instead, basis=basis)
        return tuple(one for one in (instead, *said) if one)

    def _asks(self) -> tuple[str, ...]:
        basis, person = self.basis, self.person
        data = about_packs.data_ask(basis, reader=self.reader, upload=self._fails_on_upload())
        first, keep = self._first_ask(), self._keep_ask()
        if self.reader == "press":
            ours = [self._print_ask(), first, about_packs.right_of_reply(person.contact)]
        elif self.reader == "minister" and not basis.measured:
            ours = [data, about_packs.law_ask(), first]
        else:
            ours = [data, first, keep] if self.reader == "committee" else [first, data, keep]
        own = (
            [about_packs.persons_ask(person.recommendation, organisation=person.organisation)]
            if person.recommendation
            else []
        )
        return tuple(one for one in dict.fromkeys([*own, *ours]) if one)[:MOST_ASKS]

    def _fails_on_upload(self) -> bool:
        """Say whether most of what falls short does so on upload alone."""
        beside = {} if self.headline is None else dict(self.findings.beside(self.headline))
        return "upload" in beside and beside["upload"].best > MOST.value

    def _first_ask(self) -> str:
        found, basis = self.findings, self.basis
        ranked = int(found.mostly["severity_rank"].notna().sum())
        if not ranked and found.alike:
            return about_packs.decide_whole(found.alike)
        if not found.tested and not basis.measured:
            return about_packs.untested_ask()
        alone = len(found.mostly) == 1
        told = {
            "reader": self.reader,
            "alone": alone,
            **{key: self._counts.get(key, 0) for key in ("likely", "depends")},
        }
        sure = self._counts.get("robust", 0)
        claim = Claim.of_places("packs.first", found.subject.title, sure, of=ranked, basis=basis, details=told)
        return str(self.spoken.say("ask.first", claim))

    def _keep_ask(self) -> str:
        if self.basis.measured:
            return about_packs.keep_in_past()
        if self.headline is None:
            return ""
        return str(self.spoken.say("ask.keep", replace(self.findings.people("account"), key="packs.keep")))

    def _print_ask(self) -> str:
        if self.headline is None:
            return ""
        return str(self.spoken.say("ask.print", replace(self.headline, key="packs.print")))

    def _sure(self) -> tuple[str, ...]:
        found, basis = self.findings, self.basis
        tiers = found.tiers()
        one = tiers is not None and len(found.mostly) == 1
        said = [str(self.spoken.say(name, claim)) for name, claim in found.one_ranked()] if one else []
        said += [str(self.spoken.say("tiers", tiers))] if tiers is not None and not one else []
        if not found.tested:
            said.append(about_certainty.UNTESTED)
        if found.alike and not found.instead:
            said.append(about_packs.only_council(found.alike))
        if self.headline is not None and self.headline.could:
            draws = found.build.manifest.draws
            said.append(about_packs.range_drawn(draws, whole=found.whole_councils, basis=basis))
        if tiers is not None:
            said.append(about_packs.almost_certain(basis))
        return tuple(said)

    def _shown(self) -> tuple[str, ...]:
        return about_packs.what_it_shows(self.findings.told.name, basis=self.basis)

    def _not_shown(self) -> list[str]:
        basis = self.basis
        return [about_packs.no_address(basis), about_packs.not_take_up(basis), about_packs.no_cost()]

    def _shared_out(self, worst: Sequence[WorstPlace]) -> str:
        """Say that the wholes of page one's rows are shared out, where they are."""
        shared = any(one.startswith(PREMISES_SHARED) for one in self.findings.build.manifest.modelled)
        return about_packs.wholes_shared_out() if worst and shared else ""

    def _worst(self) -> tuple[str, list[WorstPlace], str]:
        """Choose the rows of page one, say what they are, and in which order they stand."""
        found = self.findings
        rows = found.mostly[has_count(found.mostly["status"]) & found.mostly["status"].ne(NOT_TOLD_APART)]
        if rows.empty:
            names = found.alike
            return ("alike", [], "") if names else ("none", [], about_places.nothing_known(found.subject.title))
        kind, chosen, many = self._choose(rows)
        shown = found.in_order(chosen) if kind in {"sure", "surest"} else chosen.sort_values("area_name", kind="stable")
        told = {"kind": kind, "shown": len(shown)}
        of = found.ranked if kind in {"sure", "surest"} else len(rows)
        claim = Claim.of_places("packs.worst", found.subject.title, many, of=of, basis=self.basis, details=told)
        note = str(self.spoken.say("worst", claim))
        ranks = kind in {"sure", "surest"}
        return kind, [self._worst_row(str(code), ranks=ranks) for code in shown.index], note

    def _choose(self, rows: pd.DataFrame) -> tuple[str, pd.DataFrame, int]:
        """Return how sure the rows to show are, the rows, and of how many they were chosen."""
        by_count = rows.sort_values(["remote_infeasible", "area_name"], ascending=[False, True], kind="stable")
        if not self.findings.tested:
            return "untested", by_count.head(ROWS), len(rows)
        tier = {key: by_count[by_count["tier"].eq(key)] for key in ("robust", "likely", "depends", "some")}
        sure, likely, depends, some = tier.values()
        if len(sure) and (len(sure) >= ROWS or not (len(likely) or len(depends))):
            return "sure", sure.head(ROWS), len(sure)
        if len(sure) or len(likely):
            return "surest", pd.concat([sure, likely, depends]).head(ROWS), len(sure) + len(likely) + len(depends)
        if len(depends):
            return "open", depends.head(ROWS), len(depends)
        return "none", some.head(ROWS), len(rows)

    def _worst_row(self, code: str, *, ranks: bool) -> WorstPlace:
        found = self.findings
        row, claim = found.records[code], found.count_of(code)
        lies = f", {row['district_name']}" if found.many_councils else ""
        return WorstPlace(
            code=code,
            name=f"{row['area_name']}{lies}",
            count=str(self.spoken.say(f"area.{code}", claim)),
            could_be=str(claim.say("card")),
            low=claim.low,
            best=claim.best,
            high=claim.high,
            ranks=str(self.spoken.say(f"ranks.{code}", found.ranks_of(code))) if ranks else "",
            tier=str(row["tier"]) if found.tested else "",
            said=about_certainty.reading(row["tier"]).cell if found.tested else "",
        )

    def _answers(self) -> dict[str, str]:
        """Return the answer to everything that is said against, by key."""
        basis, found = self.basis, self.findings
        plan = found.plan()
        return {
            "satellite": about_packs.satellite_answer(basis),
            "law": about_packs.law_answer(basis),
            "take_up": about_packs.take_up_answer(basis),
            "well_off": self._well_off(),
            "plan": str(self.spoken.say("plan", plan)) if plan is not None else about_packs.not_in_plan(basis),
        }

    def _well_off(self) -> str:
        found = self.findings
        key = next(iter(found.needs), None)
        if key is None or self.headline is None:
            return about_packs.well_off_unknown([one.label for one in declared_needs(found.build.manifest)])
        claims = found.need(key)
        both, looks = claims.both(), claims.looks
        if both is None or not looks or found.told.key == STUDY:
            return about_packs.AVERAGE_HIDES
        return str(self.spoken.say("well_off", replace(both, key="packs.well_off", details={**both.details, **looks})))

    def _map_key(self) -> str:
        status = self.findings.inside["status"]
        alike = status.eq(NOT_TOLD_APART)
        return about_packs.map_key(alike=bool(alike.any()), unknown=bool((~has_count(status) & ~alike).any()))

    def _press(self) -> tuple[str, str]:
        claim = self.headline
        if claim is None:
            return (about_places.nothing_known(self.findings.subject.title), about_places.counted(self.basis))
        return (str(self._opening()), about_packs.press_line_below(claim))
