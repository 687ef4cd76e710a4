"""OFAC's list as `sdn.csv`, with `alt.csv` (aliases) and `add.csv` (addresses) where they lie beside it.

Its consolidated list of other sanctions has the same form: `cons_prim.csv`, `cons_alt.csv`, `cons_add.csv`.

The file has no header. The publisher ends it with the byte 0x1A, so that a list which was cut in the middle can be
told from a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.schema import Address, Kind, ListedName, ListEntry
from convenio.programs.finance.sources.plain_csv import END_MARK, decode, rows
from convenio.programs.finance.sources.remarks import parse_remarks

SOURCE = "ofac_sdn"
CONSOLIDATED = "ofac_consolidated"
COLUMNS = 12
WHOLE = 1000
"""A list of this many rows without the publisher's end mark is taken for cut."""

_KINDS: dict[str, Kind] = {"individual": "person", "": "company", "vessel": "vessel", "aircraft": "aircraft"}
_NUMBER = re.compile(r"\d{1,9}$")
_PROGRAMME = re.compile(r"[A-Z0-9][A-Za-z0-9 .-]{1,39}(?:\] \[[A-Z0-9][A-Za-z0-9 .-]{1,39})*$")


@dataclass
class SdnList:
    """One state of the list: its entries in the file's order and what is to be known about the file.

    `whole` is False when the publisher's end mark is missing; `warnings` are messages for whoever reads the result.
    """

    entries: list[ListEntry]
    whole: bool
    warnings: list[Message] = field(default_factory=list)
    source: str = SOURCE


def read_sdn(path: Path | str, *, encoding: str | None = None, partial: bool = False) -> SdnList:
    """Read an OFAC `sdn.csv`.

    Args:
        path: the file; 12 columns without header, as the publisher writes it.
        encoding: its encoding when it is not UTF-8 (`latin-1`, `utf-16`).
        partial: take a long list without the end mark for what it is, e.g. an extract.

    Returns:
        The entries, remarks parsed, with warnings about cut remarks and a missing end mark.

    Raises:
        InputError: the file is empty, cut, in another encoding, or its columns have moved; the error names the row.
    """
    path = Path(path)
    text = decode(path, encoding)
    whole = text.rstrip("\r\n").endswith(END_MARK)
    entries: list[ListEntry] = []
    seen: dict[str, int] = {}
    for number, row in rows(text, path, COLUMNS):
        entry = _entry(row, path, number)
        if entry.id in seen:
            raise InputError(
                _("the number {id} stands on row {first} already", id=entry.id, first=f"{seen[entry.id]:,}"),
                where=_place(path, number),
                advice=_("is this two lists joined into one file?"),
                kept=_("nothing was imported"),
            )
        seen[entry.id] = number
        entries.append(entry)
    if not whole and len(entries) >= WHOLE and not partial:
        raise cut_list(path, len(entries))
    warnings = list(_warnings(path, entries, whole=whole))
    return SdnList(entries, whole, warnings, entries[0].source if entries else SOURCE)


def curps(path: Path | str) -> list[str]:
    """Every CURP on an OFAC `sdn.csv`, as published, in the list's order, each once; those of 18 characters only."""
    found = (value for entry in read_sdn(path).entries for value in entry.identified_by("curp"))
    return list(dict.fromkeys(each for each in found if len(each) == 18))


def is_sdn(head: bytes) -> bool:
    """Whether the first bytes of a file look like OFAC's: no heading, a number and twelve columns."""
    first = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()[:1]
    return bool(first) and first[0].count(",") >= COLUMNS - 1 and bool(re.match(r'"?\d{1,9}"?,', first[0]))


def read_folder(folder: Path | str, *, encoding: str | None = None) -> SdnList:
    """Read a folder that holds OFAC's three files of one day, of either list.

    Raises:
        InputError: as `read_trio`, or neither `sdn.csv` nor `cons_prim.csv` is there.
    """
    folder = Path(folder)
    for main, aliases, addresses in (("sdn", "alt", "add"), ("cons_prim", "cons_alt", "cons_add")):
        if (folder / f"{main}.csv").is_file():
            return read_trio(folder, encoding=encoding, files=(f"{main}.csv", f"{aliases}.csv", f"{addresses}.csv"))
    raise InputError(
        _("neither sdn.csv nor cons_prim.csv is in this folder"),
        where=str(folder),
        advice=_("name the list's file, or a folder with sdn.csv, alt.csv and add.csv of one day"),
    )


def read_trio(
    folder: Path | str,
    *,
    encoding: str | None = None,
    files: tuple[str, str, str] = ("sdn.csv", "alt.csv", "add.csv"),
) -> SdnList:
    """Read a folder with `sdn.csv`, `alt.csv` and `add.csv` of the same day into entries with aliases and addresses.

    Raises:
        InputError: one of the files is missing or broken, or an alias or address belongs to no entry.
    """
    folder = Path(folder)
    main, aliases, addresses = (folder / each for each in files)
    listed = read_sdn(main, encoding=encoding)
    names: dict[str, list[ListedName]] = {}
    places: dict[str, list[Address]] = {}
    known = {entry.id for entry in listed.entries}
    for number, row in rows(decode(aliases, encoding), aliases, 5):
        _belongs(row[0], known, aliases, number)
        names.setdefault(row[0], []).append(ListedName(row[3], row[2] or "aka"))
    for number, row in rows(decode(addresses, encoding), addresses, 6):
        _belongs(row[0], known, addresses, number)
        place = Address(row[2], row[3], row[4])
        if place != Address():
            places.setdefault(row[0], []).append(place)
    listed.entries = [
        replace(
            each,
            names=tuple(dict.fromkeys([*each.names[:1], *names.get(each.id, ()), *each.names[1:]])),
            addresses=tuple(places.get(each.id, ())),
        )
        for each in listed.entries
    ]
    return listed


def cut_list(path: Path, count: int) -> InputError:
    """The error for a list that ends before its end."""
    return InputError(
        _("the list ends after {count} rows without the publisher's end mark: it was cut", count=f"{count:,}"),
        where=path.name,
        advice=_("fetch the file again; for an extract made on purpose, say --partial"),
        kept=_("nothing was imported"),
    )


def _belongs(id_: str, known: set[str], path: Path, number: int) -> None:
    if id_ not in known:
        raise InputError(
            _("the number {id} is not in sdn.csv", id=id_),
            where=_place(path, number),
            advice=_("sdn.csv, alt.csv and add.csv must be of the same day"),
            kept=_("nothing was imported"),
        )


def _entry(row: list[str], path: Path, number: int) -> ListEntry:
    id_, name, kind, programmes = row[:4]
    moved = (
        _("column 1 is {value}, not a number", value=repr(id_[:40]))
        if not _NUMBER.match(id_)
        else _("column 2, the name, is empty")
        if not name
        else _("column 3 is {value}, not individual, vessel or aircraft", value=repr(kind[:40]))
        if kind not in _KINDS
        else _("column 4 is {value}, not sanctions programmes", value=repr(programmes[:40]))
        if programmes and not _PROGRAMME.match(programmes)
        else _(
            "columns 6 to 11 hold {value}, which belongs to vessels, not persons", value=repr(" ".join(row[5:11])[:40])
        )
        if kind == "individual" and any(row[5:11])
        else None
    )
    if moved is not None:
        raise InputError(
            moved,
            where=_place(path, number),
            advice=_(
                "expected number, name, kind, programmes and eight more columns, without a header: have they moved?"
            ),
            kept=_("nothing was imported"),
        )
    remarks = parse_remarks(row[11])
    return ListEntry(
        source=CONSOLIDATED if path.name.startswith("cons") else SOURCE,
        id=id_,
        kind=_KINDS[kind],
        names=(ListedName(name), *remarks.aliases),
        programmes=tuple(programmes.split("] [")) if programmes else (),
        title=row[4],
        gender=remarks.gender,
        birth_dates=tuple(remarks.birth_dates),
        birth_places=tuple(remarks.birth_places),
        nationalities=tuple(remarks.nationalities),
        citizenships=tuple(remarks.citizenships),
        identifiers=tuple(remarks.identifiers),
        links=tuple(remarks.links),
        statements=tuple(remarks.statements),
        vessel=tuple(row[5:11]) if any(row[5:11]) else (),
        remarks_cut=remarks.cut,
    )


def _warnings(path: Path, entries: Iterable[ListEntry], *, whole: bool) -> Iterable[Message]:
    if not whole:
        yield _("{file} does not end with the publisher's end mark; is it whole?", file=path.name)
    cut = [each.id for each in entries if each.remarks_cut]
    if cut:
        yield _(
            "{file}: the publisher cut the remarks of {count} entries at 1,000 characters: {ids}",
            file=path.name,
            count=len(cut),
            ids=", ".join(cut),
        )


def _place(path: Path, number: int) -> Message:
    return _("{file}, row {row}", file=path.name, row=f"{number:,}")
