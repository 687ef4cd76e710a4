"""Graphs: placed on the server, drawn by the page module, every link in the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.web.draw import picture, text_of
from convenio.web.figure import Figure, twin
from convenio.web.layout import place
from convenio.web.table import Column

MOST_NODES = 5_000
MOST_EDGES = 50_000
DRAWN = 400
WIDTH, HEIGHT, MARGIN = 900.0, 560.0, 24.0
WORDS: Mapping[str, Message] = {
    "twin": _("Its links stand in the table below."),
    "kind": _("Kind"),
    "program": _("Program"),
    "marking": _("Marking"),
    "since": _("Since"),
    "until": _("Until"),
    "all": _("all"),
    "find": _("Find"),
    "to": _("Path to"),
    "clear": _("Clear"),
    "open": _("Open"),
    "nopath": _("No path leads from one to the other among what is shown."),
    "neighbours": _("linked to {number} others"),
    "shown": _("{number} shown"),
    "expand": _("Expand"),
    "added": _("{number} added"),
    "failed": _("It could not be expanded."),
}
COLUMNS = (
    Column("from", _("From"), scope_row=True),
    Column("link", _("Link")),
    Column("to", _("To")),
)


@dataclass(frozen=True)
class Node:
    """A node of a graph.

    Args:
        id: its identifier.
        label: what it is called.
        kind: what it is, in words of the page's language.
        program: the program it comes from.
        marking: the label of its marking.
        at: ISO date of when it came to be known.
        note: a sentence about it.
        address: where it is shown in full.
        size: its radius.
        more: where what hangs on it is shown; under `more` of that address stands the same as JSON.
    """

    id: str
    label: str
    kind: str = ""
    program: str = ""
    marking: str = ""
    at: str = ""
    note: str = ""
    address: str = ""
    size: float = 4.0
    more: str = ""


@dataclass(frozen=True)
class Edge:
    """A link between two nodes, with what it means."""

    start: str
    end: str
    label: str = ""


def graph(
    name: str,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    title: Message,
    note: Message | None = None,
    parameters: Any = None,
    path: str = "",
) -> Figure:
    """A graph with its links as a table.

    Args:
        name: its id on the page.
        nodes: at most 5,000.
        edges: at most 50,000; those to nodes that are not there are left out.
        title: what can be seen in it.
        note: source, period, limits.
        parameters: the request's query parameters, for the table.
        path: the page's address, for the table.

    Raises:
        InputError: there are more nodes or links than a person can look at.
    """
    if len(nodes) > MOST_NODES or len(edges) > MOST_EDGES:
        raise InputError(
            _("a graph of {nodes} nodes and {edges} links is too large to look at", nodes=len(nodes), edges=len(edges)),
            advice=_("filter it, or begin from one node and expand"),
        )
    number = {each.id: n for n, each in enumerate(nodes)}
    held = [each for each in edges if each.start in number and each.end in number]
    spec = spec_of(nodes, held)
    places = [(each["x"], each["y"]) for each in spec["nodes"]]
    labels = {each.id: each.label for each in nodes}
    rows = [{"from": labels[each.start], "link": each.label, "to": labels[each.end]} for each in held]
    svg = _draw(nodes, held, number, places) if len(nodes) <= DRAWN else Markup()
    return Figure(name, "graph", title, spec, twin(name, rows, COLUMNS, title, parameters, path), svg, note, WORDS)


def spec_of(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, Any]:
    """What the page module works with: placed nodes, and the edges between them."""
    number = {each.id: n for n, each in enumerate(nodes)}
    places = place(len(nodes), [(number[each.start], number[each.end]) for each in edges])
    return {
        "nodes": [
            {
                **{key: value for key, value in vars(each).items() if value != ""},
                "x": round(x, 3),
                "y": round(y, 3),
            }
            for each, (x, y) in zip(nodes, places, strict=True)
        ],
        "edges": [{"from": each.start, "to": each.end, "label": each.label} for each in edges],
    }


def _draw(
    nodes: Sequence[Node], edges: Sequence[Edge], number: Mapping[str, int], places: Sequence[tuple[float, float]]
) -> Markup:
    if not nodes:
        return Markup()
    kinds = list(dict.fromkeys(each.kind for each in nodes))
    across = [(MARGIN + (x + 1) / 2 * (WIDTH - 2 * MARGIN)) for x, _y in places]
    down = [(MARGIN + (1 - (y + 1) / 2) * (HEIGHT - 2 * MARGIN)) for _x, y in places]
    parts = []
    for each in edges:
        a, b = number[each.start], number[each.end]
        parts.append(
            f'<line class="link" x1="{across[a]:.1f}" y1="{down[a]:.1f}" x2="{across[b]:.1f}" y2="{down[b]:.1f}"/>'
        )
    for n, node in enumerate(nodes):
        tone = kinds.index(node.kind) % 6
        parts.append(f'<circle class="dot tone-{tone}" cx="{across[n]:.1f}" cy="{down[n]:.1f}" r="{node.size:.1f}"/>')
        if len(nodes) <= DRAWN // 8:
            parts.append(text_of(across[n] + node.size + 3, down[n] + 4, node.label[:32], anchor="start"))
    return picture(WIDTH, HEIGHT, parts)
