"""Ofcom's counts by output area, summed to small areas: answers on paper, and every way the file can mislead."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import AREAS, run_command, world_today

from layers.errors import LayerError
from layers.geography import GEOGRAPHIES
from layers.ledger import Ledger
from layers.ofcom.fixed import read_output_area_coverage

ALDER, BIRCH = "E01000101", "E01000102"
LOOKUP = pd.DataFrame({"area_code": [ALDER, ALDER, BIRCH]}, index=["E00000001", "E00000002", "E00000003"])
NAME = "202601_fixed_oa_coverage_r1.csv"
MEASURES = (
    *("premises with SFBB availability", "premises with UFBB (100Mbit/s) availability"),
    *("premises with UFBB availability", "premises with Gigabit availability"),
    *(f"premises unable to receive {speed}Mbit/s" for speed in (2, 5, 10, 30)),
    "premises unable to receive decent broadband from fixed or FWA",
    *("premises with NGA", "premises able to receive decent broadband from FWA"),
)
BANDS = tuple(
    f"premises with {band}Mbit/s download speed" for band in ("30<300", ">=300", "0<2", "2<5", "5<10", "10<30")
)
SLOW = "Number of premises unable to receive {}Mbit/s"


def row(code, bands, *, unknown=0, decent=0, fwa=0, from_100=None):
    """Make one row of the January 2026 file, 36 columns beside the code; `bands` slowest first, six of them."""
    matched = sum(bands)
    under = [sum(bands[: n + 1]) for n in range(4)]
    fast = bands[5] if from_100 is None else from_100
    numbers = [matched - under[3], fast, bands[5], bands[5], *under, decent, matched - under[3], fwa]
    everyone = matched + unknown
    cells = {"output_area": code, "All Premises": everyone, "All Matched Premises": matched}

    def share(number):
        return round(100 * number / everyone, 1) if everyone else 0

    for name, number in zip(MEASURES, numbers, strict=True):
        heading = (
            f"{name.removeprefix('premises with ')} (% premises)" if name.endswith("availability") else f"% of {name}"
        )
        cells[heading] = share(number)
    cells |= {f"Number of {name}": number for name, number in zip(MEASURES, numbers, strict=True)}
    six = (bands[4], bands[5], *bands[:4])
    cells |= {f"% of {name}": share(number) for name, number in zip(BANDS, six, strict=True)}
    return cells | {f"Number of {name}": number for name, number in zip(BANDS, six, strict=True)}


def three():
    """Alder's two output areas and Birch's one."""
    return [
        row("E00000001", [1, 2, 3, 4, 30, 60], unknown=5, decent=4, fwa=50, from_100=70),
        row("E00000002", [0, 0, 1, 9, 90, 0], decent=1, fwa=10),
        row("E00000003", [0, 0, 0, 0, 0, 40]),
    ]


def as_2018(rows):
    """Give rows 2018's headings: another key, fewer columns, other words for full fibre and the universal service."""
    table = pd.DataFrame(rows).rename(columns={"output_area": "oa11"})
    keep = [c for c in table if "100Mbit/s" not in c and "FWA" not in c and "Gigabit" not in c]
    table = table[keep].copy()
    for kind in ("% of premises", "Number of premises"):
        table[f"{kind} unable meet USO"] = 3
    return table.assign(**{"FTTP availability (% premises)": 0, "Number of premises with FTTP availability": 0})


def text(rows):
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    return table.to_csv(index=False, lineterminator="\n").encode()


def write(folder, rows, *, name=NAME):
    path = folder / name
    path.write_bytes(text(rows))
    return path


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(path, *, lookup=LOOKUP, areas=(ALDER, BIRCH), **more):
    ledger = Ledger()
    coverage = read_output_area_coverage(path, output_areas=lookup, areas=pd.Index(areas), ledger=ledger, **more)
    return coverage, ledger


def refused(path, **more):
    with pytest.raises(LayerError) as caught:
        read(path, **more)
    assert caught.value.parts["file"] is not None
    assert caught.value.parts["next"]
    return str(caught.value)


# --- On paper -----------------------------------------------------------------------------------------------------


def test_output_areas_are_summed_on_paper(tmp_path):
    rows = three()
    assert len(rows[0]) == 37  # the official headings of January 2026
    coverage, ledger = read(write(tmp_path, rows))
    alder = coverage.table.loc[ALDER]
    # 30 of the first's 90 fast lines are under 300, 10 of them over 100; the second's 90 are all under 100
    assert alder[coverage.columns].tolist() == [1, 2, 4, 13, 20 + 90, 10, 60]
    assert alder[["premises", "matched", "unknown", "below_decent", "fwa"]].tolist() == [205, 200, 5, 5, 60]
    assert coverage.table.loc[BIRCH, coverage.columns].tolist() == [0, 0, 0, 0, 0, 0, 40]
    assert (coverage.release, coverage.modelled, coverage.has_fwa) == ("January 2026", False, True)
    assert (ledger.premises_in, ledger.warnings, ledger.modelled) == (245, [], [])
    assert [source.release for source in ledger.sources] == ["January 2026"]


def test_2018_nests_in_2011_areas_and_has_neither_100_nor_fixed_wireless(tmp_path):
    path = write(tmp_path, as_2018(three()), name="201809_fixed_oa11_coverage_r01.csv")
    coverage, _ = read(path, geography="lsoa11")
    assert [band.label for band in coverage.bands] == [
        *("Under 2", "2 to 5", "5 to 10", "10 to 30", "30 to 300", "300 or more"),
    ]
    assert coverage.table.loc[ALDER, coverage.columns].tolist() == [1, 2, 4, 13, 120, 60]
    assert coverage.table.loc[ALDER, "below_decent"] == 6
    assert coverage.table["fwa"].isna().all()
    assert (coverage.release, coverage.has_fwa) == ("September 2018", False)


def test_2018_is_never_read_as_counting_fixed_wireless(tmp_path):
    """Its count below the universal service is of fixed lines alone, even with a fixed wireless column beside it."""
    fwa = "Number of premises able to receive decent broadband from FWA"
    coverage, _ = read(write(tmp_path, as_2018(three()).assign(**{fwa: 7})), geography="lsoa11")
    assert not coverage.has_fwa


def test_an_output_area_without_premises_is_nothing(tmp_path):
    coverage, _ = read(write(tmp_path, [*three()[:2], row("E00000003", [0] * 6)]))
    assert coverage.table.loc[BIRCH, ["premises", "matched", "unknown"]].tolist() == [0, 0, 0]


# --- What is missing ----------------------------------------------------------------------------------------------


def test_an_output_area_without_a_row_is_not_known_and_named(tmp_path):
    coverage, ledger = read(write(tmp_path, three()[1:]))
    assert coverage.table.loc[ALDER, "premises"] == 100  # what is known of the rest
    assert any("no row for 1 output area of the study (E00000001): not known" in said for said in ledger.warnings)


def test_an_area_of_which_no_output_area_has_a_row_has_no_row(tmp_path):
    coverage, ledger = read(write(tmp_path, three()[:2]))
    assert coverage.table.index.tolist() == [ALDER]
    assert "E00000003" in ledger.warnings[0]


def test_rows_that_are_not_in_the_lookup_are_counted(tmp_path):
    coverage, ledger = read(write(tmp_path, [*three(), row("E00000099", [9, 0, 0, 0, 0, 0])]))
    assert coverage.table["premises"].sum() == 245
    assert ledger.warnings == [f"{NAME}: 1 of 4 output areas are not in the lookup and were not used."]


def test_rows_of_a_nation_the_lookup_is_not_about_are_outside_the_study_and_no_loss(tmp_path):
    coverage, ledger = read(write(tmp_path, [*three(), row("S00000001", [9, 0, 0, 0, 0, 0])]))
    assert coverage.table["premises"].sum() == 245
    assert ledger.warnings == []


def test_output_areas_of_other_districts_are_no_loss(tmp_path):
    coverage, ledger = read(write(tmp_path, three()), areas=[BIRCH])
    assert coverage.table["premises"].to_dict() == {BIRCH: 40}
    assert ledger.warnings == []


def test_a_faulty_row_of_another_district_does_not_stop_a_study(tmp_path):
    rows = three()
    rows[0][SLOW.format(5)] = 900
    assert read(write(tmp_path, rows), areas=[BIRCH])[0].table["premises"].sum() == 40


# --- What is refused ----------------------------------------------------------------------------------------------


def test_codes_that_are_all_elsewhere(tmp_path):
    said = refused(write(tmp_path, [row("E00999999", [0, 0, 0, 0, 0, 5])]))
    assert "E00999999" in said
    assert "check the year" in said


def test_a_lookup_of_other_places_is_named_as_the_fault(tmp_path):
    said = refused(write(tmp_path, three()), areas=["E01999999"])
    assert "the lookup has no output area of the study" in said


@pytest.mark.parametrize(
    ("rows", "geography", "found"),
    [(as_2018(three()), "lsoa21", "a column oa11"), (three(), "lsoa11", "a column output_area")],
)
def test_another_years_output_areas_are_refused_although_the_codes_are_the_same(tmp_path, rows, geography, found):
    said = refused(write(tmp_path, rows), geography=geography)
    assert found in said
    assert f"the study is on {geography}" in said


def test_a_file_without_any_key_names_the_column(tmp_path):
    said = refused(write(tmp_path, pd.DataFrame(three()).rename(columns={"output_area": "outputarea"})))
    assert "nearest: “outputarea”" in said


def test_an_output_area_twice(tmp_path):
    said = refused(write(tmp_path, [*three(), three()[1]]))
    assert "line 3, 5 (2 of 4 rows)" in said
    assert "E00000002" in said


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({SLOW.format(5): 900}, "unable to receive 2 ≤ 5 ≤ 10 ≤ 30"),
        ({"All Matched Premises": 106}, "All Matched Premises ≤ All Premises"),
        ({"Number of premises with SFBB availability": 93}, "matched − SFBB"),
        ({"Number of premises with UFBB availability": 71}, "UFBB ≤ UFBB (100Mbit/s) ≤ SFBB"),
        ({"Number of premises with 0<2Mbit/s download speed": 9}, "the six speed bands sum"),
        ({"Number of premises able to receive decent broadband from FWA": 106}, "FWA ≤ All Premises"),
    ],
)
def test_a_broken_invariant_names_output_area_and_line(tmp_path, changes, rule):
    rows = three()
    rows[0] |= changes
    said = refused(write(tmp_path, rows[::-1]))
    assert rule in said
    assert "E00000001 (line 4)" in said


@pytest.mark.parametrize("heading", ["All Premises", SLOW.format(10), "Number of premises with UFBB availability"])
def test_a_blank_count_is_refused(tmp_path, heading):
    rows = three()
    rows[1][heading] = ""
    said = refused(write(tmp_path, rows))
    assert heading in said
    assert "E00000002" in said


@pytest.mark.parametrize("cell", ["-1", "3.5", "lots", "1e12", "#REF!"])
def test_a_cell_that_is_no_count(tmp_path, cell):
    rows = three()
    rows[2]["All Premises"] = cell
    said = refused(write(tmp_path, rows))
    assert "line 4 (1 of 3 rows)" in said
    assert "All Premises" in said


@pytest.mark.parametrize(("under", "fast", "superfast"), [(12, 0, 0), (11, 1, 1), (2, 9, 9), (9, 1, 3)])
def test_two_premises_of_rounding_never_make_a_band_negative(tmp_path, under, fast, superfast):
    """10 were matched; the publisher's own rounding may put as many as 12 of them in two bands."""
    first = row("E00000003", [0, 0, 0, 0, 0, 10])
    first |= {SLOW.format(speed): under for speed in (2, 5, 10, 30)}
    first |= {f"Number of premises with {kind} availability": fast for kind in ("UFBB (100Mbit/s)", "UFBB", "Gigabit")}
    first |= {"Number of premises with SFBB availability": superfast}
    coverage, _ = read(write(tmp_path, [*three()[:2], first]))
    birch = coverage.table.loc[BIRCH, coverage.columns]
    assert (birch >= 0).all()
    assert birch.sum() == 10


def test_blank_published_bands_leave_the_nested_counts_to_say_it(tmp_path):
    rows = [one | {f"Number of {name}": "" for name in BANDS} for one in three()]
    assert read(write(tmp_path, rows))[0].table.loc[ALDER, "matched"] == 200


# --- What it is wrapped in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_marks_and_line_ends_make_no_difference(tmp_path, mark, ending):
    expected = read(write(tmp_path, three()))[0].table
    (tmp_path / NAME).write_bytes(mark + text(three()).replace(b"\n", ending.encode()))
    pd.testing.assert_frame_equal(read(tmp_path / NAME)[0].table, expected)


def test_zips_and_zips_in_zips_are_read_in_place(tmp_path):
    expected = read(write(tmp_path, three()))[0]
    one = tmp_path / "coverage.zip"
    one.write_bytes(zipped({NAME: text(three()), "About.txt": b"words"}))
    outer = tmp_path / "202601_fixed_broadband_coverage.zip"
    inner = zipped({f"files/{NAME}": text(three())})
    outer.write_bytes(zipped({"release/oa.zip": inner, "release/pc.zip": zipped({"none.csv": b"a"})}))
    for path, member in ((one, NAME), (one, "*_oa_*.csv"), (outer, "release/oa.zip!files/*_oa_*.csv")):
        coverage, ledger = read(path, member=member)
        pd.testing.assert_frame_equal(coverage.table, expected.table)
        assert coverage.release == "January 2026"  # the member's own name says it
        assert [source.file for source in ledger.sources] == [path.name]


@pytest.mark.parametrize(
    ("path", "member", "inside"),
    [
        ("202601_fixed_oa_res_coverage_r1.csv", None, None),
        ("202601_fixed_oa_coverage_res_r1.csv", None, None),
        ("all.zip", "202601_fixed_oa_res_coverage_r1.csv", "202601_fixed_oa_res_coverage_r1.csv"),
        ("all.zip", "*.csv", "202601_fixed_oa_res_coverage_r1.csv"),
        ("202601_fixed_oa_res_coverage_r1.zip", None, "202601 coverage.csv"),
    ],
)
def test_a_residential_file_says_homes_only(tmp_path, path, member, inside):
    (tmp_path / path).write_bytes(zipped({inside: text(three())}) if inside else text(three()))
    coverage, ledger = read(tmp_path / path, member=member)
    assert coverage.release == ledger.sources[0].release == "January 2026, homes only"


def test_the_release_a_study_states_stands_with_homes_only_beside_it(tmp_path):
    path = write(tmp_path, three(), name="oa_res_coverage.csv")
    assert read(path, release="Spring 2026")[0].release == "Spring 2026, homes only"
    assert read(path)[0].release == "release not stated, homes only"


def test_two_files_under_one_pattern_are_refused(tmp_path):
    path = tmp_path / "both.zip"
    path.write_bytes(zipped({NAME: text(three()), "202601_fixed_oa_res_coverage_r1.csv": text(three())}))
    assert "More than one member" in refused(path, member="*.csv")


# --- Nothing is lost ----------------------------------------------------------------------------------------------

six_bands = st.lists(st.integers(0, 300), min_size=6, max_size=6)
places = st.sampled_from([ALDER, BIRCH, "E01000103", None])


@given(st.lists(st.tuples(six_bands, st.integers(0, 40), places), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_premises_in_are_the_areas_and_what_is_said_to_be_lost(tmp_path_factory, drawn):
    codes = [f"E0000{number:04d}" for number in range(len(drawn))]
    lookup = pd.DataFrame(
        {"area_code": [area for *_, area in drawn if area]},
        index=[code for code, (*_, area) in zip(codes, drawn, strict=True) if area],
    )
    rows = [row(code, bands, unknown=unknown) for code, (bands, unknown, _) in zip(codes, drawn, strict=True)]
    path = write(tmp_path_factory.mktemp("oa"), rows)
    if not lookup["area_code"].isin([ALDER, BIRCH]).any():
        with pytest.raises(LayerError):
            read(path, lookup=lookup)
        return
    coverage, ledger = read(path, lookup=lookup)
    published = pd.DataFrame(rows).set_index("output_area")["All Premises"]
    ours = lookup.index[lookup["area_code"].isin([ALDER, BIRCH])]
    assert coverage.table["premises"].sum() == ledger.premises_in == published[ours].sum()
    assert (coverage.table[[*coverage.columns, "unknown"]].sum(axis=1) == coverage.table["premises"]).all()
    lost = len(drawn) - len(lookup)
    assert any(f"{lost:,} of {len(drawn):,} output areas" in said for said in ledger.warnings) == bool(lost)


# --- Through the command line -------------------------------------------------------------------------------------


def world_by_output_area(folder, *, year):
    """Give the world of six areas an output-area release in place of council totals."""
    world = world_today(folder)
    rows = [row(code, [1, 1, 2, 6, 40, 50], decent=2, fwa=30) for code in world.read("output_areas.csv")["oa11cd"]]
    name = {"2018": "201809_fixed_oa11_coverage_r01.csv", "2026": NAME}[year]
    world.write_bytes(name, text(as_2018(rows) if year == "2018" else rows))
    return world, {"ofcom_authority": None, "ofcom_oa": name}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(study, *options):
        places = {"out": tmp_path / "out", "log": tmp_path / "log"}
        return run_command("build", study, *options, **places, monkeypatch=monkeypatch, capsys=capsys)

    return run


def test_fixed_wireless_without_its_columns_is_refused(run, tmp_path):
    world, layers = world_by_output_area(tmp_path / "2018", year="2018")
    result = run(world.study(layers=layers))
    assert (result.code, result.out, result.folder.exists()) == (2, "", False)
    assert "the September 2018 release does not give it" in result.err
    assert result.said("next").startswith("set fwa = false")


def test_a_study_by_output_area_is_built_and_nothing_of_it_is_modelled(run, tmp_path):
    world, layers = world_by_output_area(tmp_path / "2018", year="2018")
    result = run(world.study(layers=layers, switches={"fwa": False}))
    assert result.code == 0, result.err
    assert result.manifest["premises"] == {"in": 2_400, "scored": 2_400, "excluded": {}}
    assert result.manifest["coverage_modelled"] is False
    assert result.ranking["premises"].tolist() == [400] * len(AREAS)


def test_the_2026_file_is_refused_in_a_study_on_2011_areas(run, tmp_path):
    world, layers = world_by_output_area(tmp_path / "2026", year="2026")
    result = run(world.study(layers=layers))
    assert result.code == 2
    assert "nest in lsoa21, and the study is on lsoa11" in result.err


def test_a_study_without_the_lookup_of_output_areas_is_told_so(run, tmp_path):
    world, layers = world_by_output_area(tmp_path / "2018", year="2018")
    result = run(world.study(layers={**layers, "output_areas": None}))
    assert result.code == 2
    assert "lacks a layer of kind output_areas" in result.err


def test_the_keys_of_both_years_are_known():
    assert {key: bool(one.ofcom) for key, one in GEOGRAPHIES.items()} == {"lsoa11": True, "lsoa21": True}


def test_an_area_that_lacks_too_many_output_areas_is_not_known(tmp_path):
    """Half of Alder's output areas have no row: nobody knows how many premises, or how fast, so it is not scored."""
    coverage, ledger = read(write(tmp_path, three()[1:]))
    alder = coverage.table.loc[ALDER]
    assert alder[["premises", "matched", "unknown"]].tolist() == [100, 0, 100]
    assert coverage.table.loc[BIRCH, "matched"] == 40
    assert any("too many output areas" in warning for warning in ledger.warnings)
