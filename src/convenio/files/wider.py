"""A record type with further columns of a file, kept as text under names that agreements and releases speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import create_model

from convenio.core.errors import InputError
from convenio.core.record import RecordType, column
from convenio.core.words import Message, _

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST = 40


def wider(record: type[RecordType], names: Iterable[str]) -> type[RecordType]:
    """A record type with optional text columns beside its own.

    Args:
        record: the record type.
        names: the further columns; those that it has already are left as they are.

    Raises:
        InputError: a name is no name of a column, or there are more than 40.
    """
    more = list(dict.fromkeys(each for each in names if each not in record.model_fields))
    for each in more:
        if not NAME.fullmatch(each):
            raise InputError(
                _("{name} is no name of a column", name=each[:60]),
                advice=_("small letters without accents, digits and _, such as institution"),
            )
    if len(more) > MOST:
        raise InputError(_("at most {most} further columns are kept", most=MOST))
    if not more:
        return record
    fields: dict[str, Any] = {
        each: (str | None, column(Message("{name}", {"name": each}), default=None, personal=record.about_persons))
        for each in more
    }
    made: type[RecordType] = create_model(f"Wider{record.__name__}", __base__=record, **fields)
    return made
