"""Every record type that a file can be read as: the person, and what the programs' methods take in."""

from __future__ import annotations

import logging
from functools import cache

from convenio.core.errors import ConvenioError, NotFound
from convenio.core.program import discover
from convenio.core.record import RecordType
from convenio.core.words import _

log = logging.getLogger("convenio.files")


@cache
def record_types() -> dict[str, type[RecordType]]:
    """Record types by name; one of a name that two programs use is `program.name`."""
    from convenio.entities.people import PersonRow

    found: dict[str, type[RecordType]] = {PersonRow.type_name: PersonRow}
    for program in discover().values():
        try:
            methods = program.declared_methods()
        except (ConvenioError, ImportError) as error:
            log.warning("%s: %s", program.name, error)
            continue
        for each in methods.values():
            for wanted in each.inputs.values():
                record = wanted.record
                held = found.get(record.type_name, record)
                name = record.type_name if held is record else f"{program.name}.{record.type_name}"
                found[name] = record
    return found


def record_type(name: str) -> type[RecordType]:
    """The record type called `name`.

    Raises:
        NotFound: there is none.
    """
    found = record_types()
    try:
        return found[name]
    except KeyError:
        raise NotFound(
            _("there is no record type {name}", name=name),
            advice=_("these are known: {names}", names=", ".join(sorted(found))),
        ) from None
