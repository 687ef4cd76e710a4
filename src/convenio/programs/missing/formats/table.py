"""Rows of a text table, whatever its delimiter and encoding, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.delimited import find_delimiter, records, sample_lines
from convenio.files.encoding import find_encoding, windows

LARGEST = 2 << 30


def rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Every row that is not blank, with its place (`file, row 3`), cells stripped.

    Raises:
        InputError: there is no such file, it is empty or no text.
    """
    if not path.is_file():
        raise InputError(_("there is no file {name}", name=path.name), where=str(path))
    if path.stat().st_size > LARGEST:
        raise InputError(_("the file is larger than {size} GB", size=LARGEST >> 30), where=path.name)
    encoding = find_encoding(windows(path))
    delimiter, _named = find_delimiter(sample_lines(path, encoding))
    found = False
    for number, cells in records(path, encoding, delimiter):
        found = True
        yield place(path, number), [cell.strip().lstrip("\ufeff") for cell in cells]
    if not found:
        raise InputError(_("the file is empty"), where=path.name)


def filled(listed: Sequence[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """The rows under the headings, short ones filled up with empty cells."""
    width = len(listed[0][1])
    for where, cells in listed[1:]:
        yield where, [*cells, *[""] * (width - len(cells))]


def place(path: Path, row: int) -> str:
    """Where a row stands, for an error."""
    return str(_("{file}, row {row}", file=path.name, row=row))


def position(headings: Sequence[str], names: Sequence[str]) -> int | None:
    """Position of the first heading that is one of `names`, letter case and punctuation aside."""
    plain = ["".join(c for c in each.lower() if c.isalnum()) for each in headings]
    for name in names:
        if name in plain:
            return plain.index(name)
    return None


def needed(headings: Sequence[str], names: Sequence[str], where: str) -> int:
    """As `position`, but the column must be there.

    Raises:
        InputError: it is not.
    """
    found = position(headings, names)
    if found is None:
        raise InputError(
            _("the column {column} is missing", column=names[0]),
            where=where,
            advice=_("the columns here are {columns}", columns=", ".join(headings)),
        )
    return found
