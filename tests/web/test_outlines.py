"""Maps from a person's own file: GeoJSON and shapefiles, and what is wrong with them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import shapefile

from convenio.core.errors import Conflict, InputError, NotFound
from convenio.web.maps import Maps
from convenio.web.outlines import read_outlines

SQUARES = {"09001": (-99.2, 19.3), "15002": (-99.1, 19.4)}
LCC = 'PROJCS["MEXICO_ITRF_2008_LCC",GEOGCS["MEXICO_ITRF_2008"]]'


def corner(x: float, y: float, side: float) -> list[tuple[float, float]]:
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]


def parts(*, encoding="utf-8", scale=1.0, name="Álvaro Obregón", codes=SQUARES, kind=shapefile.POLYGON):
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=kind, encoding=encoding) as out:
        out.field("CVEGEO", "C", 5)
        out.field("NOMGEO", "C", 40)
        for code, (x, y) in codes.items():
            if kind == shapefile.POINT:
                out.point(x, y)
            else:
                out.poly([corner(x * scale, y * scale, 0.1 * scale)])
            out.record(code, name)
    return {"shp": shp.getvalue(), "shx": shx.getvalue(), "dbf": dbf.getvalue()}


def zipped(path, held, *, prj="", stem="mg/mun", leave=()):
    with zipfile.ZipFile(path, "w") as out:
        for ending, data in held.items():
            if ending not in leave:
                out.writestr(f"{stem}.{ending}", data)
        if prj:
            out.writestr(f"{stem}.prj", prj)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_zipped_shapefile_keeps_codes_and_accents(tmp_path, encoding):
    made = read_outlines(zipped(tmp_path / "m.zip", parts(encoding=encoding)), key="CVEGEO", name="NOMGEO")
    assert [each.id for each in made.shapes] == ["09001", "15002"]
    assert made.shapes[0].name == "Álvaro Obregón"
    assert made.shapes[0].path.startswith("M")
    assert made.width == pytest.approx(900, abs=1) or made.height <= 900


def test_metres_are_drawn_as_they_are_where_the_projection_is_named(tmp_path):
    held = parts(scale=20_000)
    made = read_outlines(zipped(tmp_path / "m.zip", held, prj=LCC), key="CVEGEO")
    assert made.width == pytest.approx(made.height, rel=1e-6)
    with pytest.raises(InputError, match="not in degrees"):
        read_outlines(zipped(tmp_path / "n.zip", held), key="CVEGEO")


def test_a_loose_shapefile_needs_its_table_beside_it(tmp_path):
    held = parts()
    (tmp_path / "mun.shp").write_bytes(held["shp"])
    with pytest.raises(InputError, match=r"mun\.dbf is missing"):
        read_outlines(tmp_path / "mun.shp", key="CVEGEO")
    (tmp_path / "mun.dbf").write_bytes(held["dbf"])
    assert len(read_outlines(tmp_path / "mun.shp", key="CVEGEO").shapes) == 2


def bad(tmp_path):
    held = parts()
    yield "attribute", zipped(tmp_path / "a.zip", held), "GEOID"
    yield "missing beside", zipped(tmp_path / "b.zip", held, leave=("dbf",)), "CVEGEO"
    yield "no polygon", zipped(tmp_path / "c.zip", parts(kind=shapefile.POINT)), "CVEGEO"
    cut = {**held, "shp": held["shp"][:150]}
    yield "cannot be read", zipped(tmp_path / "d.zip", cut), "CVEGEO"
    (tmp_path / "e.zip").write_bytes(b"PK\x03\x04 no zip at all")
    yield "ZIP cannot be read", tmp_path / "e.zip", "CVEGEO"
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as out:
        out.writestr("readme.txt", "nothing")
    yield "holds 0 maps", tmp_path / "f.zip", "CVEGEO"
    (tmp_path / "g.geojson").write_text("{", encoding="utf-8")
    yield "no JSON", tmp_path / "g.geojson", "CVEGEO"
    (tmp_path / "h.kml").write_text("<kml/>", encoding="utf-8")
    yield "no map", tmp_path / "h.kml", "CVEGEO"
    yield "there twice", zipped(tmp_path / "i.zip", held), "NOMGEO"


def test_what_is_no_map_says_what_is_wrong(tmp_path):
    for why, path, key in bad(tmp_path):
        with pytest.raises(InputError, match=why):
            read_outlines(path, key=key)


def test_a_node_keeps_maps_under_names_that_stay_in_its_folder(tmp_path):
    maps = Maps(tmp_path / "maps")
    file = zipped(tmp_path / "m.zip", parts())
    with pytest.raises(InputError):
        maps.add("../x", file, key="CVEGEO")
    with pytest.raises(Conflict):
        maps.add("us-counties", file, key="CVEGEO")
    maps.add("mx-municipios", file, key="CVEGEO", label="NOMGEO")
    with pytest.raises(Conflict):
        maps.add("mx-municipios", file, key="CVEGEO")
    assert maps.own() == ["mx-municipios"]
    assert maps.get("mx-municipios") == read_outlines(file, key="CVEGEO", name="NOMGEO")
    for name in ("../../etc/passwd", "nothing"):
        with pytest.raises(NotFound):
            maps.get(name)
    maps.drop("mx-municipios")
    assert maps.own() == []
    assert [each.name for each in (tmp_path / "maps").iterdir()] == []


def test_an_administrator_brings_in_a_map_and_everyone_sees_it(tmp_path):
    from starlette.testclient import TestClient

    from convenio.console.app import application
    from tests.console.conftest import OWN, PASSWORD, small_node

    node = small_node(tmp_path)
    with TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=False) as desk:
        file = {"file": ("../../mun.zip", zipped(tmp_path / "m.zip", parts()).read_bytes(), "application/zip")}
        data = {"name": "mx-municipios", "key": "CVEGEO", "label": "NOMGEO"}
        desk.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        assert desk.post("/maps", data=data, files=file, headers=OWN).status_code in (403, 404)
        desk.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers=OWN)
        wrong = desk.post("/maps", data={**data, "key": "GEOID"}, files=file, headers=OWN)
        assert wrong.status_code == 400
        assert "name one of: CVEGEO, NOMGEO" in wrong.text
        assert desk.post("/maps", data=data, files=file, headers=OWN).headers["location"] == "/maps/mx-municipios"
        desk.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        page = desk.get("/maps/mx-municipios").text
        assert json.dumps("Álvaro Obregón", ensure_ascii=False)[1:-1] in page
        assert "<svg" in page
        assert desk.post("/maps/mx-municipios/drop", headers=OWN).status_code in (403, 404)
    node.store.close()
