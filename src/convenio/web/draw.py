"""Draws a plot as SVG: what is seen without the page module, on paper, and in a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from convenio.core.words import _
from convenio.web import language as words
from convenio.web.pages import said
from convenio.web.scale import Linear, date_label, date_ticks, including_zero
from convenio.web.table import Row

if TYPE_CHECKING:
    from convenio.web.plot import Marks

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 26, 40
BAR, LABEL = 24, 190
TONES = 6


def draw(rows: Sequence[Row], marks: Marks, shape: str, *, x_title: str, y_title: str) -> Markup:
    """The drawing; empty where there is nothing to draw."""
    held = [row for row in rows if row.get(marks.y) is not None and row.get(marks.x) is not None]
    if not held:
        return Markup()
    if shape == "bars" and not isinstance(held[0][marks.x], (int, float, dt.date)):
        return _lying_bars(held, marks, y_title)
    return _upright(held, marks, shape, x_title, y_title)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def text_of(x: float, y: float, text: str, *, anchor: str = "middle", kind: str = "tick") -> str:
    """A text in a drawing, escaped."""
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}">{escape(text)}</text>'


def picture(width: float, height: float, parts: Sequence[str]) -> Markup:
    """A drawing from parts whose texts are escaped already."""
    body = "".join(parts)
    return Markup(f'<svg class="drawn" viewBox="0 0 {width:g} {height:g}" aria-hidden="true">{body}</svg>')  # noqa: S704 - every text in it was escaped by `_text`


def _lying_bars(rows: Sequence[Row], marks: Marks, y_title: str) -> Markup:
    low, high = including_zero([float(row[marks.y]) for row in rows])
    height = TOP + BAR * len(rows) + BOTTOM
    across = Linear(low, high, LABEL, WIDTH - RIGHT - 40)
    parts = [_grid(across.ticks(), across, vertical=True, top=TOP, bottom=height - BOTTOM)]
    for n, row in enumerate(rows):
        value, at = float(row[marks.y]), TOP + BAR * n
        tone = "alarm" if marks.alarm and row.get(marks.alarm) else "bar"
        start, end = sorted((across(0), across(value)))
        parts.append(
            f'<rect class="{tone}" x="{_number(start)}" y="{at + 4}" width="{_number(max(end - start, 1))}"'
            f' height="{BAR - 8}"/>'
        )
        label = said(row[marks.x])
        short = label if len(label) <= 28 else label[:27] + "…"
        parts.append(text_of(LABEL - 8, at + BAR / 2 + 4, short, anchor="end"))
        parts.append(text_of(end + 5, at + BAR / 2 + 4, words.number(value, 2), anchor="start"))
    parts.append(text_of((LABEL + WIDTH) / 2, height - 6, y_title, kind="axis-title"))
    return picture(WIDTH, height, parts)


def _upright(rows: Sequence[Row], marks: Marks, shape: str, x_title: str, y_title: str) -> Markup:
    across, up, edge = _scales(rows, marks, shape)
    parts = [_grid(up.ticks(), up, vertical=False, top=LEFT, bottom=WIDTH - RIGHT), *_below(rows[0], marks, across)]
    series = _by_series(rows, marks)
    parts += [part for each in series for part in _band(each, marks, across, up)]
    for tone, each in enumerate(series):
        parts += _one(each, marks, shape, across, up, tone % TONES, edge)
    parts += [part for each in series for part in _alarms(each, marks, shape, across, up)]
    if len(series) > 1:
        parts += _names(series, marks)
    parts += [
        text_of(LEFT - 50, 14, y_title, anchor="start", kind="axis-title"),
        text_of((LEFT + WIDTH) / 2, HEIGHT - 4, x_title, kind="axis-title"),
    ]
    return picture(WIDTH, HEIGHT, parts)


def _scales(rows: Sequence[Row], marks: Marks, shape: str) -> tuple[Linear, Linear, float]:
    places = [_place(row[marks.x]) for row in rows]
    bounds = [row[key] for key in (marks.low, marks.high, marks.expected) if key for row in rows if row.get(key)]
    low, high = including_zero([float(row[marks.y]) for row in rows] + [float(each) for each in bounds])
    up = Linear(low, high, HEIGHT - BOTTOM, TOP)
    edge = (WIDTH - LEFT - RIGHT) / max(2, len(set(places))) / 2 if shape == "bars" else 0
    across = Linear(min(places), max(places), LEFT + edge, WIDTH - RIGHT - edge)
    if across.low == across.high:
        across = Linear(across.low - 0.5, across.high + 0.5, across.start, across.end)
    return across, up, edge


def tips(rows: Sequence[Row], marks: Marks, shape: str, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each point's place in the drawing and what is said of it, for the page module."""
    held = [row for row in rows if row.get(marks.y) is not None and row.get(marks.x) is not None]
    if not held or not isinstance(held[0][marks.x], (int, float, dt.date)):
        return []
    across, up, _edge = _scales(held, marks, shape)
    told = [each for each in (marks.series, marks.y, marks.expected, marks.low, marks.high) if each]
    made = []
    for row in held:
        parts = [f"{titles.get(key, key)}: {_said(row[key])}" for key in told if row.get(key) is not None]
        if marks.alarm and row.get(marks.alarm):
            parts.append(str(_("alarm")))
        x, y = across(_place(row[marks.x])), up(float(row[marks.y]))
        made.append({"x": round(x, 1), "y": round(y, 1), "text": f"{_said(row[marks.x])}: {'; '.join(parts)}"})
    return made


def _said(value: Any) -> str:
    if isinstance(value, dt.date):
        return words.day(value)
    return words.number(value, 3) if isinstance(value, (int, float)) else said(value)


def _by_series(rows: Sequence[Row], marks: Marks) -> list[list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(said(row.get(marks.series)) if marks.series else "", []).append(row)
    return list(found.values())


def _place(value: Any) -> float:
    if isinstance(value, dt.datetime):
        return value.toordinal() + (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return float(value.toordinal()) if isinstance(value, dt.date) else float(value)


def _grid(ticks: Sequence[float], scale: Linear, *, vertical: bool, top: float, bottom: float) -> str:
    parts = []
    for tick in ticks:
        at, label = _number(scale(tick)), words.number(tick, 6)
        if vertical:
            parts.append(f'<line class="grid" x1="{at}" x2="{at}" y1="{top}" y2="{_number(bottom)}"/>')
            parts.append(text_of(scale(tick), bottom + 14, label))
        else:
            parts.append(f'<line class="grid" x1="{top}" x2="{_number(bottom)}" y1="{at}" y2="{at}"/>')
            parts.append(text_of(top - 6, scale(tick) + 4, label, anchor="end"))
    return "".join(parts)


def _below(first: Row, marks: Marks, across: Linear) -> list[str]:
    foot = HEIGHT - BOTTOM + 16
    if not isinstance(first[marks.x], dt.date):
        return [text_of(across(tick), foot, words.number(tick, 6)) for tick in across.ticks(7)]
    begin, end = dt.date.fromordinal(round(across.low)), dt.date.fromordinal(round(across.high))
    span = (end - begin).days
    return [text_of(across(tick.toordinal()), foot, date_label(tick, span)) for tick in date_ticks(begin, end)]


def _band(rows: Sequence[Row], marks: Marks, across: Linear, up: Linear) -> list[str]:
    parts = []
    if marks.high:
        held = [row for row in rows if row.get(marks.high) is not None]
        over = [f"{_number(across(_place(row[marks.x])))},{_number(up(float(row[marks.high])))}" for row in held]
        if marks.low:
            low = marks.low
            under = [
                f"{_number(across(_place(row[marks.x])))},{_number(up(float(row[low] or 0)))}" for row in reversed(held)
            ]
            parts.append(f'<polygon class="band" points="{" ".join(over + under)}"/>')
        elif over:
            parts.append(f'<polyline class="bound" points="{" ".join(over)}"/>')
    if marks.expected:
        held = [row for row in rows if row.get(marks.expected) is not None]
        line = [f"{_number(across(_place(row[marks.x])))},{_number(up(float(row[marks.expected])))}" for row in held]
        parts.append(f'<polyline class="expected" points="{" ".join(line)}"/>')
    return parts


def _one(
    rows: Sequence[Row], marks: Marks, shape: str, across: Linear, up: Linear, tone: int, edge: float
) -> list[str]:
    points = [(across(_place(row[marks.x])), up(float(row[marks.y]))) for row in rows]
    if shape == "line":
        text = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        return [f'<polyline class="line tone-{tone}" points="{text}"/>']
    if shape == "dots":
        return [f'<circle class="dot tone-{tone}" cx="{_number(x)}" cy="{_number(y)}" r="3"/>' for x, y in points]
    zero, width = up(0), max(1.0, edge * 1.6)
    return [
        f'<rect class="bar tone-{tone}" x="{_number(x - width / 2)}" y="{_number(min(y, zero))}"'
        f' width="{_number(width)}" height="{_number(max(abs(zero - y), 0.5))}"/>'
        for x, y in points
    ]


def _alarms(rows: Sequence[Row], marks: Marks, shape: str, across: Linear, up: Linear) -> list[str]:
    if not marks.alarm:
        return []
    del shape
    parts = []
    for row in rows:
        if row.get(marks.alarm):
            x, y = across(_place(row[marks.x])), up(float(row[marks.y]))
            shape_of = f"M{_number(x)},{_number(y - 13)}l6,-9h-12z"
            parts.append(f'<path class="alarm" d="{shape_of}"><title>{escape(str(_("alarm")))}</title></path>')
    return parts


def _names(series: Sequence[Sequence[Row]], marks: Marks) -> list[str]:
    parts, x = [], WIDTH - RIGHT
    for tone, rows in reversed(list(enumerate(series[:TONES]))):
        name = said(rows[0].get(marks.series or ""))[:24]
        parts.append(text_of(x, 14, name, anchor="end", kind=f"tick name tone-{tone}"))
        x -= len(name) * 7 + 18
    return parts
