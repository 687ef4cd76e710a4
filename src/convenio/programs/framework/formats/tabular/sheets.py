"""Which columns a worksheet has: they follow from the model, so that the two cannot drift apart."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from convenio.core.words import LANGUAGES, Language, Message
from convenio.programs.framework.formats.tabular import cells
from convenio.programs.framework.formats.tabular.cells import Cell
from convenio.programs.framework.formats.tabular.words import CHOICES, HEADINGS, TABS
from convenio.programs.framework.model import Dimension, Foreign, Part, Reference
from convenio.programs.framework.storage import KINDS

TECHNICAL = frozenset({"terms", "digest", "entered_at"})
"""Columns that people do not fill in: they are written and read, and no template has them."""
LINES = frozenset({"evidence", "disaggregation"})
PARENTS = {"milestones": "milestone", "instruments": "instrument", "audits": "audit", "evaluations": "evaluation"}
OPTIONAL = {"observations": {"entered_by", "entered_at"}, "ratings": {"by", "given_on", "expires_on"}}
"""Fields that are filled in where the file leaves them out, see `formats.filling`."""


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        path: where its value stands in the part.
        cell: how it stands in a cell.
        required: whether a row needs it.
    """

    path: tuple[str, ...]
    cell: Cell
    required: bool

    @property
    def name(self) -> str:
        """As a file may head it in any language: `baseline_value`."""
        return "_".join(self.path)

    def heading(self, to: Language) -> str:
        """As people read it."""
        return ": ".join(HEADINGS[each].in_language(to) for each in self.path)

    def spellings(self) -> set[str]:
        """Every heading it is known by, folded."""
        return {folded(self.name), *(folded(self.heading(each)) for each in LANGUAGES)}


@dataclass(frozen=True)
class Tab:
    """One worksheet.

    Args:
        name: its name in code.
        model: the type of what a row holds.
        columns: its columns.
        parent: the worksheet its rows belong to, none for a kind of its own.
        keys: columns that name the row's owner, at the front.
        fills: the field of the owner that its rows fill.
    """

    name: str
    model: type[Part]
    columns: tuple[Column, ...]
    parent: Tab | None = None
    keys: tuple[Column, ...] = ()
    fills: str = ""
    children: list[Tab] = field(default_factory=list)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Keys and columns."""
        return (*self.keys, *self.columns)

    def title(self, to: Language) -> str:
        """What stands on its tab."""
        return TABS[self.name].in_language(to)


def folded(text: str) -> str:
    """A heading without what people write differently: case, blanks, underscores."""
    return " ".join(text.replace("_", " ").casefold().split())


@cache
def tabs() -> tuple[Tab, ...]:
    """Every worksheet, owners before what belongs to them; what others' IATI files said beyond ours stays out."""
    found: list[Tab] = []
    for kind in KINDS.values():
        if kind.model is Foreign:
            continue
        _add(found, _tab(kind.name, kind.model, optional=OPTIONAL.get(kind.name, set())))
    return tuple(found)


def _add(found: list[Tab], tab: Tab) -> None:
    found.append(tab)
    for name, info in tab.model.model_fields.items():
        inner = _many(info)
        if inner is None:
            continue
        own = Column((PARENTS.get(tab.name, "clause"),), cells.TEXT, required=True)
        child = _tab(name, inner, parent=tab, keys=(*tab.keys, own))
        tab.children.append(child)
        _add(found, child)


def _tab(
    name: str,
    model: type[Part],
    *,
    parent: Tab | None = None,
    keys: tuple[Column, ...] = (),
    optional: set[str] = frozenset(),  # type: ignore[assignment]
) -> Tab:
    columns = tuple(
        Column(each.path, each.cell, each.required and each.path[0] not in optional) for each in _columns(model, ())
    )
    return Tab(name, model, _publication_last(columns), parent, keys, name if parent else "")


def _publication_last(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(sorted(columns, key=lambda each: each.name == "publication"))


def _columns(model: type[Part], above: tuple[str, ...], *, needed: bool = True) -> Iterator[Column]:
    for name, info in model.model_fields.items():
        if _many(info) is not None:
            continue
        path, inner = (*above, name), _one(info)
        if inner is not None:
            yield from _columns(inner, path, needed=info.is_required())
        else:
            yield Column(path, _cell(name, info), needed and info.is_required())


def _cell(name: str, info: FieldInfo) -> Cell:
    kind = _bare(info.annotation)
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        special = {Dimension: cells.PAIRS, Reference: cells.REFERENCES}.get(inner)
        return special or (cells.LINES if name in LINES else cells.NAMES)
    if origin is typing.Literal:
        held = CHOICES.get(name, {})
        return cells.choice({code: held.get(code, Message(code)) for code in typing.get_args(kind) if code})
    simple: dict[Any, Cell] = {
        dt.date: cells.DAY,
        AwareDatetime: cells.MOMENT,
        float: cells.NUMERIC,
        Decimal: cells.MONEY,
        int: cells.INTEGER,
        bool: cells.YES_NO,
    }
    return simple.get(kind, cells.TEXT)


def _bare(annotation: Any) -> Any:
    """An annotation without `| None` and without what is said about it."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        inner = [each for each in typing.get_args(annotation) if each is not type(None)]
        return _bare(inner[0])
    return annotation


def _one(info: FieldInfo) -> type[Part] | None:
    kind = _bare(info.annotation)
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None


def _many(info: FieldInfo) -> type[Part] | None:
    kind = _bare(info.annotation)
    if typing.get_origin(kind) is not tuple:
        return None
    inner = typing.get_args(kind)[0]
    is_part = isinstance(inner, type) and issubclass(inner, Part) and inner not in {Dimension, Reference}
    return inner if is_part else None
