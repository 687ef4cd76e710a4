"""What goes into a blind match: match keys of one kind, as bytes that both sides write alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.entities import match_keys

MOST_PER_RECORD = 12


@dataclass(frozen=True)
class Input:
    """One match key and where it comes from: the place of its record in the table or list it was made from."""

    value: bytes
    place: int


def columns_for(kind: str) -> Sequence[str]:
    """The columns a kind of match key is made from.

    Raises:
        InputError: there is no such kind.
    """
    try:
        return match_keys.COLUMNS[kind]
    except KeyError:
        raise InputError(
            _("there is no match key of the kind {kind}", kind=kind),
            advice=_("kinds are {kinds}", kinds=", ".join(match_keys.COLUMNS)),
        ) from None


def inputs_of(table: pa.Table, kind: str) -> list[Input]:
    """The match keys of a table's records; a record without one has none, a record has at most twelve."""
    wanted = [name for name in columns_for(kind) if name in table.column_names]
    lists = [table.column(name).to_pylist() for name in wanted]
    made: list[Input] = []
    for place, values in enumerate(zip(*lists, strict=True)):
        made.extend(Input(value, place) for value in keys_of(dict(zip(wanted, values, strict=True)), kind))
    return made


def keys_of(record: Mapping[str, object], kind: str) -> Iterator[bytes]:
    """The match keys of one kind of one record; none where the identifier is absent or malformed."""
    try:
        found = match_keys.keys(record, kind)
    except ConvenioError:
        return
    for each in sorted(set(found))[:MOST_PER_RECORD]:
        yield f"{kind}\x1f{each}".encode()
