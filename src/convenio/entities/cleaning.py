"""Whole columns of identifiers made clean, with every value that is none named by its row."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.entities.identifiers import Identifier, kind


@dataclass(frozen=True)
class Problem:
    """A value that is no identifier of its kind.

    Args:
        row: row of the table, from 1.
        value: the value as it stands there, shortened.
        why: what is wrong with it.
        advice: what to do about it.
    """

    row: int
    value: str
    why: Message
    advice: Message | None


@dataclass(frozen=True)
class Cleaned:
    """A column after cleaning.

    Args:
        values: clean values, null where there was none or none that fits; as long as the column.
        match_keys: what two sides compare, null as `values`, and for generic values.
        problems: the values that do not fit, in the order of the rows.
    """

    values: pa.Array
    match_keys: pa.Array
    problems: list[Problem]


def cleaned(column: pa.Array | pa.ChunkedArray, name: str) -> Cleaned:
    """Clean a column of identifiers.

    Args:
        column: strings; other types are read as their text. Each different value is cleaned once.
        name: a kind of identifier, as in `entities.identifiers.NAMES`.

    Raises:
        NotFound: there is no such kind.
    """
    found = kind(name)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = whole.cast(pa.string()).dictionary_encode()
    done = [_one(found, str(text)) for text in coded.dictionary.to_pylist()]
    values = pa.array([value for value, _key, _why in done], pa.string()).take(coded.indices)
    match_keys = pa.array([key for _value, key, _why in done], pa.string()).take(coded.indices)
    problems = []
    wrong = {at for at, (_value, _key, why) in enumerate(done) if why is not None}
    if wrong:
        for row, at in enumerate(coded.indices.to_pylist(), start=1):
            if at in wrong and (error := done[at][2]) is not None:
                problems.append(Problem(row, str(coded.dictionary[at].as_py())[:40], error.what, error.advice))
    return Cleaned(values, match_keys, problems)


def _one(found: Identifier, text: str) -> tuple[str | None, str | None, InputError | None]:
    if not text.strip():
        return None, None, None
    try:
        value = found.clean(text)
    except InputError as error:
        where = error.where
        what = _("{where}: {what}", where=where, what=error.what) if isinstance(where, Message) else error.what
        return None, None, InputError(what, advice=error.advice)
    try:
        return value, found.match_key(value), None
    except InputError:
        return value, None, None
