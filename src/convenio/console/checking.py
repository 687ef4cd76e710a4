"""Checking a file in the browser: what is asked of it stands in the address; what was found is made anew each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.record import RecordType, column_words
from convenio.core.words import Message, _
from convenio.files.look import Look, look
from convenio.files.opening import open_file
from convenio.files.options import Options
from convenio.files.reading import Reading, open_reading
from convenio.files.seen import KINDS, ORDERS, facts, fits
from convenio.files.types import record_type, record_types
from convenio.files.wider import wider

PREVIEW = 5
SHOWN = 50
NOTHING = "-"
ORDER = ("dmy", "mdy", "ymd")
DECIMAL = ("point", "comma")


@dataclass(frozen=True)
class Asked:
    """What a person says of a file.

    Args:
        type: the record type it is to serve as; empty before one is chosen.
        columns: heading by field; `-` where a field is to stay empty.
        others: names under which further columns are kept, by heading.
        options: how the file is read.
    """

    type: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    options: Options = field(default_factory=Options)

    def given(self) -> dict[str, str]:
        """As parameters of an address."""
        told = {"as": self.type}
        told |= {f"map.{name}": heading for name, heading in self.columns.items()}
        told |= {f"other.{heading}": name for heading, name in self.others.items()}
        named = {"encoding", "delimiter", "sheet", "date_order", "decimal"}
        told |= {name: str(getattr(self.options, name) or "") for name in named}
        told["header"] = "" if self.options.header is None else str(self.options.header)
        return {name: value for name, value in sorted(told.items()) if value}

    def query(self) -> str:
        """As the query of an address."""
        return urlencode(self.given())


def asked_of(sent: Mapping[str, Any]) -> Asked:
    """What the parameters of a form or address say; what they say wrongly is left unsaid."""
    texts = {str(name): value.strip() for name, value in sent.items() if isinstance(value, str)}

    def one_of(name: str, choices: tuple[str, ...]) -> Any:
        return texts.get(name) if texts.get(name) in choices else None

    header = texts.get("header", "")
    delimiter = texts.get("delimiter", "")
    return Asked(
        type=texts.get("as", ""),
        columns={name[4:]: text for name, text in texts.items() if name.startswith("map.") and text},
        others={name[6:]: text for name, text in texts.items() if name.startswith("other.") and text},
        options=Options(
            encoding=texts.get("encoding") or None,
            delimiter="\t" if delimiter == "tab" else delimiter or None,
            header=int(header) if header.isdecimal() and len(header) < 7 else None,
            date_order=one_of("date_order", ORDER),
            decimal=one_of("decimal", DECIMAL),
            sheet=texts.get("sheet") or None,
        ),
    )


@dataclass
class Checked:
    """What was found.

    Args:
        name: the file's name.
        seen: what a look at it found; None where it cannot be opened.
        reading: its rows as records; None before a type is chosen or where it does not fit.
        table: the rows that fit.
        error: why it cannot be opened or read.
    """

    name: str
    seen: Look | None = None
    reading: Reading | None = None
    table: pa.Table | None = None
    error: ConvenioError | None = None

    def need(self) -> Reading:
        """The reading.

        Raises:
            InputError: there is none.
        """
        if self.reading is None:
            raise self.error or InputError(_("choose first what its rows are"), where=self.name)
        return self.reading

    def need_table(self) -> pa.Table:
        """The rows that fit, without the columns that nothing serves.

        Raises:
            InputError: there is none.
        """
        reading = self.need()
        if self.table is None or not self.table.num_rows:
            raise InputError(_("no row fits"), where=self.name)
        return self.table.select([each for each in self.table.column_names if each in reading.mapping.columns])

    @property
    def facts(self) -> list[tuple[Message, Any]]:
        """What is to be known of the file as a whole."""
        return list(facts(self.seen)) if self.seen is not None else []

    @property
    def headings(self) -> list[str]:
        """The file's headings."""
        return list(self.seen.opened.headings) if self.seen is not None else []

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The file's columns: heading, kind, share filled, examples."""
        if self.seen is None:
            return []
        return [
            {
                "heading": each.heading,
                "kind": KINDS.get(each.kind, each.kind),
                "order": ORDERS.get(each.date_order),
                "filled": each.filled / self.seen.rows if self.seen.rows else None,
                "examples": " · ".join(each.examples),
            }
            for each in self.seen.columns
        ]

    @property
    def types(self) -> list[tuple[str, Message, int]]:
        """Record types by name, title and how many of their columns are here; those that fit first."""
        best = {name: len(columns) for name, _record, columns in fits(self.headings)}
        every = [(name, each.title, best.get(name, 0)) for name, each in record_types().items()]
        return sorted(every, key=lambda each: -each[2])

    @property
    def served(self) -> list[dict[str, Any]]:
        """The fields of the record type, each with the heading that serves it."""
        if self.reading is None:
            return []
        record, mapping = self.reading.record, self.reading.mapping.columns
        return [
            {
                "name": name,
                "title": column_words(info)["title"] or name,
                "heading": mapping.get(name, ""),
                "needed": info.is_required(),
            }
            for name, info in record.model_fields.items()
            if name in record_type(self.reading.record.type_name).model_fields
        ]

    @property
    def left(self) -> list[str]:
        """Headings that serve no field of the record type itself."""
        used = {each["heading"] for each in self.served}
        return [each for each in self.headings if each not in used]

    @property
    def preview(self) -> list[list[Any]] | None:
        """The first rows, as text, under the fields that are served."""
        if self.table is None or self.reading is None:
            return None
        names = list(self.reading.mapping.columns)
        rows = self.table.select(names).slice(0, PREVIEW).to_pylist()
        titles = [column_words(self.reading.record.model_fields[each])["title"] or each for each in names]
        return [titles, *[["" if row[name] is None else str(row[name]) for name in names] for row in rows]]


def checked(path: Path, asked: Asked) -> Checked:
    """Look at a file, and read it as records where a type is chosen."""
    found = Checked(path.name)
    try:
        found.seen = look(open_file(path, asked.options))
        if asked.type:
            found.reading = _read(path, asked)
            held = list(found.reading.batches())
            found.table = pa.concat_tables(held) if held else None
    except ConvenioError as error:
        found.reading, found.error = None, error
    return found


def _read(path: Path, asked: Asked) -> Reading:
    if asked.type not in record_types():
        raise NotFound(_("there is no such kind of record"), where=asked.type[:40])
    record: type[RecordType] = wider(record_type(asked.type), asked.others.values())
    known = {name: heading for name, heading in asked.columns.items() if name in record.model_fields}
    told = {name: heading for name, heading in known.items() if heading != NOTHING}
    told |= {name: heading for heading, name in asked.others.items()}
    reading = open_reading(path, record, options=asked.options, told=told)
    empty = {name for name, heading in known.items() if heading == NOTHING}
    if needed := [name for name in empty if record.model_fields[name].is_required()]:
        raise InputError(_("a row cannot be without {column}", column=needed[0]), where=path.name)
    if empty:
        kept = {name: each for name, each in reading.mapping.columns.items() if name not in empty}
        reading.mapping = type(reading.mapping)(
            reading.mapping.record_type, kept, reading.mapping.headings, reading.mapping.options
        )
    return reading


def type_title(name: str) -> Message | str:
    """A kind of record in words; its name where no installed program declares it."""
    found = record_types().get(name)
    return found.title if found is not None else name


def column_titles(name: str, columns: Sequence[str]) -> list[Message | str]:
    """Columns of a kind of record as people call them."""
    found = record_types().get(name)
    fields = found.model_fields if found is not None else {}
    return [(column_words(fields[each])["title"] if each in fields else None) or each for each in columns]
