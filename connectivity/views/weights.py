"""A reader's weights: how much each of the four dimensions counts, in percent. Knows no Streamlit."""

from __future__ import annotations

from dataclasses import fields

from connectivity.method.scoring import Weights
from connectivity.weightings import Percent
from layers.errors import StudyError


def write_weights(weights: Percent) -> str:
    """Write weights for a link.

    >>> write_weights((30, 30, 20, 20))
    '30-30-20-20'
    """
    return "-".join(str(weight) for weight in weights)


def read_weights(text: str) -> Percent:
    """Read four weights in percent, for instance “30-30-20-20”.

    Raises
    ------
    ValueError
        When there are not four whole numbers from 0 to 100, or they cannot make a score.
    """
    parts = text.split("-")
    if len(parts) != len(fields(Weights)) or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("We need four whole numbers, such as 30-30-20-20.")
    remote, digital, need, alternative = (int(part[:4]) for part in parts)
    weights = (remote, digital, need, alternative)
    if max(weights) > 100:  # noqa: PLR2004 - percent
        raise ValueError("Each weight goes from 0 to 100.")
    check_weights(weights)
    return weights


def check_weights(weights: Percent) -> Weights:
    """Turn percentages into weights.

    Raises
    ------
    ValueError
        With one plain sentence, when they cannot make a score.
    """
    try:
        return Weights(*(float(weight) for weight in weights))
    except StudyError as error:
        raise ValueError(error.what) from error
