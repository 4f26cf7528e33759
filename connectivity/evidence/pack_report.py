"""The sections of a pack's report, in order, and its table of every small area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectivity.claims import (
    about_need,
    about_pack_tables,
    about_packs,
    about_places,
    about_plain_pages,
    about_services,
)
from connectivity.claims.about_certainty import QUESTION, reading
from connectivity.claims.about_pack_tables import ALSO, CHARACTERISTICS, NOT_HELD
from connectivity.claims.about_packs import ROWS
from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import capital
from connectivity.evidence.findings import Findings
from connectivity.evidence.pack_content import Head, PackPlace, PackSection, PackTable, PersonsPart
from connectivity.evidence.spoken import Spoken
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.online_only import SERVICES, alternatives, helping
from connectivity.places.hidden_need import declared_needs
from connectivity.places.wholes import STUDY
from layers.ledger import SourceUse


@dataclass(frozen=True, slots=True)
class ReportWriter:
    """Writes the report of a pack.

    Attributes
    ----------
    findings, spoken
        What is known, and what was said so far.
    headline
        The claim that opens everything; None where nothing is known.
    person
        What a person supplied.
    """

    findings: Findings
    spoken: Spoken
    headline: Claim | None
    person: PersonsPart

    @property
    def basis(self) -> Basis:
        """What every figure rests on."""
        return self.findings.basis

    def sections(
        self, *, answers: Sequence[tuple[str, str]], shown: Sequence[str], not_shown: Sequence[str]
    ) -> tuple[PackSection, ...]:
        """Return all sections, in order.

        Parameters
        ----------
        answers
            To everything that is said against.
        shown, not_shown
            What the pack shows and what it does not.
        """
        known = self.headline is not None
        return tuple(
            section
            for section in (
                self._found(),
                PackSection("shows", "What this shows, and what it does not", tuple(shown), tuple(not_shown)),
                self._map(),
                self._ladder(),
                *((self._people(), self._hidden(), self._services()) if known else ()),
                self._areas(),
                PackSection(
                    "answers", "If someone says", points=tuple(f"“{said}”: {answer}" for said, answer in answers)
                ),
                self._method(),
            )
        )

    def _found(self) -> PackSection:
        found, basis, spoken = self.findings, self.basis, self.spoken
        if self.headline is None:
            return PackSection("found", "What we found", (about_places.nothing_known(found.subject.title),))
        beside = dict(found.beside(self.headline))
        said = [str(spoken.say("upload", beside["upload"]))] if "upload" in beside else []
        digital = found.gap(found.told, profile="digital")
        if digital is not None:
            said.append(str(spoken.say("headline.digital", digital)))
            said += [str(spoken.say(name, claim)) for name, claim in found.beside(digital)]
        said.append(
            about_packs.about_small_areas(found.told.name, areas=len(found.mostly_in(found.told.shares)), basis=basis)
        )
        if found.instead:
            said.insert(0, about_packs.stands_for_place(found.subject.title, found.instead, basis=basis))
        if (cut := found.divided()) is not None:
            said.append(str(spoken.say("divided", cut)))
        if len(found.subject.places) > 1:
            said.append(about_packs.beside_each_other())
        larger = found.larger_share()
        points = [capital(str(spoken.say("larger_share", larger)))] if larger is not None else []
        tables = [self._compared()]
        classes, left_out = found.classes()
        if classes:
            caption = about_pack_tables.class_caption(found.told.name, basis=basis)
            tables.append(
                self._counts("classes", caption, classes, note=about_pack_tables.classes_note(left_out=left_out))
            )
        else:
            points.append(about_pack_tables.no_classes())
        points.append(about_pack_tables.only_neighbours_in_study())
        return PackSection("found", "What we found", tuple(said), tuple(points), tuple(tables))

    def _compared(self) -> PackTable:
        caption = about_pack_tables.compared_caption(self.findings.told.name, basis=self.basis)
        rows = self.findings.compared()
        return self._counts("compared", caption, rows, note=about_pack_tables.overlap_note())

    def _counts(self, key: str, caption: str, rows: Sequence[tuple[str, Claim]], *, note: str) -> PackTable:
        """Set counts of places under each other: best estimate, range, whole and share."""
        heads = about_pack_tables.count_heads(self.basis)
        cells = [
            (
                capital(claim.place),
                *self._count_cells(f"{key}.{name}", claim),
                about_plain_pages.share_cell(claim),
            )
            for name, claim in rows
        ]
        columns = (
            Head("Place", meaning="What the figures are of."),
            *(Head(words, number=True, meaning=said) for words, said in heads),
        )
        return PackTable(key, caption, columns, tuple(cells), note)

    def _count_cells(self, name: str, claim: Claim) -> tuple[str, str, str]:
        """Write a count's best estimate, its range and its whole, each under a heading of its own."""
        count = replace(claim, key="pack_tables.count")
        return (
            str(self.spoken.say(name, count, "cell")),
            str(count.say("card")),
            claim.said_of,
        )

    def _map(self) -> PackSection:
        said = str(self.spoken.say("map", self.findings.map_claim()))
        return PackSection("map", "Where the gaps are", (said,), pictured=True)

    def _ladder(self) -> PackSection:
        basis = self.basis
        place, bands = self.findings.ladder()
        heads = (
            Head(f"{about_pack_tables.ladder_unit(basis)} (Mbit/s)", meaning="An exclusive band of download speeds."),
            Head(f"{capital(basis.unit)} (number)", number=True, meaning="How many are in the band."),
        )
        rows = [(label or "Not known", str(self.spoken.say(name, claim))) for name, label, claim in bands]
        whole = bands[0][2]
        total = replace(whole, low=whole.of, best=whole.of, high=whole.of)
        rows.append(("All", str(self.spoken.say("band.all", total))))
        caption = about_pack_tables.ladder_caption(place, basis=basis)
        said = about_pack_tables.ladder_said(place, councils=basis.modelled, basis=basis)
        return PackSection(
            "ladder",
            "Lines by speed" if basis.measured else "Premises by speed",
            (said,),
            tables=(PackTable("ladder", caption, heads, tuple(rows), about_pack_tables.ladder_sums(place)),),
        )

    def _people(self) -> PackSection:
        basis, spoken, found = self.basis, self.spoken, self.findings
        title = "Who it touches"
        if basis.measured:
            return PackSection("people", title, (about_pack_tables.lines_no_people(),))
        work = found.people("interview")
        said = [str(spoken.say("people.interview", work))] if found.known_people else []
        said.append(about_services.people_counted(from_premises=bool(work.details["from_premises"])))
        caption = about_pack_tables.characteristics_caption(found.told.name, basis=basis)
        heads = (
            Head(
                "Characteristic",
                meaning="Protected by the Equality Act 2010, section 4, unless it says that it is not.",
            ),
            Head(
                "Premises with the gap (at least to at most)",
                number=True,
                meaning="Bounds: nothing is known between them.",
            ),
            Head("What is counted", meaning="The share of an area that stands for the characteristic."),
        )
        rows = [
            self._characteristic(label, keys)
            for label, keys in (*CHARACTERISTICS, *ALSO)
            if keys or (label, keys) in CHARACTERISTICS
        ]
        table = PackTable(
            "characteristics",
            caption,
            heads,
            tuple(row for row in rows if row),
            about_pack_tables.characteristics_note(),
        )
        return PackSection("people", title, tuple(said), tables=(table,))

    def _characteristic(self, label: str, keys: Sequence[str]) -> tuple[str, ...]:
        key = next((one for one in keys if one in self.findings.needs), None)
        if key is None:
            return (label, NOT_HELD, "") if (label, tuple(keys)) in CHARACTERISTICS else ()
        claims = self.findings.need(key)
        both = claims.both()
        if both is None:
            return (label, NOT_HELD, "")
        known = self.findings.needs[key]
        said = str(self.spoken.say(f"bounds.{key}", replace(both, key="pack_tables.bounds")))
        return (label, said, f"{capital(known.need.which)} ({known.source})")

    def _hidden(self) -> PackSection:
        found, spoken = self.findings, self.spoken
        key = next(iter(found.needs), None)
        claims = found.need(key)
        looks = None if found.told.key == STUDY else claims.standing()
        made = {
            "standing": None if looks is None else replace(looks, details={**looks.details, "contrary": False}),
            "average": None if found.told.key == STUDY else claims.average(),
            "both": claims.both(),
            "limits": claims.limits(),
            "tail": claims.tail(),
            "no_tail": claims.no_tail(found.alike),
            "elsewhere": claims.elsewhere(),
        }
        said = [str(spoken.say(f"need.{name}", claim)) for name, claim in made.items() if claim is not None]
        if key is None:
            labels = [one.label for one in declared_needs(found.build.manifest)]
            said.append(about_need.need_unmarked(labels, basis=self.basis))
        elif claims.known is not None and claims.known.proxy:
            said.append(about_need.need_stood_in(claims.known))
        return PackSection("hidden", "Need that an average hides", tuple(said))

    def _services(self) -> PackSection:
        found, basis, spoken = self.findings, self.basis, self.spoken
        heads = (
            Head("Service", meaning="What would go online only."),
            Head(about_services.cannot_column(basis), number=True, meaning="Best estimate."),
            Head("Could be", number=True, meaning="Its range."),
            Head("Places that need another way in", number=True, meaning="Small areas, of those that can be decided."),
        )
        rows = []
        for key, service in SERVICES.items():
            claim = replace(found.people(key), key="pack_tables.count")
            keeping = found.keeping(key)
            name = f"service.{key}"
            rows.append(
                (
                    service.name,
                    str(spoken.say(name, claim, "cell")),
                    str(claim.say("card")),
                    str(spoken.say(f"keeping.{key}", keeping, "cell")) or NOT_HELD,
                )
            )
        caption = about_pack_tables.services_caption(found.told.name, basis=basis)
        tables = [PackTable("services", caption, heads, tuple(rows), about_pack_tables.services_note(found.alike))]
        said = (
            [about_services.cannot_decide(basis)]
            if basis.measured
            else [str(spoken.say("people.account", found.people("account")))]
        )
        far = found.distances()
        if far:
            distances = tuple(
                (capital(one.called), str(spoken.say(f"distance.{one.key}", claim, "cell")), str(claim.say("card")))
                for one, claim in far
            )
            kinds = (
                Head("Nearest", meaning="The kind of place."),
                Head("On average (km)", number=True, meaning="Over all premises of the place."),
                Head(
                    "At the farthest (km)", number=True, meaning="The small area it is farthest from, on average there."
                ),
            )
            tables.append(
                PackTable("distances", about_pack_tables.alternatives_caption(found.told.name), kinds, distances, "")
            )
            said += [str(claim.say()) for _, claim in far]
        known = alternatives(found.build.manifest)
        said.append(about_services.help_near(known, helpers=helping(known, service=SERVICES["account"])))
        return PackSection(
            "services",
            "Services, and what else is near",
            tuple(said),
            tuple(about_services.NOT_CONSIDERED),
            tuple(tables),
        )

    def _areas(self) -> PackSection:
        found, basis = self.findings, self.basis
        said = list(about_plain_pages.how_to_read(basis, ranked=found.ranked, tested=found.tested))
        if found.alike:
            said.append(about_packs.only_council(found.alike))
        places = found.subject.places if len(found.subject.places) > 1 else ()
        tables = [self.area_table(place, key=f"areas_{at}", most=ROWS) for at, place in enumerate(places, start=1)]
        return PackSection("areas", "How to read the table of small areas", tuple(said), tables=tuple(tables))

    def area_table(self, place: PackPlace, *, key: str, most: int | None = None) -> PackTable:
        """Return the small areas of a place: counts, ranges, ranks between, and how sure each is among the worst.

        Parameters
        ----------
        place
            Whose areas.
        key
            The table's name.
        most
            How many rows at most, the first in the order of the table; None for all.
        """
        found, basis = self.findings, self.basis
        every = found.in_order(found.mostly_in(place.shares))
        rows = every if most is None else every.head(most)
        ordered = found.tested and len(set(every["tier"])) > 1
        heads = [
            Head("Place", meaning="What we call the small area."),
            Head("Code", meaning="Its official code (LSOA)."),
            *([Head("Council", meaning="The council it lies in.")] if self.findings.many_councils else []),
            *(Head(words, number=True, meaning=said) for words, said in about_pack_tables.count_heads(basis)),
            *([Head("Ranks between", number=True, meaning="In 9 of 10 tries; 1 is worst.")] if found.tested else []),
            *([Head(QUESTION, meaning="How sure it is.")] if found.tested else []),
        ]
        cells = tuple(self._area_row(str(code)) for code in rows.index)
        caption = about_pack_tables.every_area_caption(
            place.name, shown=len(rows), of=len(every), ordered=ordered, basis=basis
        )
        alike = bool(rows["status"].eq(NOT_TOLD_APART).any())
        note = about_pack_tables.every_area_note(basis, ranked=found.ranked, tested=found.tested, alike=alike)
        return PackTable(key, caption, tuple(heads), cells, note)

    def _area_row(self, code: str) -> tuple[str, ...]:
        found = self.findings
        row = found.records[code]
        first = (str(row["area_name"]), code, *([str(row["district_name"])] if found.many_councils else []))
        alike = row["status"] == NOT_TOLD_APART
        if alike or not row["counted"]:
            said = reading("alike" if alike else "insufficient").cell
            if not found.tested:
                return (*first, said, *(NOT_HELD,) * 3)
            return (*first, *(NOT_HELD,) * 5, said)
        claim = found.count_of(code)
        counts = (*self._count_cells(f"area.{code}", claim), about_plain_pages.share_cell(claim))
        if not found.tested:
            return (*first, *counts)
        ranks = str(self.spoken.say(f"ranks.{code}", found.ranks_of(code)))
        return (*first, *counts, ranks, reading(row["tier"]).cell)

    def _method(self) -> PackSection:
        basis = self.basis
        points = (
            about_plain_pages.line_needed(),
            about_places.counted(basis),
            about_places.modelled(basis),
            about_places.measured(basis),
            *about_packs.method_points(basis, tested=self.findings.tested, draws=self.findings.build.manifest.draws),
            *self.findings.build.manifest.modelled,
        )
        return PackSection("method", "How it was done, on a page", points=tuple(one for one in points if one))


def sources_said(sources: Sequence[SourceUse]) -> tuple[str, ...]:
    """Name each source once, with its publisher, release, licence and how many files it came in."""
    grouped: dict[tuple[str, str, str, str], set[str]] = {}
    for one in sources:
        grouped.setdefault((one.name, one.publisher, one.release, one.licence), set()).add(one.file)
    return tuple(
        about_packs.source_line(name, publisher=publisher, release=release, licence=licence, files=len(files))
        for (name, publisher, release, licence), files in grouped.items()
    )
