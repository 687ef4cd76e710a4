"""From a pandas, Polars or Arrow table to counts: headings in either language, dates as dates, whole numbers."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.method import conform
from convenio.core.words import _
from convenio.files.mapping import missing, propose
from convenio.files.values import Reader
from convenio.programs.early_warning.schema import Count


def counts_of(frame: Any) -> pa.Table:
    """A table of whatever kind as columns of `Count`.

    Args:
        frame: an Arrow table, or anything that can be handed over as one (pandas, Polars, DuckDB); headings are
            understood as in a file: `place`, `week`, `cases`, `semana`, `casos`, …

    Raises:
        InputError: it is no table, a column is missing, or a value does not fit its column.
    """
    table = _arrow(frame)
    schema = Count.arrow_schema()
    if table.schema.equals(schema):
        return table
    mapping = propose(table.column_names, Count)
    gone = missing(mapping, Count)
    if gone:
        raise InputError(
            _("the column {column} is missing", column=gone[0]),
            advice=_("the columns here are {columns}", columns=", ".join(table.column_names)),
        )
    columns = {name: _column(name, table.column(held), schema.field(name)) for name, held in mapping.columns.items()}
    return conform(pa.table(columns), schema, where="counts")


def _arrow(frame: Any) -> pa.Table:
    if isinstance(frame, pa.Table):
        return frame
    collect = getattr(frame, "collect", None)
    if not hasattr(frame, "__arrow_c_stream__") and callable(collect):
        frame = collect()
    if hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__arrow_c_array__"):
        return pa.table(frame)
    raise InputError(
        _("{kind} is no table", kind=type(frame).__name__),
        advice=_("give a pandas, Polars or Arrow table with the columns series, period and observed"),
    )


def _column(name: str, held: pa.ChunkedArray, wanted: pa.Field) -> pa.ChunkedArray:
    """A column in the type wanted, without loss."""
    kind = held.type
    if pa.types.is_dictionary(kind):
        held, kind = pc.cast(held, kind.value_type), kind.value_type
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        held, kind = pc.cast(held, pa.string()), pa.string()
    if pa.types.is_date(wanted.type) and pa.types.is_timestamp(kind):
        return pc.cast(pc.floor_temporal(held, unit="day"), pa.date32())
    if pa.types.is_date(wanted.type) and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise InputError(
            _("{value} is a number, not a date", value=str(held[0].as_py() if len(held) else "")),
            where=name,
            advice=_("a spreadsheet's day numbers are read as dates first, e.g. days since 1899-12-30"),
        )
    if pa.types.is_floating(kind) and pa.types.is_integer(wanted.type):
        held = pc.if_else(pc.is_nan(held), pa.scalar(None, kind), held)
    if pa.types.is_integer(kind) and pa.types.is_string(wanted.type):
        return pc.cast(held, pa.string())
    if pa.types.is_string(kind) and not pa.types.is_string(wanted.type):
        read, faults = Reader(wanted.type).read(held.combine_chunks() if held.num_chunks != 1 else held.chunk(0))
        if faults:
            raise InputError(faults[0].why, where=f"{name}, {faults[0].at}", advice=faults[0].advice)
        return pa.chunked_array([read])
    return held
