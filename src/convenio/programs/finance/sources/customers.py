"""Customer files of any size, read as a stream: headings in either language, rows that do not fit set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.record import column_words
from convenio.core.words import Message, _
from convenio.entities.names.letters import plain
from convenio.files.delimited import find_delimiter, records, sample_lines
from convenio.files.encoding import find_encoding, windows
from convenio.programs.finance.schema import Customer
from convenio.programs.finance.screening.party import Party, party

Aside = Callable[[int, Message], None]
"""Told the number of a row that was set aside, and why."""


def read_customers(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, aside: Aside | None = None
) -> Iterator[Party]:
    """The customers of a CSV file, one by one; memory does not grow with the file.

    Args:
        path: a text file whose first row names its columns; `Customer` tells the headings that are understood.
        encoding: found out by looking where it is left out.
        delimiter: found out by looking where it is left out.
        aside: told of each row that does not fit; without it such a row ends the reading.

    Raises:
        InputError: no such file, no column with a name, or (without `aside`) a row that does not fit.
    """
    chosen, parted = _looked(path, encoding, delimiter)
    rows = records(path, chosen, parted)
    first = next(rows, None)
    if first is None:
        raise InputError(_("the file is empty"), where=path.name, advice=_("is this the right file?"))
    places = _places(first[1], path)
    for number, row in rows:
        values = {name: row[at] for name, at in places.items() if at < len(row)}
        values.setdefault("customer_id", str(number))
        if not any(value.strip() for value in values.values()):
            continue
        try:
            yield party(values)
        except InputError as error:
            if aside is None:
                raise InputError(
                    error.what,
                    where=_("{file}, row {row}", file=path.name, row=f"{number:,}"),
                    advice=error.advice,
                    kept=error.kept,
                ) from error
            aside(number, error.what)


def _looked(path: Path, encoding: str | None, delimiter: str | None) -> tuple[str, str]:
    try:
        chosen = encoding or find_encoding(windows(path))
        return chosen, delimiter or find_delimiter(sample_lines(path, chosen))[0]
    except OSError as error:
        raise InputError(
            _("cannot be read: {why}", why=error.strerror or str(error)),
            where=str(path),
            advice=_("is the path right?"),
        ) from error


def _places(headings: list[str], path: Path) -> dict[str, int]:
    """Which column stands where, by the headings or one of their aliases."""
    known: dict[str, str] = {}
    for name, info in Customer.model_fields.items():
        words = column_words(info)
        titles = words["title"].in_both().values() if words["title"] is not None else ()
        for each in (name, *words["aliases"], *titles):
            known.setdefault(_flat(each), name)
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        column = known.get(_flat(heading))
        if column is not None:
            places.setdefault(column, at)
    if "name" not in places and not {"given", "paterno"} <= places.keys():
        raise InputError(
            _("no column holds a name; the headings are {headings}", headings=", ".join(headings)[:200]),
            where=path.name,
            advice=_("name it `name`, or `given`, `paterno` and `materno`"),
        )
    return places


def _flat(heading: str) -> str:
    return plain(heading).replace(" ", "").replace(",", "")
