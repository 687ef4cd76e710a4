"""JSON: one object with a list for each kind of part, as `convenio framework export FILE.json` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.files.writing import whole
from convenio.programs.framework.formats.filling import Filling
from convenio.programs.framework.model import Part
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import KINDS, kind_of
from convenio.programs.framework.storage.kinds import named
from convenio.programs.framework.storage.reading import loads

LARGEST = 200 << 20


def read(path: Path, card: Scorecard, *, by: str = "") -> list[tuple[Part, Message]]:
    """The parts in a JSON file, see `formats.read`."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(_("this file is larger than {size} MB", size=LARGEST >> 20), where=str(path))
        told = loads(path.read_bytes().decode("utf-8-sig"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
    if not isinstance(told, dict):
        raise InputError(
            _("this is no JSON with a list for each kind of part"),
            where=str(path),
            advice=_("it holds: {names}", names=", ".join(KINDS)),
        )
    filling, found = Filling(card, by), []
    order = list(KINDS)
    for name in told:
        named(name)
    for name in sorted(told, key=order.index):
        if not isinstance(told[name], list):
            raise InputError(_("this is no list"), where=_("{file}, {table}", file=path.name, table=name))
        for number, value in enumerate(told[name], start=1):
            where = _("{file}, {table} {number}", file=path.name, table=name, number=number)
            if not isinstance(value, dict):
                raise InputError(_("this is no set of named values"), where=where)
            found.append((filling.part(KINDS[name], value, where), where))
    return found


def write(card: Scorecard, path: Path) -> int:
    """Write every part that may be seen at the scorecard's level; returns how many."""
    told: dict[str, list[object]] = {name: [] for name in KINDS}
    count = 0
    for part in card.parts():
        told[kind_of(part).name].append(part.model_dump(mode="json", by_alias=True))
        count += 1
    with whole(path) as place:
        place.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return count
