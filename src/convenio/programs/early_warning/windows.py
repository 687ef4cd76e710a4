"""Sums over windows that overlap are no counts of their own period, and no method here is made for them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.words import _


def no_windows(counts: pa.Table) -> None:
    """Refuse sums over several months.

    Raises:
        InputError: a value is one.
    """
    widest = pc.max(counts.column("months_in_window")).as_py() or 1
    if widest > 1:
        raise InputError(
            _("these are sums over {months} months that overlap, not counts of their own period", months=widest),
            advice=_(
                "one high month would stay in every later sum, so that no bound holds; detection needs counts "
                "by month or week of event"
            ),
        )
