"""Short answers in JSON: listings and pages of a map service, whole and strictly read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from layers.fetching.answers import body
from layers.fetching.faults import FetchError, not_that_kind
from layers.fetching.kinds import HEAD, refuse_other
from layers.fetching.session import Asker

LARGEST = 512 * 1024**2
"""Bytes of one answer (assumption: 2,000 detailed outlines have under a tenth of that)."""


def document(
    url: str,
    *,
    asker: Asker,
    form: Mapping[str, str] | None = None,
    check: Callable[[Any], None] | None = None,
    numbers: Callable[[str], Any] = float,
) -> Any:  # noqa: ANN401  # JSON may be anything; whoever asks for it looks
    """Ask for a JSON document.

    Parameters
    ----------
    url
        The publisher's address.
    form
        Sent as a form by POST, where it is given.
    check
        Raises what is wrong with the answer; `FalterError` where it may pass.
    numbers
        What becomes of a number with a decimal point; `str` keeps it as it was written.

    Raises
    ------
    FetchError
        When there is none to be had, or it is not JSON.
    """

    def attempt(left: float) -> Any:  # noqa: ANN401
        response, final = asker.ask(url, left=left, form=form, headers={"Accept": "application/json"})
        content = bytearray()
        with contextlib.closing(response):
            for chunk in body(response, manner=asker.manner):
                content += chunk
                if len(content) > LARGEST:
                    raise not_that_kind(url, expected=f"an answer of at most {LARGEST:,} bytes", found="more")
        refuse_other(bytes(content[:HEAD]), "json", url=final)
        try:
            answer = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, parse_float=numbers)
        except (ValueError, RecursionError) as error:
            raise not_that_kind(final, expected="a JSON document", found=f"broken JSON: {error}") from error
        if check is not None:
            check(answer)
        return answer

    return asker.persevere(attempt, url=url)


def unlike(url: str, *, expected: str, found: str) -> FetchError:
    """Word a JSON answer that lacks what is looked for."""
    return FetchError(
        "The publisher's answer has changed its form, or is not the one expected.",
        file=url,
        expected=expected,
        found=found,
        next_step="look at the address in a browser; if the publisher has moved the data, correct the catalogue",
    )


def _refuse(word: str) -> float:
    raise ValueError(f"{word} where a number is needed")
