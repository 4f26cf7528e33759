"""A challenge to what a provider or a map says of single premises: checked row by row, summed without any person in it.

The rules are those that bodies who decide challenges publish (BDUK, the Scottish Government, the FCC and BEAD as the
model): the method is declared before the data, a file is about one provider, each reason asks for its own evidence, and
a speed is the median of three tests on three days.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from connectivity.claims.about_challenges import CONSENT, NEVER_MIXED, SUPPRESSED
from connectivity.claims.about_places import modelled
from connectivity.claims.claim import Basis
from connectivity.outputs import Build, read_build
from connectivity.places.boundary_claims import place_claim
from connectivity.places.reports import read_shares, report_by
from connectivity.postcode.typed import read_form
from layers.errors import LayerError, examples
from layers.families import family_of
from layers.figures import Figure
from layers.intake.tables import Column, read_table
from layers.staging import Mark, check_output, staged

MARK = Mark("challenge.json", frozenset({"challenge_version", "groups"}))
"""What a checked challenge leaves."""
VERSION = 1
MOST = Figure(250_000, "rows", "a challenge has at most so many", "FCC, bulk challenge specification")
FRESH = Figure(180, "days", "evidence is younger", "BEAD model challenge process")
FEWEST = Figure(10, "answers", "the fewest that are shown together", "Code of Practice for Statistics; ONS disclosure")
TESTS = 3
DISTRICTS = "postcode_district"
"""The report of a build that has them."""
METHODS = {
    "infrastructure": "knowledge of the infrastructure: how it is known, such as poles walked or ducts opened",
    "consumers": "collected from consumers: how they were asked, where and when",
    "other": "another way: what it is",
}
"""How the rows came about, declared before them; each with an explanation."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row challenges what is said, and the kinds of evidence that support that and nothing else."""

    code: str
    meaning: str
    evidence: tuple[str, ...]


REASONS = {
    one.code: one
    for one in (
        Reason("refused", "The provider refused an order for service at this address.", ("reply",)),
        Reason("not-scheduled", "No date for installation was given within ten working days.", ("order", "reply")),
        Reason("not-installed", "Nothing was installed by the date agreed.", ("order", "reply")),
        Reason("extra-charge", "More than the standard charge for installation was asked.", ("quotation",)),
        Reason("not-offered", "The provider's own checker does not offer what the map shows.", ("checker",)),
        Reason("no-signal", "Fixed wireless does not reach the premises.", ("survey",)),
        Reason("slow", "The line is slower than what is said of it.", ("tests",)),
        Reason("wrong-place", "The premises are missing, doubled, or no premises.", ("photo", "survey")),
    )
}
EVIDENCE = {
    "reply": "a letter, e-mail or message of the provider's, with its date",
    "order": "the confirmation of an order, with its number and date",
    "quotation": "a written quotation, with its date",
    "checker": "a picture of the checker's answer, with address and date",
    "survey": "an installer's or surveyor's report, with its date",
    "photo": "a dated picture of the place",
    "tests": "three speed tests on three days",
}
TEST_COLUMNS = tuple(f"test_{n}_{part}" for n in range(1, TESTS + 1) for part in ("date", "download", "upload"))
FORM = {
    "method": f"How the rows came about, the same in each: {', '.join(METHODS)}.",
    "method_explanation": "How it was done, in a sentence or more.",
    "provider": "Whom it is about: one provider a file, named alike in each row.",
    "UPRN": "Unique property reference number, up to 12 digits, as text.",
    "strUPRN": "STR and the same digits: no spreadsheet can round it.",
    "address": "On a single line.",
    "postcode": "Whole.",
    "address_base_epoch": "The release of the address base that the UPRN was taken from, a number.",
    "reason": f"One reason a row: {', '.join(REASONS)}.",
    "evidence": f"The kind that supports that reason: {', '.join(EVIDENCE)}.",
    "evidence_file": "Where it is kept, such as a file's name.",
    "evidence_date": "YYYY-MM-DD, within 180 days.",
    "connection": "For speeds: wired, or Wi-Fi.",
    "device": "For speeds by Wi-Fi: what was used.",
    **{
        name: {"date": "YYYY-MM-DD, another day each.", "download": "Mbit/s.", "upload": "Mbit/s."}[name[7:]]
        for name in TEST_COLUMNS
    },
    "name": "Of the person at the address.",
    "email": "Theirs.",
    "consent": f"yes, to this: “{CONSENT}”",
}
"""The columns of a challenge in their order, and what belongs in each: method first, then the premises as BDUK and the
Scottish Government order them, the claim, its evidence, and the person."""
COLUMNS = [Column(name, (name, name.replace("_", " ")), "text") for name in FORM]
ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
UPRN = re.compile(r"[0-9]{1,12}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its line in the file, the column, and what is expected; never what a person wrote."""

    line: int
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one postcode district; None where too few stand behind a number.

    Attributes
    ----------
    place
        Such as DT2.
    answers
        Rows without faults.
    wired_down, wired_up, wifi_down, wifi_up
        Median of the answers' own medians, Mbit/s.
    published
        What the build says of the district, in words; empty without a build or where it has none.
    """

    place: str
    answers: int | None
    wired_down: float | None
    wired_up: float | None
    wifi_down: float | None
    wifi_up: float | None
    published: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was read and checked.

    Attributes
    ----------
    provider, method
        Whom it is about, and how it came about.
    rows
        How many it has.
    faults
        By line, in the order of the file.
    groups
        Of the rows without faults.
    reasons
        How many of these rows give each reason; None where too few do.
    """

    provider: str
    method: str
    rows: int
    faults: tuple[Fault, ...]
    groups: tuple[Group, ...]
    reasons: Mapping[str, int | None]


def empty_form() -> str:
    """Return the empty form of a challenge as CSV: headings, and a row that explains each and has to be removed."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([list(FORM), list(FORM.values())])
    return made.getvalue()


def read_challenge(path: Path, *, date: dt.date, build: Path | None = None) -> Challenge:
    """Read and check a challenge.

    Parameters
    ----------
    path
        CSV, XLSX or ODS, with the columns of `FORM`.
    date
        On which it is handed in: evidence is younger than 180 days then.
    build
        Whose published figures stand beside.

    Raises
    ------
    LayerError
        When it cannot be read, is empty, has too many rows, or is about two providers or made in two ways.
    """
    table = read_table(path, COLUMNS).fillna("").map(str.strip)
    if len(table) > MOST.value:
        raise LayerError(
            "The challenge has too many rows.",
            file=path,
            expected=f"at most {MOST.value:,.0f}",
            found=f"{len(table):,}",
            next_step="hand it in as several files",
        )
    provider, method = (_one(table, column, path=path) for column in ("provider", "method"))
    if method not in METHODS:
        raise LayerError(
            "The method is not declared.",
            file=path,
            column="method",
            expected="; ".join(f"{key} ({meaning})" for key, meaning in METHODS.items()),
            found=method or "nothing",
            next_step="say how the rows came about, in each row, before anything else",
        )
    records = [{str(name): str(cell) for name, cell in row.items()} for row in table.to_dict("records")]
    faults = [fault for number, row in enumerate(records, start=2) for fault in _faults(row, number, date=date)]
    faults += _doubled(records)
    wrong = {fault.line for fault in faults}
    good = [row for number, row in enumerate(records, start=2) if number not in wrong]
    return Challenge(
        provider=provider,
        method=method,
        rows=len(table),
        faults=tuple(sorted(faults, key=lambda one: (one.line, list(FORM).index(one.column)))),
        groups=tuple(_groups(good, build=None if build is None else read_build(build), folder=build)),
        reasons=suppressed(_counted(row["reason"] for row in good)),
    )


def _one(table: pd.DataFrame, column: str, *, path: Path) -> str:
    """Return what stands in every row of a column."""
    values = sorted(set(table[column].str.casefold()))
    if len(values) == 1:
        return str(table[column].iloc[0])
    raise LayerError(
        f"The file has more than one {column}.",
        file=path,
        column=column,
        rows=f"first other: line {int(table.index[table[column].str.casefold().ne(values[0])][0]) + 2}",
        expected=f"one {column} a file, named alike in each row",
        found=examples(values),
        next_step=f"write a file for each {column}",
    )


def _faults(row: Mapping[str, str], line: int, *, date: dt.date) -> Iterator[Fault]:
    """Find what is wrong with a row."""
    yield from (Fault(line, column, what) for column, what in _place_faults(row))
    yield from (Fault(line, column, what) for column, what in _claim_faults(row, date=date))
    if not row["method_explanation"]:
        yield Fault(line, "method_explanation", "the method is not explained")
    if not row["name"]:
        yield Fault(line, "name", "no name")
    if not MAIL.fullmatch(row["email"]):
        yield Fault(line, "email", "no e-mail address")
    if row["consent"].casefold() != "yes":
        yield Fault(line, "consent", "the person has not agreed: “yes” is expected")


def _place_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    uprn, text = row["UPRN"], row["strUPRN"]
    if ROUNDED.fullmatch(uprn):
        yield "UPRN", "a spreadsheet has rounded it: take it from the source again, and keep the column as text"
    elif not UPRN.fullmatch(uprn):
        yield "UPRN", "1 to 12 digits are expected"
    if not re.fullmatch(r"STR[0-9]{1,12}", text):
        yield "strUPRN", "STR and 1 to 12 digits are expected"
    elif UPRN.fullmatch(uprn) and int(text[3:]) != int(uprn):
        yield "strUPRN", "it is another than UPRN: one of them was rounded or mistyped"
    if not row["address"]:
        yield "address", "no address"
    if read_form(row["postcode"]).shape != "whole":
        yield "postcode", "a whole postcode is expected"
    if not re.fullmatch(r"[0-9]{1,3}", row["address_base_epoch"]):
        yield "address_base_epoch", "the release of the address base is expected, a number such as 121"


def _claim_faults(row: Mapping[str, str], *, date: dt.date) -> Iterator[tuple[str, str]]:
    reason, kind = REASONS.get(row["reason"]), row["evidence"]
    if reason is None:
        yield "reason", f"one of {', '.join(REASONS)} is expected"
    elif kind not in reason.evidence:
        wanted = " or ".join(f"{one} ({EVIDENCE[one]})" for one in reason.evidence)
        yield "evidence", f"for “{reason.code}” it has to be {wanted}"
    speeds = reason is not None and reason.code == "slow"
    if not speeds and not row["evidence_file"]:
        yield "evidence_file", "where the evidence is kept is not said"
    if not speeds or row["evidence_date"]:
        fault = _date_fault(row["evidence_date"], date=date)
        if fault:
            yield "evidence_date", fault
    if speeds:
        yield from _speed_faults(row, date=date)
    elif any(row[name] for name in TEST_COLUMNS):
        yield TEST_COLUMNS[0], "speed tests support “slow” alone"


def _speed_faults(row: Mapping[str, str], *, date: dt.date) -> Iterator[tuple[str, str]]:
    days = []
    for number in range(1, TESTS + 1):
        day, down, up = (f"test_{number}_{part}" for part in ("date", "download", "upload"))
        fault = _date_fault(row[day], date=date)
        if fault:
            yield day, fault
        days.append(row[day])
        for name in (down, up):
            if _speed(row[name]) is None:
                yield name, "a speed in Mbit/s is expected, 0 to 100,000"
    if len(set(days)) < TESTS:
        yield TEST_COLUMNS[0], "three tests on three different days are expected"
    connection = row["connection"].casefold()
    if connection not in {"wired", "wi-fi", "wifi"}:
        yield "connection", "wired or Wi-Fi has to be said"
    elif connection != "wired" and not row["device"]:
        yield "device", "a test by Wi-Fi has to name the device"


def _date_fault(text: str, *, date: dt.date) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return "a day is expected, YYYY-MM-DD"
    if day > date:
        return "it lies after the day on which the challenge is handed in"
    return "it is 180 days old or older" if (date - day).days >= FRESH.value else ""


def _speed(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]+)?", text):
        return None
    return float(text) if float(text) <= 100_000 else None  # noqa: PLR2004 - beyond any line


def _doubled(records: Sequence[Mapping[str, str]]) -> list[Fault]:
    """Find rows that give a reason for premises that an earlier row gives."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for line, row in enumerate(records, start=2):
        if not UPRN.fullmatch(row["UPRN"]):
            continue
        first = seen.setdefault((str(int(row["UPRN"])), row["reason"]), line)
        if first != line:
            found.append(Fault(line, "UPRN", f"line {first} gives the same reason for the same premises"))
    return found


def _counted(values: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Leave out counts under ten, and others until those left out cannot be told to be so few from the total.

    >>> suppressed({"a": 40, "b": 12, "c": 3})
    {'a': 40, 'b': None, 'c': None}
    >>> suppressed({"a": 40, "b": 6, "c": 7})
    {'a': 40, 'b': None, 'c': None}
    >>> suppressed({"a": 40, "b": 2, "c": 3})
    {'a': None, 'b': None, 'c': None}
    """
    hidden = {key for key, count in counts.items() if count < FEWEST.value}
    rest = sorted((count, key) for key, count in counts.items() if key not in hidden)
    for _, key in rest:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= FEWEST.value):
            break
        hidden.add(key)
    return {key: None if key in hidden else count for key, count in counts.items()}


def _groups(good: Sequence[Mapping[str, str]], *, build: Build | None, folder: Path | None) -> Iterator[Group]:
    """Sum up answers by postcode district; medians of wired lines and of Wi-Fi are never put together."""
    by_place: dict[str, list[Mapping[str, str]]] = {}
    for row in good:
        by_place.setdefault(read_form(row["postcode"]).code[:-3], []).append(row)
    shown = suppressed({place: len(rows) for place, rows in sorted(by_place.items())})
    known = {} if build is None or folder is None else _published(build, folder=folder, places=list(shown))
    for place, count in shown.items():
        rows = [] if count is None else by_place[place]
        yield Group(
            place,
            count,
            wired_down=_median(rows, wired=True, part="download"),
            wired_up=_median(rows, wired=True, part="upload"),
            wifi_down=_median(rows, wired=False, part="download"),
            wifi_up=_median(rows, wired=False, part="upload"),
            published=known.get(place, ""),
        )


def _median(rows: Sequence[Mapping[str, str]], *, wired: bool, part: str) -> float | None:
    """Return the median of the answers' own medians; None where fewer than ten stand behind it."""
    slow = [row for row in rows if row["reason"] == "slow" and (row["connection"].casefold() == "wired") is wired]
    if len(slow) < FEWEST.value:
        return None
    own = [median(float(row[f"test_{number}_{part}"]) for number in range(1, TESTS + 1)) for row in slow]
    return round(median(own), 1)


def _published(build: Build, *, folder: Path, places: Sequence[str]) -> dict[str, str]:
    """Say what a build has for postcode districts: how many premises cannot support a home worker, with the range."""
    held = read_shares(folder).get(DISTRICTS)
    if held is None:
        return {}
    keyed, shares = held
    family, basis, found = family_of(DISTRICTS), Basis.of(build.manifest), {}
    report = report_by(keyed, shares=shares, areas=build.areas, family=family, beyond={}, drawn=build.drawn)
    for _, row in report.places[report.places["code"].isin(places)].iterrows():
        claim = place_claim(row.to_dict(), report=report, profile="remote", basis=basis)
        if claim is not None:
            sentences = (str(claim.say("plain")), modelled(basis), f"{basis.release}.")
            found[str(row["code"])] = basis.quotable(" ".join(one for one in sentences if one))
    return found


def write_challenge(challenge: Challenge, *, out: Path, date: dt.date) -> None:
    """Write what may leave of a challenge: groups, reasons, and the faults by line; nothing that a person wrote.

    Raises
    ------
    OutputError
        When the folder cannot be replaced.
    """
    check_output(out, mark=MARK)
    record = {
        "challenge_version": VERSION,
        "date": date.isoformat(),
        "provider": challenge.provider,
        "method": challenge.method,
        "reasons": {key: count for key, count in challenge.reasons.items() if count is not None},
        "groups": [asdict(one) for one in challenge.groups],
        "notes": [NEVER_MIXED, SUPPRESSED],
    }
    with staged(out, mark=MARK) as folder:
        text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / MARK.name).write_bytes(text.encode() + b"\n")
        heads = ("line", "column", "what is wrong")
        faults = [(one.line, one.column, one.what) for one in challenge.faults]
        (folder / "faults.csv").write_bytes(_csv([heads, *faults]))
        (folder / "groups.csv").write_bytes(_csv([*group_rows(challenge), (), (NEVER_MIXED,), (SUPPRESSED,)]))


def group_rows(challenge: Challenge) -> list[tuple[object, ...]]:
    """Give the groups of a challenge as a table, headings first; [c] stands for what is not shown."""
    speeds = (f"{how}, median {part} (Mbit/s)" for how in ("wired", "Wi-Fi") for part in ("download", "upload"))
    heads = ("postcode district", "answers", *speeds, "published beside it")
    rows: list[tuple[object, ...]] = [
        tuple("[c]" if one is None else one for one in asdict(group).values()) for group in challenge.groups
    ]
    return [heads, *rows]


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + made.getvalue().encode()
