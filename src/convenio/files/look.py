"""Look at a file without knowing what it is: every row is seen, in a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from convenio.files.conventions import DATE_SHAPE, DateEvidence, alike
from convenio.files.opened import Opened
from convenio.files.problem import shown
from convenio.files.values import cleaned

Kind = Literal["whole", "number", "date", "moment", "truth", "text", "empty"]
SHAPES: tuple[tuple[Kind, str], ...] = (
    ("truth", r"(?i)^(true|false|yes|no|sí|si|verdadero|falso)$"),
    ("whole", r"^[+-]?(0|[1-9]\d{0,17})$"),
    ("number", r"^[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?$"),
    ("date", r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4})([T ]0{1,2}:00(:00(\.0+)?)?)?$"),
    ("moment", r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"),
)
CODE = r"^0\d+$"
EXAMPLES = 3


@dataclass
class Column:
    """What was seen of a column.

    Args:
        heading: its heading.
        filled: cells that say something.
        longest: characters of its longest text.
        examples: the first distinct values.
        kinds: kinds that every value so far could be.
        dates: what its values tell of the order of day and month.
        typed: the type that the file itself gives it, in Parquet.
        known: dates that were seen.
    """

    heading: str
    filled: int = 0
    longest: int = 0
    examples: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=lambda: [kind for kind, _shape in SHAPES])
    dates: DateEvidence = field(default_factory=DateEvidence)
    typed: str = ""
    known: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The narrowest kind that all values are of."""
        if self.typed:
            return self.typed
        if not self.filled:
            return "empty"
        return self.kinds[0] if self.kinds else "text"

    def see(self, values: pa.Array, rows: pa.Array) -> pa.Array:
        """Take a chunk into account; which of its cells say nothing."""
        if not pa.types.is_string(values.type):
            self.typed = str(values.type)
            self.filled += len(values) - values.null_count
            self._show(values)
            return pc.is_null(values)
        values = cleaned(values)
        held = values.drop_null()
        if not len(held):
            return pc.is_null(values)
        self.filled += len(held)
        self.longest = max(self.longest, pc.max(pc.utf8_length(held)).as_py())
        self._show(held)
        if self.kinds:
            coded = pc.any(pc.match_substring_regex(held, CODE)).as_py()
            self.kinds = [
                kind
                for kind, shape in SHAPES
                if kind in self.kinds
                and not (coded and kind in {"whole", "number"})
                and pc.all(pc.match_substring_regex(held, shape)).as_py()
            ]
        if "date" in self.kinds and not (self.dates.day_first and self.dates.month_first):
            for row, text in alike(pa.chunked_array([values]), rows, DATE_SHAPE, self.known):
                self.dates.see(row, text)
        return pc.is_null(values)

    def _show(self, values: pa.Array) -> None:
        for each in values.slice(0, 20).to_pylist() if len(self.examples) < EXAMPLES else ():
            text = shown(str(each), 40)
            if each is not None and text not in self.examples and len(self.examples) < EXAMPLES:
                self.examples.append(text)

    @property
    def date_order(self) -> str:
        """`dmy`, `mdy`, `ambiguous` or `mixed`; empty where the question does not arise."""
        if self.kind != "date":
            return ""
        if self.dates.day_first and self.dates.month_first:
            return "mixed"
        return self.dates.order or ("ambiguous" if self.dates.either else "")


@dataclass
class Look:
    """What a file holds."""

    opened: Opened
    columns: list[Column]
    rows: int = 0
    misfits: int = 0


def look(opened: Opened) -> Look:
    """Read a file once, whatever its size, and say what is in it."""
    found = Look(opened, [Column(each) for each in opened.headings])
    opened.problems.clear()
    for chunk in opened.chunks():
        blank = None
        for column, values in zip(found.columns, _arrays(chunk.table), strict=True):
            empty = column.see(values, chunk.rows)
            blank = empty if blank is None else pc.and_(blank, empty)
        found.rows += chunk.table.num_rows - (pc.sum(blank).as_py() or 0 if blank is not None else 0)
        found.misfits += _drained(opened)
    found.misfits += _drained(opened)
    return found


def _drained(opened: Opened) -> int:
    """How many rows the file had trouble with since the last time."""
    rows = {each.row for each in opened.problems}
    opened.problems.clear()
    return len(rows)


def _arrays(table: pa.Table) -> Iterator[pa.Array]:
    for column in table.columns:
        whole = column.combine_chunks()
        yield whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
