"""Empty files with the right headings, and made-up files to try a program with."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import io
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import NotFound
from convenio.core.program import Program
from convenio.core.record import RecordType, column_words
from convenio.core.words import _
from convenio.files.writing import defused, form_of, whole, write


def heading(record: type[RecordType], name: str) -> str:
    """A column's heading in the language of the context."""
    title = column_words(record.model_fields[name])["title"]
    return str(title) if title is not None else name


def template_table(record: type[RecordType]) -> pa.Table:
    """One row of examples under headings in the language of the context, every cell a text."""
    cells = {heading(record, name): _text(column_words(info)["example"]) for name, info in record.model_fields.items()}
    return pa.table({name: pa.array([value], pa.string()) for name, value in cells.items()})


def template_csv(record: type[RecordType]) -> str:
    """The template as CSV text."""
    table, text = template_table(record), io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.column_names)
    writer.writerow([defused(value) for value in table.to_pylist()[0].values()])
    return text.getvalue()


def write_template(record: type[RecordType], path: Path) -> None:
    """Write a template as CSV or XLSX, by the file's ending."""
    if form_of(path) == "csv":
        with whole(path) as part:
            part.write_bytes(template_csv(record).encode("utf-8-sig"))
        return
    table = template_table(record)
    write([table], table.schema, path)


def write_examples(program: Program, folder: Path) -> list[Path]:
    """Write a program's made-up files.

    A program that has a module `example` with a function `write_example(folder)` says itself what they are; of any
    other, each table that a method reads is written with its record type's examples.

    Raises:
        NotFound: the program has neither.
    """
    module = f"{program.package}.example"
    if importlib.util.find_spec(module) is not None:
        own: list[Path] = importlib.import_module(module).write_example(folder)
        return own
    written: dict[str, Path] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for each in program.declared_methods().values():
        for wanted in each.inputs.values():
            if wanted.record.type_name not in written:
                written[wanted.record.type_name] = folder / f"{wanted.record.type_name}.csv"
                write_template(wanted.record, written[wanted.record.type_name])
    if not written:
        raise NotFound(_("the program {name} has no example", name=program.name))
    return list(written.values())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "|".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
