"""The page for a reader's own data: it says what it understood, loses no row, runs no name, and keeps nothing."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import pytest
from shires import HOSTILE, REPOSITORY, Reader, write
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from streamlit.testing.v1 import AppTest

from connectivity.own_data.uploaded_sheet import MEGABYTE

TABLE = "notspot_areas"
QUOTED = '"' + HOSTILE.replace('"', '""') + '"'
CLINICS = (
    "Name,Easting,Northing\n"
    "Oak surgery,400500,100500\n"
    "Ash surgery,403500,102500\n"
    "Far away,500000,200000\n"
    f"{QUOTED},402100,100900\n"
)
LOANS = "LSOA11CD,Loans,Trips\n" + "".join(f"E010000{n:02d},{10 * n},{n}\n" for n in range(1, 12)) + "E01000012,,12\n"


def give(reader: Reader, content: str | bytes, *, name: str = "clinics.csv") -> Reader:
    if reader.at is None:
        reader.open("own")
    held = content if isinstance(content, bytes) else content.encode()
    reader.at.file_uploader[0].upload(name, held, "text/csv").run()
    assert not reader.at.exception
    return reader


def sent(reader: Reader) -> tuple[list[str], bool]:
    """Read the names sent with the circles, and whether they are printed."""
    own = reader.map_said["own"]
    return [circle[3] for circle in own["circles"]], own["printed"]


def press(reader: Reader, label: str) -> None:
    next(button for button in reader.at.button if button.label == label).click().run()
    assert not reader.at.exception


def go(reader: Reader, page: str) -> None:
    reader.at.switch_page(f"connectivity/views/{page}.py").run()
    assert not reader.at.exception


def test_the_page_says_what_it_takes_and_that_nothing_is_kept(reader):
    reader.open("own")
    assert "Your file is held in memory, for you alone" in reader.html
    assert "Points need a column Name and one of these: Postcode, or Latitude and Longitude" in reader.html
    assert "such as LSOA11CD" in reader.html
    assert [button.proto.label for button in reader.at.get("download_button")] == [
        "Example of points (CSV)",
        "Example of figures (CSV)",
    ]


def test_points_are_understood_counted_and_listed(reader):
    give(reader, CLINICS)
    assert "4 rows, read as points from the columns “Easting” and “Northing”." in reader.html
    assert "3 points lie in 3 small areas of this study." in reader.html
    assert "1 row is not on the map or in the table (1 outside this study)." in reader.html
    assert "4 rows = 3 used + 1 outside this study (line 4)." in reader.html
    assert "About 308 of 1,800 homes and businesses" in reader.html  # 0 + 300 + 8 of three areas of 600
    rows = reader.data(TABLE)["rows"]
    assert [row[0] for row in rows] == ["E01000001", "E01000012", "E01000003"]
    assert rows[1][1:3] == ["Ash surgery", "Upper Vale, part 12, Eastshire"]
    assert rows[1][6:10] == ["300| of 600", "180 to 420", 50.0, "premises"]


def test_a_hostile_name_enters_the_table_and_the_map_as_text(reader):
    give(reader, CLINICS, name="<b>{{ 7*7 }}</b>.csv")
    assert reader.data(TABLE)["rows"][2][1] == HOSTILE  # enters by textContent
    assert "<script>alert" not in reader.html
    assert "<b>{{" not in reader.html
    assert HOSTILE in sent(reader)[0]  # enters by textContent, or as letters on a canvas
    go(reader, "where")
    label = next(toggle.label for toggle in reader.at.toggle)
    assert label == "Show your data: \\<b\\>\\{\\{ 7\\*7 \\}\\}\\<\\/b\\>\\.csv"


def test_a_hostile_heading_and_cell_in_a_message_are_escaped(reader):
    give(reader, "LSOA11CD,<img src=x>\nE01000001,1\nE01000002,<svg onload=a()>\nE01000003,2\n")
    assert "A number column holds something else." in reader.html
    assert "<img" not in reader.html
    assert "<svg" not in reader.html
    assert "&lt;svg onload=a()&gt;" in reader.html
    assert "line 3 (1 of 3 rows)" in reader.html


def test_figures_stand_beside_the_gaps_and_another_column_can_be_chosen(reader):
    give(reader, LOANS, name="loans.csv")
    assert "12 rows, read as figures for small areas by the codes in “LSOA11CD”." in reader.html
    assert "1 of 12 small areas has no figure in “Loans”. No figure is not 0." in reader.html
    assert "Small areas in order of your figure, in groups" in reader.html
    assert "In the 2 small areas with the lowest “Loans”" in reader.html
    assert "It does not say why they go together" in reader.html
    rows = {row[0]: row for row in reader.data(TABLE)["rows"]}
    assert rows["E01000012"][8:] == [None, "no figure"]
    assert rows["E01000005"][3:7] == [None, None, None, "not enough data"]
    assert rows["E01000011"][8:] == [110.0, "110"]
    reader.at.selectbox(key="own column chosen").select("Trips").run()
    assert "Each of the 12 small areas has a figure." in reader.html
    assert "Circles: your figures, “Trips”, by size." in reader.map_said["own"]["legend"]["title"]
    go(reader, "where")
    reader.at.toggle(key="own data on the map").set_value(True).run()
    assert (
        "“Trips”, by size." in reader.map_said["own"]["legend"]["title"]
    )  # the choice outlives the page it was made on


def test_the_map_of_gaps_shows_the_circles_when_it_is_asked_to(reader):
    give(reader, CLINICS)
    go(reader, "where")
    assert reader.map_said["own"] is None
    reader.at.toggle(key="own data on the map").set_value(True).run()
    own = reader.map_said["own"]
    said = "In Upper Vale, part 12, Eastshire. Fall short: about 300 of 600 premises, could be 180 to 420"
    assert said in [circle[4] for circle in own["circles"]]
    assert own["legend"]["title"] == "Circles: your points, from clinics.csv."


def test_the_map_opens_on_the_points_and_prints_their_names(reader):
    give(reader, CLINICS)
    (south, west), (north, east) = reader.map_said["near"]
    spots = [(400500, 100500), (403500, 102500), (402100, 100900)]
    there = gpd.GeoSeries(gpd.points_from_xy(*zip(*spots, strict=True)), crs=27700).to_crs(4326)
    assert south < there.y.min() < there.y.max() < north
    assert west < there.x.min() < there.x.max() < east
    assert north - south == pytest.approx(0.06, abs=1e-4)  # no closer, however close the points lie to each other
    assert sent(reader) == (["Oak surgery", "Ash surgery", HOSTILE], True)
    assert "The map opens close to your data." in reader.html
    go(reader, "where")
    reader.at.toggle(key="own data on the map").set_value(True).run()
    assert reader.map_said["near"] is None  # there it is the study's


def test_without_own_data_the_map_has_no_such_switch(reader):
    reader.open()
    assert "own data on the map" not in [toggle.key for toggle in reader.at.toggle]


def test_remove_it_forgets_the_file_everywhere(reader):
    give(reader, CLINICS)
    press(reader, "Remove it")
    assert "What a file may look like" in reader.html
    assert "own data" not in reader.at.session_state
    assert "own data read" not in reader.at.session_state
    go(reader, "where")
    assert "own data on the map" not in [toggle.key for toggle in reader.at.toggle]


def test_a_file_that_cannot_be_read_is_explained_and_another_can_be_given(reader):
    give(reader, "Name,Size\nA,3\n")
    assert "No column says where each row is." in reader.html
    assert "We found: Name, Size." in reader.html
    assert "What to do: rename the column that says so, or add one." in reader.html
    give(reader, CLINICS)
    assert "3 points lie in 3 small areas" in reader.html


def test_the_file_is_not_in_the_link(reader):
    give(reader, CLINICS)
    assert "clinics" not in str(reader.query)


def test_another_reader_does_not_see_it(reader):
    give(reader, CLINICS)
    other = Reader(reader.folder).open("own")
    assert "clinics.csv" not in other.html
    assert "What a file may look like" in other.html
    go(other, "where")
    assert "own data on the map" not in [toggle.key for toggle in other.at.toggle]


SERVED = REPOSITORY / "static" / "atlas"
"""Where maps are put for the browser: the tests beside this one put theirs there too, at any moment."""


def files(*folders):
    """List what lies in some folders and when it was written, without what Python and the tests keep for themselves."""
    found = [path for folder in folders for path in folder.rglob("*") if not path.is_relative_to(SERVED)]
    own = [path for path in found if not any(part.startswith((".", "__py")) for part in path.parts)]
    return {path: path.stat().st_mtime_ns for path in own if path.is_file()}


def served():
    """Read all that is put for the browser and still there; the oldest is thrown away as more comes."""
    for path in SERVED.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            yield path.read_bytes()


@pytest.mark.parametrize("rows", [3, 30_000])
def test_nothing_of_an_upload_is_written_to_disk(reader, tmp_path, monkeypatch, rows):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for page in ("where", "own"):  # what the map is made of is put where the browser finds it: of the build alone
        reader.open(page)
    before = files(scratch, reader.folder, REPOSITORY)
    assert before
    give(reader, LOANS + "E01000100,1,1\n" * rows)
    go(reader, "where")
    assert "own data on the map" in [toggle.key for toggle in reader.at.toggle]
    assert files(scratch, reader.folder, REPOSITORY) == before
    held = list(served())
    assert held
    assert not any(b"Loans" in written for written in held)


def in_a_loop(work):
    """Run a coroutine in a thread of its own: a browser's tests leave a loop in the first one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


def test_a_large_upload_stays_in_memory_while_it_arrives(reader):
    reader.open("own")  # showing the box is what sets it
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n' + b"1" * (3 * MEGABYTE)

    async def stream():
        yield body + b"\r\n--x--\r\n"

    async def arrived():
        headers = Headers({"content-type": "multipart/form-data; boundary=x"})
        return await MultiPartParser(headers, stream()).parse()

    file = in_a_loop(arrived)["f"].file
    assert file._rolled is False  # Python's own word for: no file on disk yet
    file.close()


def test_the_server_takes_fifty_megabytes_and_asks_where_an_upload_comes_from():
    server = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]
    assert server["maxUploadSize"] == 50
    assert server["enableXsrfProtection"] is True


def test_the_server_watches_no_folder():
    """It would hold one watch of the system's for each folder below, and print them all when a build replaces one."""
    server = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]
    assert server["fileWatcherType"] == "none"


def test_data_that_do_not_fit_another_study_are_told_on_the_map(reader, reader_of):
    give(reader, LOANS, name="loans.csv")
    kept = reader.at.session_state["own data"]
    other = reader_of(geography="lsoa21")
    other.at = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    other.at.session_state["own data"] = kept
    other.at.run()
    assert "Your own data do not fit this study" in other.html
    assert "The codes are those of 2011, and this study uses the small areas of 2021." in other.html


def test_a_council_s_row_on_the_page_chooses_no_small_area(tmp_path, monkeypatch):
    folder = write(tmp_path / "build")
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    reader = give(Reader(folder), "LAD24CD,Loans\nE06000001,3\nE06000002,-4\n", name="councils.csv")
    rows = reader.data(TABLE)["rows"]
    assert [(row[0], row[1], row[8], row[9]) for row in rows] == [
        ("E06000001", "Westshire", 3.0, "3"),
        ("E06000002", "Eastshire", -4.0, "-4"),
    ]
    assert rows[0][6].endswith("of 3,000")  # one of its six areas of 600 has no score
    assert "Below 0 they are hollow." in reader.map_said["own"]["legend"]["title"]
    assert "in order of your figure" not in reader.html
