"""Made-up counts for the tests of early warning."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from convenio.programs.early_warning.schema import Count

WEEK = dt.timedelta(days=7)
MONDAY = dt.date(2017, 1, 2)


def rows_of(values, *, name="09-001", step=WEEK, start=MONDAY, **columns):
    """One series as rows; a column is one value for all rows, or a list of one a row."""
    return [
        {
            "series": name,
            "period": start + i * step,
            "observed": None if value is None else int(value),
            **{k: v[i] if isinstance(v, list) else v for k, v in columns.items()},
        }
        for i, value in enumerate(values)
    ]


def as_counts(rows):
    """Rows as a table of counts."""
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def counts(size=330, level=6, last=None, seed=3):
    """Poisson counts; the last one as given."""
    made = np.random.default_rng(seed).poisson(level, size)
    if last is not None:
        made[-1] = last
    return made
