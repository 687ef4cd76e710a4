"""One row of a table corrected, and the digest that tells one state of a table from another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _

KEPT = _("nothing was changed")


def altered(table: pa.Table, row: int, values: Mapping[str, str | None], *, where: str) -> pa.Table:
    """A table with other values in one row.

    Args:
        table: the table.
        row: which row, from 0.
        values: new values by column, as text.
        where: what an error names.

    Raises:
        InputError: there is no such row or column, or a value does not fit its column.
    """
    if not 0 <= row < table.num_rows:
        raise InputError(_("there is no row {row}", row=row), where=where, kept=KEPT)
    for name, value in values.items():
        if name not in table.column_names:
            raise InputError(_("there is no column {name}", name=name), where=where, kept=KEPT)
        at, kind = table.column_names.index(name), table.schema.field(name).type
        try:
            fitting = pa.scalar(value, pa.string()).cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputError(
                _("{value} does not fit the column {name}", value=str(value)[:80], name=name), where=where, kept=KEPT
            ) from error
        column = table.column(at).to_pylist()
        column[row] = fitting.as_py()
        table = table.set_column(at, table.schema.field(at), pa.array(column, kind))
    return table


def digest(table: pa.Table) -> str:
    """A digest of the rows that does not depend on how they are chunked."""
    made = hashlib.sha256()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    made.update(sink.getvalue())
    return made.hexdigest()
