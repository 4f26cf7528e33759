"""What public money plans at a postcode, and who builds there, in words."""

from __future__ import annotations

from connectivity.postcode.answer import Here
from layers.manifest import MONTHS


def plan(here: Here, *, postcode: str) -> list[str]:
    """Say the government's plan for a postcode and who builds; that it is not known, where it is not."""
    if here.plan_release is None:
        return [
            "Government plan (BDUK): not known in this study. It has no BDUK file.",
            "Company that builds the lines: not known in this study. Ofcom’s figures do not name it.",
        ]
    if here.plan is None:
        return [f"Government plan (BDUK, {here.plan_release}): it lists no premises at {postcode}, so it is not known."]
    found = here.plan
    total = _many(round(found["premises"]), "address", "addresses")

    def many(column: str) -> int:
        return int(found.get(column) or 0)

    counts = {
        ("has gigabit broadband now", "have gigabit broadband now"): many("gigabit_now"),
        ("has a plan or contract for it", "have a plan or contract for it"): many("planned"),
        ("has neither", "have neither"): many("not_planned"),
        ("is not known", "are not known"): many("plan_not_known"),
        ("is not counted as premises", "are not counted as premises"): many("not_recognised"),
    }
    listed = ", ".join(_many(count, *words) for words, count in counts.items() if count)
    said = [f"Government plan (BDUK, {here.plan_release}): of {total} at {postcode}, {listed}."]
    said.append(_white(many("white"), many("grey_or_black"), many("under_review"), many("not_stated")))
    suppliers, contracts = found.get("suppliers"), found.get("contracts")
    if suppliers or contracts:
        named = f"Company that builds: {suppliers or 'not named'}"
        said.append(f"{named}{f', under {contracts}' if contracts else ''}.")
    elif many("planned") or many("plan_not_known"):
        said.append("Company that builds: not named in the plan.")
    else:
        said.append("Company that builds: none, as nothing is planned here.")
    if found.get("latest_date"):
        said.append(f"Last day the contract gives: {day(str(found['latest_date']))}. Contracts can change.")
    if many("deferred"):
        late = _many(many("deferred"), "is put off", "are put off")
        said.append(f"Of those planned, {late} to a later part of the contract: no promise.")
    return said


def _white(white: int, grey_or_black: int, under_review: int, not_stated: int) -> str:
    """Say for how many public money may be spent."""
    rest = {
        (
            "has or will soon have a company’s own network",
            "have or will soon have a company’s own network",
        ): grey_or_black,
        ("is still being checked", "are still being checked"): under_review,
        ("is not stated", "are not stated"): not_stated,
    }
    others = "".join(f"; {_many(count, *words)}" for words, count in rest.items() if count)
    return f"Public money may be spent on {f'{white:,}' if white else 'none'} of them (“white”){others}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def day(text: str) -> str:
    """Write a date as people do; what is no date stays as it is.

    >>> day("2032-03-31"), day("soon")
    ('31 March 2032', 'soon')
    """
    year, _, rest = text.partition("-")
    month, _, date = rest.partition("-")
    if not (year.isdecimal() and month.isdecimal() and date.isdecimal() and 1 <= int(month) <= len(MONTHS)):
        return text
    return f"{int(date)} {MONTHS[int(month) - 1]} {year}"
