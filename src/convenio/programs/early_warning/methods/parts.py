"""`detect` over more series than fit in memory: what is held is one part of them, and the answer.

>>> import pyarrow.parquet as pq
>>> found = detect_in_parts(pq.ParquetFile("counts.parquet").iter_batches(), only_alarms=True)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.detection import detect
from convenio.programs.early_warning.schema import Alarm

ROWS = 500_000


def detect_in_parts(batches: Iterable[pa.RecordBatch | pa.Table], *, rows: int = ROWS, **told: Any) -> pa.Table:
    """Detect in tables that come one after the other.

    Args:
        batches: columns of `Count`, the rows of a series together, as a Parquet file that is sorted by series gives
            them (`iter_batches`).
        rows: how many rows make a part; a series longer than that is a part of its own.
        told: as `detect` takes it.

    Returns:
        Columns of `Alarm`, ranked over all series.

    Raises:
        InputError: the rows of a series do not stand together; or as `detect`.
    """
    answers = [detect(part, **told) for part in _parts(batches, rows)]
    if not answers:
        return Alarm.arrow_schema().empty_table()
    found = pa.concat_tables(answers)
    keyed = found.append_column("unranked", pc.if_else(found.column("alarm"), 0, 1))
    keyed = keyed.append_column("of", pc.fill_null(found.column("substance"), ""))
    keys = {
        "unranked": "ascending",
        "score": "descending",
        "series": "ascending",
        "of": "ascending",
        "period": "ascending",
    }
    order = pc.sort_indices(keyed, sort_keys=list(keys.items()))
    ranked = found.take(order)
    return ranked.set_column(
        ranked.schema.get_field_index("rank"), ranked.schema.field("rank"), pa.array(np.arange(1, len(ranked) + 1))
    )


def _parts(batches: Iterable[pa.RecordBatch | pa.Table], rows: int) -> Iterator[pa.Table]:
    """Tables of whole series, each of at least `rows` rows but for the last."""
    waiting: list[pa.Table] = []
    held = 0
    done: set[int] = set()
    for batch in batches:
        table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        if not len(table):
            continue
        waiting.append(table)
        held += len(table)
        if held < rows:
            continue
        whole = pa.concat_tables(waiting)
        cut = _last_series(whole)
        waiting, held = ([whole.slice(cut)] if cut < len(whole) else []), len(whole) - cut
        if cut:
            yield _told_once(whole.slice(0, cut), done)
    if waiting:
        yield _told_once(pa.concat_tables(waiting), done)


def _last_series(table: pa.Table) -> int:
    """The row where the last series begins."""
    names = table.column("series")
    last = names[-1]
    first = pc.index(names, last).as_py()
    return int(first)


def _told_once(part: pa.Table, done: set[int]) -> pa.Table:
    """The part, once none of its series is known to have been in an earlier one."""
    for name in pc.unique(part.column("series")).to_pylist():
        if hash(name) in done:
            raise InputError(
                _("the rows of this series do not stand together"),
                where=str(name),
                advice=_("sort the file by series, or give it to detect as one table"),
            )
        done.add(hash(name))
    return part
