"""What stands beside a headline: the count by the other way of counting, and what part of it rests on what."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance
from connectivity.method.feasibility import has_count
from connectivity.postcode.postcode_tables import ROUTES, WHOLE


def other_way(
    routes: pd.DataFrame | None,
    *,
    areas: pd.DataFrame,
    code: str | None,
    headline: Claim,
    profile: ProfileKey,
    basis: Basis,
) -> Claim | None:
    """Return a headline's count with fixed wireless counted the other way round; None where that is not known.

    Parameters
    ----------
    routes
        Of the build; None where the release gives no fixed wireless.
    areas
        All areas that the headline is about, index ``area_code``.
    code
        The row that holds them: the code of an area, a council or a part; None for the whole study.
    headline
        What the other count stands beside.
    profile
        The activity.
    basis
        Of the build.

    Returns
    -------
    Claim or None
        None, too, where both read alike: then fixed wireless does not matter.
    """
    at = WHOLE if code is None else code
    if routes is None or at not in routes.index or areas.empty:
        return None
    ours = areas.index[has_count(areas["status"])]
    if set(ours) != set(areas.index.intersection(routes.index)):
        return None  # they would not count the same areas
    columns = [f"{profile}{end}" for end in ("_low", "", "_high")]
    low, best, high = (float(end) for end in routes.loc[[at], columns].to_numpy(dtype=float)[0])
    low, high = reaching_as_far(low, high, headline=headline)
    where = Provenance(ROUTES, profile, (at,))
    key = f"places.other_way.{profile}"
    found = Claim(key, headline.place, low, best, high, headline.of, basis, provenance=where, drawn=basis.modelled)
    found = replace(found, estimated=headline.estimated)
    if code is None or code in set(areas["district_code"]):
        found = found.of_whole_councils()
    return None if found.estimate == headline.estimate else found


def reaching_as_far(low: float, high: float, *, headline: Claim) -> tuple[float, float]:
    """Return the range of a count with fixed wireless the other way round, no less far than the headline's allows.

    In every draw fewer routes leave no fewer behind; the two ranges come from draws of different number.

    Parameters
    ----------
    low, high
        As they were drawn.
    headline
        The count of the same place as the study has it.
    """
    furthest = max if headline.basis.counts_fwa else min
    return furthest(low, headline.low), furthest(high, headline.high)


def assumed_upload(areas: pd.DataFrame, *, place: str, basis: Basis) -> Claim | None:
    """Return which part of the count of a home worker fails on upload alone, which is assumed; None where none fails.

    Parameters
    ----------
    areas
        ``status, remote_infeasible, remote_upload_fails``.
    place
        What they make.
    basis
        Of the build.
    """
    if "remote_upload_fails" not in areas:
        return None
    rows = areas[has_count(areas["status"])]
    failing, upload = float(rows["remote_infeasible"].sum()), float(rows["remote_upload_fails"].sum())
    if round(failing) == 0 or round(upload) == 0:
        return None
    share, where = upload / failing, Provenance(column="remote_upload_fails", areas=tuple(map(str, rows.index)))
    return Claim("places.upload_assumed", place, share, share, share, 1.0, basis, unit="share", provenance=where)


def flagged_superfast(areas: pd.DataFrame, *, place: str, basis: Basis) -> Claim | None:
    """Return how many of the lines that fell short stand in postcodes flagged superfast; None where none is flagged.

    Parameters
    ----------
    areas
        ``status, remote_infeasible`` and, of lines measured in the past, ``remote_flagged``.
    place
        What they make.
    basis
        Of the build.
    """
    if "remote_flagged" not in areas:
        return None
    rows = areas[has_count(areas["status"])]
    failing, many = float(rows["remote_infeasible"].sum()), float(rows["remote_flagged"].sum())
    if round(failing) == 0:
        return None
    where = Provenance(column="remote_flagged", areas=tuple(map(str, rows.index)))
    return Claim("places.flagged", place, many, many, many, failing, basis, provenance=where)


def beside_headline(
    headline: Claim, *, areas: pd.DataFrame, code: str | None, routes: pd.DataFrame | None, basis: Basis
) -> list[Claim]:
    """Return everything that stands beside a headline; see :func:`other_way` for the arguments.

    What rests on upload and what was flagged are about the home worker alone.
    """
    profile = headline.profile
    found = [other_way(routes, areas=areas, code=code, headline=headline, profile=profile, basis=basis)]
    if profile == "remote":
        found.append(flagged_superfast(areas, place=headline.place, basis=basis))
        found.append(assumed_upload(areas, place=headline.place, basis=basis))
    return [claim for claim in found if claim is not None]
