"""Outlines of places from a person's own file: GeoJSON, or a shapefile as it is published, zipped."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.web.map import MOST_SHAPES, Rings, Shapes, fitted, geojson_shapes

LARGEST = 400_000_000
PARTS = ("shp", "dbf")


def read_outlines(path: Path, *, key: str, name: str = "") -> Shapes:
    """Outlines from `.geojson`, `.json`, `.shp` with its `.dbf` beside it, or a `.zip` that holds them.

    Args:
        path: the file.
        key: the attribute with a place's code, such as `CVEGEO` or `GEOID`.
        name: the attribute with its name; the code where there is none.

    Raises:
        InputError: the file is no map, has no such attribute, or holds too much.
    """
    kind = path.suffix.lower()
    if kind in (".geojson", ".json"):
        return geojson_shapes(_json(path), key=key, name=name or key)
    if kind == ".zip":
        return _from_zip(path, key, name or key)
    if kind == ".shp":
        if not path.with_suffix(".dbf").is_file():
            raise InputError(
                _("the file {name} is missing beside it", name=path.with_suffix(".dbf").name),
                where=path.name,
                advice=_("a shapefile is several files of one name; send them zipped"),
            )
        projection = path.with_suffix(".prj")
        return _shapefile(
            path.name,
            path.read_bytes(),
            path.with_suffix(".dbf").read_bytes(),
            projection.read_text(errors="replace") if projection.is_file() else "",
            key,
            name or key,
        )
    raise InputError(
        _("{name} is no map", name=path.name), advice=_("GeoJSON, or a shapefile with its parts in one ZIP, is needed")
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_bytes())
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(_("this is no JSON"), where=path.name) from error
    return held if isinstance(held, dict) else {}


def _from_zip(path: Path, key: str, name: str) -> Shapes:
    try:
        with zipfile.ZipFile(path) as held:
            inner = [each for each in held.infolist() if each.filename.lower().endswith(".shp")]
            if len(inner) != 1:
                names = ", ".join(each.filename for each in inner[:5]) or "–"
                raise InputError(
                    _("the ZIP holds {number} maps: {names}", number=len(inner), names=names),
                    where=path.name,
                    advice=_("put one shapefile with its parts into one ZIP"),
                )
            stem = inner[0].filename[:-4]
            by_name = {each.filename.lower(): each for each in held.infolist()}
            found = {part: by_name.get(f"{stem}.{part}".lower()) for part in (*PARTS, "prj")}
            missing = [part for part in PARTS if found[part] is None]
            if missing:
                raise InputError(
                    _("the file {name} is missing beside it", name=f"{stem}.{missing[0]}"), where=path.name
                )
            if sum(each.file_size for each in found.values() if each is not None) > LARGEST:
                raise InputError(_("the map is larger than {size} MB", size=LARGEST // 1_000_000), where=path.name)
            data = {part: held.read(each) if each is not None else b"" for part, each in found.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(_("the ZIP cannot be read: {why}", why=str(error)), where=path.name) from error
    return _shapefile(path.name, data["shp"], data["dbf"], data["prj"].decode(errors="replace"), key, name)


def _shapefile(where: str, shp: bytes, dbf: bytes, projection: str, key: str, name: str) -> Shapes:
    import shapefile

    told = {"shp": io.BytesIO(shp), "dbf": io.BytesIO(dbf), "encoding": _encoding(dbf)}
    try:
        with warnings.catch_warnings(action="error"), shapefile.Reader(**told) as held:
            fields = [each[0] for each in held.fields if each[0] != "DeletionFlag"]
            for each in (key, name):
                if each not in fields:
                    raise InputError(
                        _("the map has no attribute {name}", name=each),
                        where=where,
                        advice=_("name one of: {names}", names=", ".join(fields[:20])),
                    )
            if len(held) > MOST_SHAPES:
                raise InputError(_("a map takes at most {limit} places", limit=MOST_SHAPES), where=where)
            rings = list(_rings(held, key, name, where))
    except (shapefile.ShapefileException, Warning, ValueError, IndexError, OSError) as error:
        raise InputError(_("the shapefile cannot be read: {why}", why=str(error)[:160]), where=where) from error
    return fitted(rings, planar="PROJCS" in projection or "PROJCRS" in projection)


def _encoding(dbf: bytes) -> str:
    """What the table's texts are written in: UTF-8 where they are, else Latin-1, as INEGI's are."""
    records = int.from_bytes(dbf[8:10], "little")
    try:
        dbf[records:].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _rings(held: Any, key: str, name: str, where: str) -> Iterator[Rings]:
    for number, each in enumerate(held.iterShapeRecords(fields=list({key, name})), start=1):
        shape = each.shape
        if shape.shapeTypeName not in ("POLYGON", "POLYGONZ", "POLYGONM"):
            raise InputError(
                _("shape {number} is no polygon but {kind}", number=number, kind=shape.shapeTypeName), where=where
            )
        ends = [*shape.parts[1:], len(shape.points)]
        outlines = [
            [(float(point[0]), float(point[1])) for point in shape.points[start:end]]
            for start, end in zip(shape.parts, ends, strict=True)
        ]
        yield str(each.record[key]).strip(), str(each.record[name]).strip(), outlines
