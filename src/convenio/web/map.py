"""Maps: places by classes of a value, drawn as SVG on the server, with every value in the table beside it.

Shapes come from a bundle (`make assets`: US states and counties, Mexican states), or from the user's own GeoJSON in
longitude and latitude. Without shapes the table stands alone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.web import language as words
from convenio.web.figure import Figure, twin
from convenio.web.pages import ASSETS, said
from convenio.web.table import Column, Row

CLASSES = 5
WIDTH = 900.0
MOST_SHAPES = 20_000
Rings = tuple[str, str, list[list[tuple[float, float]]]]
BUNDLED = ("us-states", "us-counties", "mx-states")


@dataclass(frozen=True)
class Shape:
    """One place: its code, its name, its outline as an SVG path."""

    id: str
    name: str
    path: str


@dataclass(frozen=True)
class Shapes:
    """The outlines of a map, in a drawing of `width` by `height`."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    source: str = ""


def bundled_shapes(name: str) -> Shapes | None:
    """One of the bundled maps: `us-states` and `us-counties` by FIPS code, `mx-states` by INEGI code.

    None where the bundle has not been built on this machine.
    """
    if name not in BUNDLED:
        raise ValueError(f"{name} is none of {BUNDLED}")
    path = ASSETS / f"{name}.shapes.json"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


@cache
def _read(path: Path, _stamp: int) -> Shapes:
    held = json.loads(path.read_text(encoding="utf-8"))
    return Shapes(held["width"], held["height"], tuple(Shape(**each) for each in held["shapes"]), held["source"])


def geojson_shapes(document: Mapping[str, Any], *, key: str, name: str) -> Shapes:
    """Shapes from a GeoJSON feature collection in longitude and latitude (RFC 7946).

    Args:
        document: the collection; polygons and multipolygons.
        key: the property with a place's code.
        name: the property with its name.

    Raises:
        InputError: it is no such collection, or a feature lacks the property.
    """
    features = document.get("features")
    if not isinstance(features, list) or not features or len(features) > MOST_SHAPES:
        raise InputError(_("this is no collection of shapes"), advice=_("a GeoJSON FeatureCollection is needed"))
    rings: list[Rings] = []
    for number, each in enumerate(features, start=1):
        try:
            told, geometry = each["properties"], each["geometry"]
            parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            outlines = [[(float(x), float(y)) for x, y, *_z in ring] for part in parts for ring in part]
            rings.append((str(told[key]), str(told.get(name, told[key])), outlines))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                _("shape {number} does not fit: {why}", number=number, why=str(error)),
                advice=_("each needs a polygon and the property {key}", key=key),
            ) from error
    return fitted(rings)


def fitted(rings: Sequence[Rings], *, planar: bool = False) -> Shapes:
    """Outlines in a drawing.

    Args:
        rings: code, name and rings of each place.
        planar: whether the points are in a projection already, in metres; otherwise they are degrees, and are drawn
            equirectangular about the middle latitude: true enough for a country, and the same everywhere.

    Raises:
        InputError: a place stands there twice, or there is nothing to draw.
    """
    twice = [code for code, number in Counter(code for code, _name, _rings in rings).items() if number > 1]
    if twice:
        raise InputError(
            _("the place {code} stands there twice", code=twice[0]),
            advice=_("choose the attribute that names each place once"),
        )
    if not any(ring for _code, _name, outlines in rings for ring in outlines):
        raise InputError(_("there is nothing to draw"))
    points = [point for _id, _name, outlines in rings for ring in outlines for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    if not planar and not (west >= -180.5 and east <= 180.5 and south >= -90.5 and north <= 90.5):
        raise InputError(
            _("the points are not in degrees, and the map does not name its projection"),
            advice=_("send the .prj file with it, or convert it to longitude and latitude (EPSG:4326)"),
        )
    squeeze = 1.0 if planar else math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * squeeze, (north - south) * 1.2, 1e-9)

    def path(outlines: Iterable[Iterable[tuple[float, float]]]) -> str:
        drawn = []
        for ring in outlines:
            spots = [f"{(x - west) * squeeze * scale:.1f},{(north - y) * scale:.1f}" for x, y in ring]
            kept = [each for each, before in zip(spots, [None, *spots], strict=False) if each != before]
            if len(kept) > 2:
                drawn.append("M" + "L".join(kept) + "Z")
        return "".join(drawn)

    made = tuple(Shape(number, name, path(outlines)) for number, name, outlines in rings)
    return Shapes((east - west) * squeeze * scale, (north - south) * scale, made)


def breaks(values: Sequence[float], classes: int = CLASSES) -> list[float]:
    """Upper bounds of classes with about equal numbers of places (quantiles); fewer where values repeat."""
    ranked = sorted(values)
    made: list[float] = []
    for n in range(1, classes + 1):
        bound = ranked[min(len(ranked) - 1, math.ceil(n * len(ranked) / classes) - 1)]
        if not made or bound > made[-1]:
            made.append(bound)
    return made


def map_of(
    name: str,
    rows: Sequence[Row],
    columns: Sequence[Column],
    *,
    key: str,
    value: str,
    shapes: Shapes | str | None,
    title: Message,
    places: int = 1,
    note: Message | None = None,
    parameters: Any = None,
    path: str = "",
    marked: bool = True,
    file: str = "",
) -> Figure:
    """A map with its numbers as a table.

    Args:
        name: its id on the page.
        rows: the numbers, one row per place.
        columns: the table's columns.
        key: column with the place's code, as the shapes bear it.
        value: column with the value that is classed.
        shapes: the outlines, or the name of a bundled map.
        title: what can be seen in it.
        places: decimals in the legend.
        note: source, period, limits.
        parameters: the request's query parameters, for the table.
        path: the page's address, for the table.
        marked: whether the table's file bears a mark for the one who takes it, as for `table`.
        file: that file's name without its ending; the title without it.
    """
    held = bundled_shapes(shapes) if isinstance(shapes, str) else shapes
    values = {str(row[key]): float(row[value]) for row in rows if row.get(value) is not None}
    bounds = breaks(list(values.values())) if values else []
    titles = {each.name: each.title for each in columns}
    svg = _draw(held, values, bounds, str(titles.get(value, "")), places) if held is not None else Markup()
    legend = _legend(bounds, values, places) if held is not None else ()
    table = twin(name, list(rows), columns, title, parameters, path, marked=marked, file=file)
    return Figure(name, "map", title, {}, table, svg, note, legend=legend)


def _class(value: float, bounds: Sequence[float]) -> int:
    return next(n for n, bound in enumerate(bounds) if value <= bound)


def _tone(number: int, bounds: Sequence[float]) -> str:
    return f"class-{number + 1 + (CLASSES - len(bounds))}"


def _draw(shapes: Shapes, values: Mapping[str, float], bounds: Sequence[float], unit: str, places: int) -> Markup:
    parts = []
    for each in shapes.shapes:
        held = values.get(each.id)
        tone = _tone(_class(held, bounds), bounds) if held is not None else "class-none"
        text = f"{said(each.name)}: {words.number(held, places) if held is not None else _('no value')} {unit}".strip()
        parts.append(f'<path class="{tone}" d="{escape(each.path)}" data-said="{escape(text)}"/>')
    body = "".join(parts)
    return Markup(  # noqa: S704 - paths and texts are escaped above
        f'<svg class="drawn" viewBox="0 0 {shapes.width:.0f} {shapes.height:.0f}" aria-hidden="true">{body}</svg>'
    )


def _legend(bounds: Sequence[float], values: Mapping[str, float], places: int) -> list[tuple[str, str]]:
    if not bounds:
        return [("class-none", str(_("no value")))]
    low, made = min(values.values()), []
    for n, bound in enumerate(bounds):
        first = words.number(low, places)
        last = words.number(bound, places)
        made.append((_tone(n, bounds), first if first == last else f"{first} – {last}"))
        low = bound
    return [*made, ("class-none", str(_("no value")))]
