from __future__ import annotations

import datetime as dt
import re

import pytest

from convenio.core.errors import InputError
from convenio.core.words import Message, speaking
from convenio.web.graph import MOST_NODES, Edge, Node, graph
from convenio.web.layout import place
from convenio.web.map import breaks, geojson_shapes, map_of
from convenio.web.plot import Marks, plot
from convenio.web.scale import Linear, date_ticks, nice_step
from convenio.web.table import Column

COLUMNS = (Column("week", Message("Week"), "date"), Column("n", Message("Cases"), "number"))
SQUARE = {"type": "Polygon", "coordinates": [[[-100, 20], [-99, 20], [-99, 21], [-100, 21], [-100, 20]]]}


def series(*values):
    start = dt.date(2021, 1, 4)
    return [
        {"week": start + dt.timedelta(weeks=n), "n": each, "alarm": (each or 0) > 5} for n, each in enumerate(values)
    ]


def points(svg: str) -> list[tuple[float, float]]:
    found = re.search(r'class="line[^"]*" points="([^"]+)"', svg)[1]
    return [tuple(map(float, each.split(","))) for each in found.split()]


def test_a_line_goes_where_its_numbers_are():
    drawn = points(plot("p", series(0, 5, 10), Marks("week", "n"), COLUMNS, title=Message("t")).svg)
    (x0, y0), (x1, y1), (x2, y2) = drawn
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.02)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.02)
    assert y2 < y1 < y0


def test_every_alarm_is_drawn_and_said():
    made = plot("p", series(1, 9, 2, 8), Marks("week", "n", alarm="alarm"), COLUMNS, title=Message("t"))
    assert made.svg.count('class="alarm"') == 2
    assert sum("alarm" in each["text"] for each in made.spec["tips"]) == 2
    assert made.table.slice.total == 4


def test_a_figure_without_numbers_draws_nothing():
    assert plot("p", [], Marks("week", "n"), COLUMNS, title=Message("t")).svg == ""
    assert plot("p", series(None), Marks("week", "n"), COLUMNS, title=Message("t")).svg == ""


def test_names_in_a_drawing_are_text():
    rows = [{"week": "<b>&", "n": 3}]
    svg = plot("p", rows, Marks("week", "n"), COLUMNS, title=Message("t"), shape="bars").svg
    assert "<b>" not in svg
    assert "&lt;b&gt;&amp;" in svg


@pytest.mark.parametrize(("span", "step"), [(10, 2), (1, 0.2), (97, 20), (0.0031, 0.001)])
def test_ticks_are_round(span, step):
    assert nice_step(span, 5) == pytest.approx(step)
    assert len(Linear(0, span, 0, 100).ticks()) in range(4, 9)


def test_dates_are_marked_at_the_first_of_months():
    ticks = date_ticks(dt.date(2015, 1, 4), dt.date(2022, 12, 25))
    assert all(each.day == 1 for each in ticks)
    assert 4 <= len(ticks) <= 8


def test_classes_hold_about_as_many_places_each():
    assert breaks([float(n) for n in range(1, 101)]) == [20, 40, 60, 80, 100]
    assert breaks([1.0] * 50) == [1]


def test_a_map_of_ones_own_shapes_says_every_value():
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": SQUARE, "properties": {"cve": "09", "nom": "Ciudad <de> México"}},
            {"type": "Feature", "geometry": SQUARE, "properties": {"cve": "15", "nom": "México"}},
        ],
    }
    shapes = geojson_shapes(collection, key="cve", name="nom")
    columns = (Column("cve", Message("Code")), Column("rate", Message("Rate"), "number"))
    with speaking("es"):
        made = map_of(
            "m", [{"cve": "09", "rate": 4.25}], columns, key="cve", value="rate", shapes=shapes, title=Message("t")
        )
    assert 'data-said="Ciudad &lt;de&gt; México: 4.2 Rate"' in made.svg
    assert 'data-said="México: sin dato Rate"' in made.svg
    assert [tone for tone, _words in made.legend] == ["class-5", "class-none"]


@pytest.mark.parametrize("wrong", [{}, {"features": []}, {"features": [{"properties": {}, "geometry": SQUARE}]}])
def test_what_are_no_shapes_is_said(wrong):
    with pytest.raises(InputError):
        geojson_shapes(wrong, key="cve", name="nom")


def test_a_map_without_its_bundle_is_a_table(monkeypatch, tmp_path):
    monkeypatch.setattr("convenio.web.map.ASSETS", tmp_path)
    columns = (Column("cve", Message("Code")), Column("rate", Message("Rate"), "number"))
    made = map_of(
        "m", [{"cve": "09", "rate": 1.0}], columns, key="cve", value="rate", shapes="mx-states", title=Message("t")
    )
    assert made.svg == ""
    assert made.table.slice.total == 1


def test_the_same_graph_always_looks_the_same_and_linked_nodes_are_near():
    links = [(0, 1), (1, 2), (3, 4), (4, 5)]
    at = place(6, links)
    assert at == place(6, links)
    assert all(-1 <= each <= 1 for point in at for each in point)

    def far(a, b):
        return ((at[a][0] - at[b][0]) ** 2 + (at[a][1] - at[b][1]) ** 2) ** 0.5

    assert max(far(a, b) for a, b in links) < min(far(a, b) for a in (0, 1, 2) for b in (3, 4, 5))


def test_links_to_what_is_not_there_are_left_out_and_the_rest_is_in_the_table():
    made = graph("g", [Node("a", "A"), Node("b", "B")], [Edge("a", "b", "owns"), Edge("a", "gone")], title=Message("t"))
    assert made.table.slice.rows == [{"from": "A", "link": "owns", "to": "B"}]
    assert len(made.spec["edges"]) == 1


def test_a_graph_too_large_to_look_at_is_refused():
    with pytest.raises(InputError, match="too large"):
        graph("g", [Node(str(n), "x") for n in range(MOST_NODES + 1)], [], title=Message("t"))
