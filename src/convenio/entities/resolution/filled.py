"""Judgements from a table of doubtful pairs that a person has filled in."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.entities.resolution.judgements import Judgement

VERDICTS: dict[str, Literal["same", "different", "open"]] = {
    "same": "same",
    "misma": "same",
    "mismo": "same",
    "different": "different",
    "distinta": "different",
    "distinto": "different",
    "open": "open",
    "abierta": "open",
    "abierto": "open",
}
"""What may stand in the column `verdict`, in either language."""

_ENDS = ("left_source", "left_id", "right_source", "right_id")


def judgements(table: pa.Table, *, when: dt.datetime, where: str = "") -> list[Judgement]:
    """The judgements in a table of doubts; rows whose `verdict` is empty are left out.

    Args:
        table: the columns of `resolved.DOUBTS`, with `verdict`, `by` and `reason` filled in.
        when: when the table was handed in.
        where: name of the file, for errors.

    Raises:
        InputError: a column is missing, a verdict is none of the words, a name or a reason is missing; says which row.
    """
    missing = [name for name in (*_ENDS, "verdict", "by", "reason") if name not in table.column_names]
    if missing:
        raise InputError(
            _("the column {column} is missing", column=missing[0]),
            where=where or None,
            advice=_("fill in the table of doubtful pairs as it was written"),
        )
    made = []
    for row, values in enumerate(table.to_pylist(), start=2):
        word = _text(values["verdict"]).casefold()
        if not word:
            continue
        place = _("{source}, row {row}", source=where, row=row)
        if word not in VERDICTS:
            raise InputError(
                _("“{word}” is no verdict", word=word[:40]),
                where=place,
                advice=_("write same, different or open, or leave it empty"),
            )
        ends = [_text(values[name]) for name in _ENDS]
        try:
            made.append(
                Judgement(
                    (ends[0], ends[1]),
                    (ends[2], ends[3]),
                    VERDICTS[word],
                    _text(values["by"]),
                    _text(values["reason"]),
                    when,
                )
            )
        except InputError as error:
            raise InputError(error.what, where=place, advice=error.advice) from error
    return made


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
