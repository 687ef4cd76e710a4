"""How well the columns of a file about people are filled, and which of their identifiers are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.words import Message
from convenio.entities.cleaning import cleaned
from convenio.entities.identifiers import NAMES

READ = tuple(name for name in NAMES if name != "phone")
"""Kinds that are held against their rules; telephones are compared by their last ten digits, however written."""
MOST = 200_000
SHOWN = 1_000


@dataclass(frozen=True)
class Misfit:
    """A value that is no identifier of its kind.

    Args:
        record: the record's own identifier, or its number among the rows that were read.
        field: the field it stands in.
        value: the value, shortened.
        why: what is wrong with it.
        advice: what to do.
    """

    record: str
    field: str
    value: str
    why: Message
    advice: Message | None


@dataclass
class Column:
    """What was seen of one field.

    Args:
        filled: rows in which it says something.
        misfits: values that are no identifier of the field's kind; None where the field holds no identifiers.
        generic: identifiers that stand for many and name no one.
    """

    filled: int = 0
    misfits: int | None = None
    generic: int = 0


@dataclass
class Columns:
    """What the fields of a table hold, gathered while it streams by.

    Args:
        most: identifiers of each field that are held against their rules; None for all.
        rows: rows seen.
        by_field: what was seen of each field.
        misfits: the first thousand values that are no identifiers.
    """

    most: int | None = None
    rows: int = 0
    by_field: dict[str, Column] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)

    @property
    def looked_at_all(self) -> bool:
        """Whether every identifier was held against its rules."""
        return self.most is None or self.rows <= self.most

    def see(self, table: pa.Table, served: Mapping[str, str]) -> None:
        """Take rows into account.

        Args:
            table: rows of a record type.
            served: the fields that a column of the file serves; no others are looked at.
        """
        for name in served:
            held, values = self.by_field.setdefault(name, Column()), table.column(name)
            held.filled += len(values) - values.null_count
            if name in READ and pa.types.is_string(values.type):
                held.misfits = held.misfits or 0
                if self.most is None or self.rows < self.most:
                    self._check(held, name, table)
        self.rows += table.num_rows

    def _check(self, held: Column, name: str, table: pa.Table) -> None:
        found = cleaned(table.column(name), name)
        fit = len(found.values) - found.values.null_count
        held.misfits = (held.misfits or 0) + len(found.problems)
        held.generic += fit - pc.count(found.match_keys).as_py()
        ids = table.column("record_id") if "record_id" in table.column_names else None
        for each in found.problems[: SHOWN - len(self.misfits)]:
            own = ids[each.row - 1].as_py() if ids is not None else None
            record = str(own) if own is not None else str(self.rows + each.row)
            self.misfits.append(Misfit(record, name, each.value, each.why, each.advice))
