"""The SAT's list under article 69-B of the Fiscal Code: companies and people presumed to issue invoices for nothing.

Latin-1, two lines of title, then headings. Each taxpayer stands in one of four states; only the first two are against
it: presumed, definitive, disproved (the taxpayer showed that the operations were real), favourable ruling.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.entities.names.letters import plain
from convenio.programs.finance.schema import Identifier, ListedName, ListEntry

SOURCE = "sat_69b"
STATES = {
    "presunto": "presumed",
    "definitivo": "definitive",
    "desvirtuado": "disproved",
    "sentencia favorable": "favourable_ruling",
}
COLUMNS = 20
_HEADINGS = ("No", "RFC", "Nombre del Contribuyente")


def is_69b(head: bytes) -> bool:
    """Whether the first bytes of a file look like the SAT's list."""
    return b"69-B" in head and b"RFC" in head


def read_69b(path: Path, *, encoding: str | None = None) -> tuple[str, list[ListEntry], list[Message]]:
    """Read the list: source, entries in its order, warnings.

    Raises:
        InputError: its headings have moved, a row is cut, or a state is one that this version does not know.
    """
    text = path.read_bytes().decode(encoding or "latin-1")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    start = next((at for at, row in enumerate(rows[:10]) if tuple(cell.strip() for cell in row[:3]) == _HEADINGS), None)
    if start is None or len(rows[start]) < COLUMNS:
        raise InputError(
            _("the headings No, RFC, Nombre del Contribuyente and 17 more are not there: have the columns moved?"),
            where=path.name,
            advice=_("fetch the file again; if its form has changed, this version cannot read it"),
            kept=_("nothing was imported"),
        )
    entries: list[ListEntry] = []
    seen: dict[str, int] = {}
    redacted = 0
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        if not any(cell.strip() for cell in row):
            continue
        entry = _entry(row, path, number)
        redacted += not entry.identifiers
        seen[entry.id] = seen.get(entry.id, 0) + 1
        if seen[entry.id] > 1:
            entry = ListEntry(**{**entry.__dict__, "id": f"{entry.id}#{seen[entry.id]}"})
        entries.append(entry)
    if not entries:
        raise InputError(_("the list has headings and no rows"), where=path.name, advice=_("fetch the file again"))
    warnings: list[Message] = []
    if redacted:
        warnings.append(
            _("{file}: the publisher made the RFC of {count} entries unreadable", file=path.name, count=redacted)
        )
    return SOURCE, entries, warnings


def _entry(row: list[str], path: Path, number: int) -> ListEntry:
    where = _("{file}, row {row}", file=path.name, row=f"{number:,}")
    if len(row) < COLUMNS:
        raise InputError(
            _("{found} columns, not {wanted}", found=len(row), wanted=COLUMNS),
            where=where,
            advice=_("was the file cut in the middle, or have its columns moved?"),
            kept=_("nothing was imported"),
        )
    rfc, name, situation = (" ".join(row[at].split()) for at in (1, 2, 3))
    state = STATES.get(situation.lower())
    if state is None:
        raise InputError(
            _("the state {state} is none of the four known", state=repr(situation[:40])),
            where=where,
            advice=_("they are Presunto, Definitivo, Desvirtuado and Sentencia Favorable"),
            kept=_("nothing was imported"),
        )
    readable = rfc.upper() if rfc and set(rfc.upper()) - {"X", "*"} else ""
    return ListEntry(
        source=SOURCE,
        id=readable or f"{plain(name)[:60]}",
        kind="person" if len(rfc) == 13 else "company",
        names=(ListedName(name),),
        programmes=("69-B",),
        identifiers=(Identifier("rfc", readable),) if readable else (),
        state=state,
        dates=tuple(dict.fromkeys(cell.strip() for cell in row[4:COLUMNS] if cell.strip())),
    )
