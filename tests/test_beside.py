"""What stands beside a headline: the other way of counting, what rests on upload, and what was flagged superfast."""

from __future__ import annotations

import pandas as pd
import pytest
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.claims.claim import Basis, Claim, summed
from connectivity.outputs import read_build
from connectivity.places.beside_claims import assumed_upload, beside_headline, flagged_superfast, other_way
from connectivity.places.boundary_claims import place_claim
from connectivity.places.parts import as_far_as_inside, part_of
from connectivity.places.reports import read_shares, report_by
from connectivity.postcode.postcode_tables import WHOLE
from layers.families import family_of


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("today")
    study = world_today(folder / "world").study(switches={"fwa": True}, layers={"wards": "wards.geojson"})
    build(study, out=folder / "out", draws=0)
    return read_build(folder / "out"), read_shares(folder / "out")


@pytest.fixture
def today(built):
    return built[0]


def headline(found, profile="digital"):
    return summed(found.areas, place="Two shires", profile=profile, basis=Basis.of(found.manifest), drawn=found.drawn)


def test_the_study_and_each_council_are_counted_the_other_way_too(today):
    routes, areas = today.routes, today.areas
    inside = routes.index.intersection(areas.index)
    assert routes.loc[WHOLE, "remote"] == pytest.approx(routes.loc[inside, "remote"].sum())
    for code, rows in areas.loc[inside].groupby("district_code"):
        assert routes.loc[code, "digital"] == pytest.approx(routes.loc[rows.index, "digital"].sum())


def test_the_other_way_is_said_only_where_it_differs_and_counts_the_same_areas(today):
    basis, claim = Basis.of(today.manifest), headline(today)
    told = {"areas": today.areas, "code": None, "headline": claim, "profile": "digital", "basis": basis}
    other = other_way(today.routes, **told)
    assert other.best == pytest.approx(today.routes.loc[WHOLE, "digital"])
    assert str(other.say()).startswith("On the line alone, without fixed wireless, it is")
    assert other_way(None, **told) is None
    assert other_way(today.routes, **(told | {"areas": today.areas.assign(status="not enough data: x")})) is None
    alike = Claim(claim.key, claim.place, other.low, other.best, other.high, claim.of, basis, drawn=other.drawn)
    assert other_way(today.routes, **(told | {"headline": alike})) is None


def test_each_ward_has_a_figure_on_the_line_alone_drawn_together(built):
    today, reports = built
    places, shares = reports["ward"]
    basis, found = Basis.of(today.manifest), 0
    report = report_by(places, shares=shares, areas=today.areas, family=family_of("ward"), beyond={}, drawn=today.drawn)
    for key in places.index:
        part = part_of(f"ward:{key}", reports={"ward": (places, shares)}, areas=today.areas)
        inside = as_far_as_inside(today.areas, part=part)
        assert inside["remote_infeasible"].sum() == pytest.approx(
            (today.areas["remote_infeasible"].reindex(part.shares.index) * part.shares).sum()
        )
        name = str(places.loc[key, "name"])
        row = report.places[report.places["name"].eq(name)].iloc[0].to_dict()
        claim = place_claim(row, report=report, profile="digital", basis=basis)
        other = other_way(today.routes, areas=inside, code=part.text, headline=claim, profile="digital", basis=basis)
        if other is not None:
            found += 1
            alone = today.routes.loc[part.shares.index, ["digital_low", "digital", "digital_high"]].mul(
                part.shares, axis=0
            )
            assert other.best == pytest.approx(alone["digital"].sum())
            assert other.low <= other.best <= other.high
            assert (other.of, other.drawn) == (claim.of, True)
    assert found
    assert (
        other_way(today.routes, areas=inside, code="ward:none", headline=claim, profile="digital", basis=basis) is None
    )  # a build made before has no row for it


def test_the_part_that_rests_on_upload_is_that_of_the_build():
    areas = pd.DataFrame({"status": "scored", "remote_infeasible": [8.0, 2.0], "remote_upload_fails": [7.0, 1.0]})
    here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    assert assumed_upload(areas, place="Dorset", basis=here).best == pytest.approx(0.8)
    assert assumed_upload(areas.assign(remote_upload_fails=0.0), place="Dorset", basis=here) is None
    assert flagged_superfast(areas, place="Dorset", basis=here) is None


def test_lines_flagged_superfast_stand_beside_a_measured_count_and_are_part_of_it(tmp_path):
    build(world_2013(tmp_path / "world").study(), out=tmp_path / "out", draws=0)
    found = read_build(tmp_path / "out")
    known = found.areas["remote_infeasible"].notna()
    flagged = found.areas["remote_flagged"]
    assert flagged[known].between(0, found.areas.loc[known, "remote_infeasible"] + 1e-9).all()
    assert flagged[~known].isna().all()
    said = [claim.key for claim in beside_headline(
        headline(found, "remote"), areas=found.areas, code=None, routes=found.routes, basis=Basis.of(found.manifest)
    )]  # fmt: skip
    assert "places.flagged" in said
    assert not any(key.startswith("places.other_way") for key in said)


def test_a_study_of_premises_has_no_flagged_lines(today):
    assert "remote_flagged" not in today.areas
