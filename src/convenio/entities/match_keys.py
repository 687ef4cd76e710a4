"""What two sides compare without showing it: the match keys of a record, by kind.

A kind is `curp`, `rfc`, `passport` or `name_birth_date`. A record without a usable value has no key; bad input gives
none rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.entities import identifiers
from convenio.entities.name_keys import MOST, name_keys

CURP_LENGTH = 18

COLUMNS: dict[str, tuple[str, ...]] = {
    "curp": ("curp",),
    "rfc": ("rfc",),
    "passport": ("passport", "passport_country"),
    "name_birth_date": ("given", "paterno", "materno", "name", "birth_date"),
}
"""The columns each kind is made from; a table needs those that it has."""


def keys(record: Mapping[str, object], kind: str) -> Iterable[str]:
    """The match keys of one kind of a record, at most twelve, none twice.

    Args:
        record: values by column name, those of `COLUMNS[kind]`.
        kind: `curp`, `rfc`, `passport` or `name_birth_date`.

    Returns:
        Texts that are equal on both sides for one subject; empty where the value is absent or malformed.

    Raises:
        NotFound: there is no such kind.
    """
    if kind not in _MAKERS:
        raise NotFound(
            _("there is no match key of the kind {kind}", kind=kind),
            advice=_("kinds are {kinds}", kinds=", ".join(COLUMNS)),
        )
    return tuple(dict.fromkeys(_MAKERS[kind](record)))[:MOST]


def _of_identifier(name: str) -> Callable[[Mapping[str, object]], Iterable[str]]:
    def made(record: Mapping[str, object]) -> Iterable[str]:
        held = record.get(name)
        if not isinstance(held, str) or not held.strip():
            return ()
        kind = identifiers.kind(name)
        try:
            return (kind.match_key(kind.clean(held)),)
        except InputError:
            return _as_published(kind.compact(held)) if name == "curp" else ()

    return made


def _as_published(value: str) -> tuple[str, ...]:
    """A CURP that fails a check (lists publish some): both sides may hold it as it was published, slip and all."""
    return (value,) if len(value) == CURP_LENGTH and value.isascii() and value.isalnum() else ()


def _of_passport(record: Mapping[str, object]) -> Iterable[str]:
    held, issuer = record.get("passport"), record.get("passport_country")
    if not isinstance(held, str) or not held.strip():
        return ()
    kind: Any = identifiers.kind("passport")
    try:
        value = kind.clean(held)
    except InputError:
        return ()
    return tuple(kind.issued(value, issuer if isinstance(issuer, str) else ""))


_MAKERS: dict[str, Callable[[Mapping[str, object]], Iterable[str]]] = {
    "curp": _of_identifier("curp"),
    "rfc": _of_identifier("rfc"),
    "passport": _of_passport,
    "name_birth_date": name_keys,
}
