"""Map services, Ordnance Survey's downloads and GOV.UK's pages: the one file that is meant, whole and stable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publisher.faults import Fine, Page, Status, Truncate, WrongBytes
from publisher.maps import Layer
from publisher.patience import Watch
from publisher.server import OS, Publisher

from layers.catalogue import Address
from layers.errors import LayerError
from layers.fetch.download import Fetched, attachments, fetch_file
from layers.fetch.publishers import content_address
from layers.intake.shapes import read_shapes

SERVICE = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/LSOA21_RUC21_EW_LU/FeatureServer/0"
TABLE = Address(SERVICE, "ruc.csv", way="arcgis_table")
OUTLINES = Address(SERVICE, "lsoa.geojson", way="arcgis_outlines")
BDUK = "https://www.gov.uk/government/publications/may-2026-omr-and-premises-in-bduk-plans-england-and-wales"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(publisher: Publisher, cache: Path, address: Address, **how: Any) -> Fetched:
    return fetch_file(address, cache=cache, mirror=publisher.mirror, policy=Watch().policy(), **how)


def codes(count: int) -> list[dict[str, Any]]:
    return [{"LSOA21CD": f"E{number:08}", "RUC21CD": "UN1", "Share": 0.50} for number in range(count)]


def squares(count: int, *, degrees: bool = False) -> list[dict[str, Any]]:
    scale, west, south = (0.001, -2.5, 50.7) if degrees else (100.0, 380_000.0, 90_000.0)
    shapes = [
        shapely.box(west + n * scale, south, west + (n + 1) * scale, south + scale).__geo_interface__
        for n in range(count)
    ]
    return [{"geometry": shape, "properties": {"LSOA21CD": f"E{n:08}"}} for n, shape in enumerate(shapes)]


def table_of(fetched: Fetched) -> list[list[str]]:
    return list(csv.reader(io.StringIO(fetched.path.read_text(encoding="utf-8"))))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(1, 60), page=st.integers(1, 25))
def test_every_row_comes_once_however_many_to_a_page(
    publisher: Publisher, tmp_path_factory: pytest.TempPathFactory, rows: int, page: int
) -> None:
    publisher.add_arcgis(SERVICE, codes(rows), page=page)
    found = table_of(fetch(publisher, tmp_path_factory.mktemp("cache"), TABLE))
    assert found[0] == ["LSOA21CD", "RUC21CD", "Share"]
    assert [row[0] for row in found[1:]] == [f"E{number:08}" for number in range(rows)]


def test_a_table_has_the_official_headings_and_numbers_as_they_are_written(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, [{"LSOA21CD": "E1", "Name": 'O"Hare, a', "Share": None, "Count": 7}])
    text = fetch(publisher, cache, TABLE).path.read_bytes()
    assert text == b'LSOA21CD,Name,Share,Count\nE1,"O""Hare, a",,7\n'


def test_numbers_of_a_table_stay_as_the_publisher_wrote_them(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(1))
    page = '{"features": [{"attributes": {"FID": 1, "LSOA21CD": "E1", "RUC21CD": "UN1", "Share": 0.50}}]}'
    publisher.fail(f"{SERVICE}/query", Fine(), Status(200, {"Content-Type": "application/json"}, page))
    assert table_of(fetch(publisher, cache, TABLE))[1] == ["E1", "UN1", "0.50"]


@pytest.mark.parametrize("flag", ["top", "properties", "nowhere"])
def test_more_pages_are_asked_for_wherever_a_service_says_so(publisher: Publisher, cache: Path, flag: str) -> None:
    publisher.add_arcgis(SERVICE, squares(7), page=3, flag=flag)
    shapes = read_shapes(fetch(publisher, cache, OUTLINES).path)
    assert len(shapes) == 7
    assert list(shapes.columns) == ["LSOA21CD", "geometry"]
    assert shapes.total_bounds.tolist() == [380_000, 90_000, 380_700, 90_100]


def test_a_page_is_two_thousand_rows(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(4_001), page=5_000)
    assert len(table_of(fetch(publisher, cache, TABLE))) == 4_002
    offsets = [seen.url.partition("resultOffset=")[2] for seen in publisher.requests if "resultOffset" in seen.url]
    assert [offset.partition("&")[0] for offset in offsets] == ["0", "2000", "4000"]


@pytest.mark.parametrize("crs", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", None])
def test_outlines_in_degrees_are_read_as_degrees(publisher: Publisher, cache: Path, crs: str | None) -> None:
    publisher.add_arcgis(SERVICE, squares(2, degrees=True), crs=crs)
    west, south, *_ = read_shapes(fetch(publisher, cache, OUTLINES).path).total_bounds
    assert 300_000 < west < 400_000
    assert 80_000 < south < 100_000


def test_outlines_without_a_declared_system_are_metres_where_no_degree_is_so_large(
    publisher: Publisher, cache: Path
) -> None:
    publisher.add_arcgis(SERVICE, squares(2), crs=None)
    assert read_shapes(fetch(publisher, cache, OUTLINES).path).total_bounds[0] == 380_000


def test_outlines_on_another_grid_are_refused(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, squares(2), crs="EPSG:3857")
    with pytest.raises(LayerError, match="EPSG:27700"):
        fetch(publisher, cache, OUTLINES)


def test_the_same_data_has_the_same_hash_whatever_the_services_order(publisher: Publisher, tmp_path: Path) -> None:
    publisher.add_arcgis(SERVICE, squares(9), page=4)
    first = fetch(publisher, tmp_path / "a", OUTLINES)
    publisher.add_arcgis(SERVICE, squares(9)[::-1], page=2, object_id="OBJECTID", flag="properties")
    assert fetch(publisher, tmp_path / "b", OUTLINES).sha256 == first.sha256


def test_only_the_rows_and_columns_asked_for_come(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(40), page=6)
    address = Address(
        SERVICE + "/query",
        "r.csv",
        way="arcgis_table",
        where="LSOA21CD LIKE 'E0000000%'",
        fields=("ruc21cd", "LSOA21CD"),
    )
    found = table_of(fetch(publisher, cache, address))
    assert found[0] == ["RUC21CD", "LSOA21CD"]
    assert len(found) == 11


def test_a_long_question_is_sent_as_a_form(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(400), page=150)
    wanted = ",".join(f"'E{number:08}'" for number in range(0, 400, 2))
    address = Address(SERVICE, "r.csv", way="arcgis_table", where=f"LSOA21CD IN ({wanted})")
    assert len(table_of(fetch(publisher, cache, address))) == 201
    posts = [seen for seen in publisher.requests if seen.method == "POST"]
    assert [seen.form.get("resultOffset", "count") for seen in posts] == ["count", "0", "150"]
    assert all("?" not in seen.url for seen in posts)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_form_follows_a_redirect(publisher: Publisher, cache: Path, status: int) -> None:
    moved = SERVICE.replace("services1", "services2")
    publisher.add_arcgis(moved, codes(400))
    publisher.add_redirect(SERVICE, moved, status=status)
    publisher.add_redirect(f"{SERVICE}/query", f"{moved}/query", status=status)
    wanted = ",".join(f"'E{number:08}'" for number in range(200))
    address = Address(SERVICE, "r.csv", way="arcgis_table", where=f"LSOA21CD IN ({wanted})")
    assert len(table_of(fetch(publisher, cache, address))) == 201


def test_rows_that_are_lost_or_come_twice_are_noticed(publisher: Publisher, cache: Path) -> None:
    for quirk in ({"lose": 1}, {"stuck": True}):
        publisher.add_arcgis(SERVICE, codes(9), page=4, **quirk)
        with pytest.raises(LayerError, match="9 rows, as the service counts"):
            fetch(publisher, cache, TABLE)


@pytest.mark.parametrize(("address", "flag"), [(TABLE, "top"), (OUTLINES, "top"), (OUTLINES, "properties")])
def test_rows_that_a_service_has_beyond_its_count_are_noticed(
    publisher: Publisher, cache: Path, address: Address, flag: str
) -> None:
    publisher.add_arcgis(SERVICE, squares(9), page=4, uncounted=1, flag=flag)
    with pytest.raises(LayerError, match="8 rows, as the service counts"):
        fetch(publisher, cache, address)


def test_a_service_reloaded_while_it_is_read_is_read_again(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, usual = publisher.add_arcgis(SERVICE, codes(9), page=4), Layer.query

    def reloaded(self: Layer, asked: dict[str, str]) -> dict[str, Any]:
        answer = usual(self, asked)
        if "returnCountOnly" in asked and len(layer.rows) == 9:
            layer.rows = codes(10)
        return answer

    monkeypatch.setattr(Layer, "query", reloaded)
    assert len(table_of(fetch(publisher, cache, TABLE))) == 11


def test_an_error_with_status_200_is_an_error(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(3))
    with pytest.raises(LayerError, match="refuses the question") as caught:
        fetch(publisher, cache, Address(SERVICE, "r.csv", way="arcgis_table", where="LSOA11CD = 'E1'"))
    assert "Invalid field: LSOA11CD" in str(caught.value)
    assert SERVICE in str(caught.value)


def test_an_error_with_status_200_that_may_pass_is_waited_for(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(3))
    said = json.dumps({"error": {"code": 503, "message": "busy"}})
    publisher.fail(
        SERVICE + "/query", Status(200, {"Content-Type": "application/json"}, said), Status(500), Truncate(5)
    )
    assert len(table_of(fetch(publisher, cache, TABLE))) == 4


def test_a_question_with_no_answer_is_said(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(3))
    with pytest.raises(LayerError, match="no rows"):
        fetch(publisher, cache, Address(SERVICE, "r.csv", way="arcgis_table", where="LSOA21CD = 'W1'"))


def test_a_column_that_is_not_there_is_named_with_the_nearest(publisher: Publisher, cache: Path) -> None:
    publisher.add_arcgis(SERVICE, codes(3))
    with pytest.raises(LayerError, match="nearest: “LSOA21CD”"):
        fetch(publisher, cache, Address(SERVICE, "r.csv", way="arcgis_table", fields=("LSOA11CD",)))


@pytest.mark.parametrize("answer", [[], {}, {"fields": []}, {"fields": [{"name": "A"}]}, {"fields": "no"}])
def test_an_answer_of_another_form_is_a_message(publisher: Publisher, cache: Path, answer: object) -> None:
    publisher.add_json(SERVICE, answer)
    with pytest.raises(LayerError, match="changed its form"):
        fetch(publisher, cache, TABLE)


def test_a_page_instead_of_an_answer_is_a_message(publisher: Publisher, cache: Path) -> None:
    publisher.fail(SERVICE, Page(), always=True)
    with pytest.raises(LayerError, match="guest network"):
        fetch(publisher, cache, TABLE)


def test_broken_json_is_a_message(publisher: Publisher, cache: Path) -> None:
    publisher.add(SERVICE, '{"fields": [NaN]}')
    with pytest.raises(LayerError, match="broken JSON"):
        fetch(publisher, cache, TABLE)


def test_a_product_of_ordnance_survey_comes_through_its_list_and_redirect(publisher: Publisher, cache: Path) -> None:
    content = b"postcode,x,y\n"
    publisher.add_os("CodePointOpen", "codepo_gb.csv", content)
    address = Address(f"{OS}/CodePointOpen/downloads?area=GB&format=CSV&redirect", "codepo_gb.csv", way="os_download")
    fetched = fetch(publisher, cache, address)
    assert fetched.path.read_bytes() == content
    assert fetched.url.startswith("https://omseprd1stdstordownload")
    assert fetch(publisher, cache, address, refresh=True).from_cache
    listed = attachments(address, mirror=publisher.mirror)
    assert [(entry.file_name, entry.size, entry.title) for entry in listed] == [("codepo_gb.csv", 13, "CSV GB")]


def test_of_several_files_of_a_product_the_pattern_chooses(publisher: Publisher, cache: Path) -> None:
    publisher.add_os("LIDS", "a_2026.csv", b"a\n1\n")
    publisher.add_os("LIDS", "b_2026.csv", b"b\n2\n")
    url = f"{OS}/LIDS/downloads?area=GB&format=CSV"
    assert (
        fetch(publisher, cache, Address(url, "b.csv", way="os_download", attachment="B_*")).path.read_bytes()
        == b"b\n2\n"
    )
    with pytest.raises(LayerError, match="Several files"):
        fetch(publisher, cache, Address(url, "b.csv", way="os_download"))


def test_a_file_whose_md5_is_not_the_one_listed_is_refused(publisher: Publisher, cache: Path) -> None:
    publisher.add_os("CodePointOpen", "codepo_gb.csv", b"postcode,x,y\n", md5="0" * 32)
    address = Address(f"{OS}/CodePointOpen/downloads?area=GB&format=CSV", "codepo_gb.csv", way="os_download")
    with pytest.raises(LayerError, match="MD5"):
        fetch(publisher, cache, address)
    assert list(cache.rglob("*.csv")) == []


@pytest.mark.parametrize("html", [False, True], ids=["attachments", "older HTML"])
@pytest.mark.parametrize("url", [BDUK, content_address(BDUK)], ids=["page", "content"])
def test_an_attachment_of_govuk_is_found_by_its_name_or_title(
    publisher: Publisher, cache: Path, html: bool, url: str
) -> None:
    files = [
        ("UPRN release: South West", "2026-09-10_zipped_files_release_south_west.csv", b"uprn,a\n1,2\n"),
        ("UPRN release: London &amp; others", "2026-09-10_zipped_files_release_london.csv", b"uprn,a\n3,4\n"),
    ]
    publisher.add_listing(BDUK, files, html=html)
    for pattern in ("*_release_SOUTH_west.*", "*release: south west"):
        address = Address(url, "bduk.csv", way="govuk_attachment", attachment=pattern)
        assert fetch(publisher, cache, address).path.read_bytes() == b"uprn,a\n1,2\n"
    listed = attachments(Address(url, "bduk.csv", way="govuk_attachment"), mirror=publisher.mirror)
    assert [entry.file_name for entry in listed] == [name for _, name, _ in files]
    assert listed[0].title == "UPRN release: South West"
    with pytest.raises(LayerError, match="no such file") as caught:
        fetch(publisher, cache, Address(url, "bduk.csv", way="govuk_attachment", attachment="*wales*"))
    assert "2026-09-10_zipped_files_release_london.csv" in str(caught.value)


@pytest.mark.parametrize("details", [None, {}, {"attachments": []}, {"attachments": None, "body": "<p>No files</p>"}])
def test_a_page_without_files_is_a_message(publisher: Publisher, cache: Path, details: object) -> None:
    publisher.add_json(content_address(BDUK), {"details": details})
    with pytest.raises(LayerError, match="changed its form"):
        fetch(publisher, cache, Address(BDUK, "bduk.csv", way="govuk_attachment", attachment="*"))


def test_a_new_release_behind_the_same_page_is_taken_by_a_refresh(publisher: Publisher, cache: Path) -> None:
    address = Address(BDUK, "bduk.csv", way="govuk_attachment", attachment="*south_west*")
    publisher.add_listing(BDUK, [("", "release_south_west_r1.csv", b"uprn\n1\n")])
    for file in publisher.files.values():
        file.headers["ETag"] = '"1"'
    first = fetch(publisher, cache, address)
    publisher.add_listing(BDUK, [("", "release_south_west_r2.csv", b"uprn\n2\n")])
    for file in publisher.files.values():
        file.headers["ETag"] = '"1"'  # a version's mark is worth something under its own address only
    assert fetch(publisher, cache, address).sha256 == first.sha256
    assert fetch(publisher, cache, address, refresh=True).path.read_bytes() == b"uprn\n2\n"


def test_a_plain_file_has_no_list(publisher: Publisher) -> None:
    with pytest.raises(LayerError, match="no list"):
        attachments(Address("https://example.org/a.csv", "a.csv"), mirror=publisher.mirror)


def test_a_damaged_attachment_is_not_the_one_of_the_lock(publisher: Publisher, cache: Path) -> None:
    publisher.add_listing(BDUK, [("", "a.csv", b"uprn\n1\n")])
    address = Address(BDUK, "a.csv", way="govuk_attachment", attachment="a.csv")
    first = fetch(publisher, cache, address)
    first.path.unlink()
    publisher.fail(first.url, WrongBytes())
    with pytest.raises(LayerError, match="SHA-256 differs"):
        fetch(publisher, cache, address, expected=first.sha256)
    assert fetch(publisher, cache, address, expected=first.sha256).sha256 == first.sha256
