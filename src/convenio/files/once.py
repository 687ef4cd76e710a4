"""A column whose values may stand once only: rows that repeat one, or lack it, are found while a file streams by."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from convenio.core.words import Message, _

MOST = 2_000_000
"""Values that a look at a file of any size remembers; some 300 MB."""


class Once:
    """Remembers in which row each value stood first.

    Args:
        field: the field whose values may stand once only.
        most: values to remember; None for all of them.
    """

    def __init__(self, field: str, most: int | None = None) -> None:
        self.field = field
        self._most = most
        self._first: dict[str, int] = {}

    @property
    def full(self) -> bool:
        """Whether values went by that were not held against those before them."""
        return self._most is not None and len(self._first) >= self._most

    def broken(self, values: pa.Array, rows: pa.Array, taken: pa.Array) -> Iterator[tuple[int, Message, Message]]:
        """Place, reason and advice of each row that repeats a value or has none.

        Args:
            values: the field's values.
            rows: their row numbers in the file, as long.
            taken: whether the row fits so far; of one that is set aside nothing is remembered.
        """
        advice = _(
            "give each row its own, or leave the column out: --map {field}=, rows are numbered then", field=self.field
        )
        if self.full:
            return
        triples = zip(values.to_pylist(), rows.to_pylist(), taken.to_pylist(), strict=True)
        for at, (value, row, fits) in enumerate(triples):
            if not fits:
                continue
            if value is None or not (text := str(value).strip()):
                yield at, _("the record has no identifier"), advice
            elif (before := self._first.setdefault(text, row)) != row:
                yield at, _("the record {id} stands in row {row} already", id=text, row=f"{before:,}"), advice
