"""Which column of a file is which column of a record type: proposed, saved, used again, refused for another file."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.record import RecordType, column_words
from convenio.core.words import LANGUAGES, Message, _
from convenio.files.options import Options

SUFFIX = ".mapping.json"
FORMAT = 1


@dataclass(frozen=True)
class Mapping:
    """How a file's columns serve a record type.

    Args:
        record_type: the record type's name.
        columns: heading by field.
        headings: every heading of the file it was made for.
        options: how that file is read.
    """

    record_type: str
    columns: Map[str, str]
    headings: tuple[str, ...]
    options: Options = field(default_factory=Options)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        told = {
            "convenio_mapping": FORMAT,
            "record_type": self.record_type,
            "columns": dict(self.columns),
            "headings": list(self.headings),
            "options": {name: value for name, value in asdict(self.options).items() if value is not None},
        }
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def beside(path: Path) -> Path:
    """Where the mapping of a file is saved."""
    return path.with_name(path.name + SUFFIX)


def load(path: Path) -> Mapping:
    """Read a saved mapping.

    Raises:
        InputError: there is none, it is damaged, or a newer Convenio wrote it.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if told["convenio_mapping"] > FORMAT:
            raise InputError(
                _("this mapping was written by a newer Convenio"), where=path.name, advice=_("map the file again")
            )
        return Mapping(
            str(told["record_type"]),
            {str(name): str(heading) for name, heading in told["columns"].items()},
            tuple(map(str, told["headings"])),
            Options(**told.get("options", {})),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            _("this is no saved mapping: {why}", why=str(error)[:160]),
            where=str(path),
            advice=_("make one with: convenio check FILE --as TYPE --save"),
        ) from error


def plain(heading: str) -> str:
    """A heading without case, accents and punctuation, so that spellings of one name are the same."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", heading) if not unicodedata.combining(each))
    return " ".join(re.split(r"[\W_]+", bare.casefold())).strip()


def names_of(record: type[RecordType], name: str) -> list[str]:
    """Every plain name that a field goes by, the best first: its own, its titles, its aliases."""
    told = column_words(record.model_fields[name])
    title: Message | None = told["title"]
    titles = [title.in_language(each) for each in LANGUAGES] if title is not None else []
    return list(dict.fromkeys(plain(each) for each in (name, *titles, *told["aliases"])))


def propose(
    headings: Sequence[str],
    record: type[RecordType],
    *,
    told: Map[str, str] | None = None,
    options: Options | None = None,
) -> Mapping:
    """Match headings to fields by name, title or alias, in either language.

    A heading that fits two fields ("nombre": the whole name, or the given names) serves the one after which the next
    field is served too ("apellido paterno").

    Args:
        headings: the file's.
        record: the record type wanted.
        told: heading by field, as the user said; goes before what is found. An empty heading leaves the field empty.
        options: how the file is read.

    Raises:
        InputError: the user named a field or heading that does not exist.
    """
    columns = checked(told or {}, headings, record)
    empty = [name for name, heading in columns.items() if not heading]
    columns = {name: heading for name, heading in columns.items() if heading}
    free = {plain(each): each for each in reversed(headings) if each not in columns.values()}
    fields = list(record.model_fields)
    spelled = {
        name: [each for each in names_of(record, name) if each in free]
        for name in fields
        if name not in columns and name not in empty
    }

    def next_is_served(name: str, by: str) -> bool:
        following = fields[fields.index(name) + 1 : fields.index(name) + 2]
        return any(each != by for field in following for each in spelled.get(field, ()))

    shared = {each for each in free if sum(each in names for names in spelled.values()) > 1}
    ranked = sorted(
        (each in shared and not next_is_served(name, each), names_of(record, name).index(each), at, name, each)
        for at, name in enumerate(fields)
        for each in spelled.get(name, ())
    )
    for _alone, _rank, _at, name, each in ranked:
        if name not in columns and each in free:
            columns[name] = free.pop(each)
    ordered = {name: columns[name] for name in record.model_fields if name in columns}
    return Mapping(record.type_name, ordered, tuple(headings), options or Options())


def checked(told: Map[str, str], headings: Sequence[str], record: type[RecordType]) -> dict[str, str]:
    """What the user said of the columns, once it is sure that they are there.

    Raises:
        InputError: a field or a heading that does not exist.
    """
    for name, heading in told.items():
        if name not in record.model_fields:
            raise InputError(
                _("{type} has no column {column}", type=record.type_name, column=name),
                advice=_("its columns are {columns}", columns=", ".join(record.model_fields)),
            )
        if heading and heading not in headings:
            raise InputError(
                _("the file has no column {column}", column=heading),
                advice=_("its columns are {columns}", columns=", ".join(headings)),
            )
    return dict(told)


def with_told(mapping: Mapping, told: Map[str, str], headings: Sequence[str], record: type[RecordType]) -> Mapping:
    """A saved mapping with what the user says now; a heading that serves another field now leaves the one it served.

    Raises:
        InputError: a field or a heading that does not exist.
    """
    said = checked(told, headings, record)
    taken = {heading for heading in said.values() if heading}
    held = {name: each for name, each in mapping.columns.items() if name not in said and each not in taken}
    served = {**held, **{name: each for name, each in said.items() if each}}
    columns = {name: served[name] for name in record.model_fields if name in served}
    return replace(mapping, columns=columns)


def missing(mapping: Mapping, record: type[RecordType]) -> list[str]:
    """Fields without which a row cannot be, and that no column serves."""
    return [name for name, info in record.model_fields.items() if info.is_required() and name not in mapping.columns]


def fits(mapping: Mapping, headings: Sequence[str], record: type[RecordType]) -> bool:
    """Whether a saved mapping serves the file at hand."""
    served = all(name in record.model_fields and each in headings for name, each in mapping.columns.items())
    return mapping.record_type == record.type_name and served


def fit(mapping: Mapping, headings: Sequence[str], record: type[RecordType], *, where: str) -> list[str]:
    """Hold a saved mapping against the file at hand.

    Returns:
        Headings that the mapping does not know.

    Raises:
        InputError: it is for another record type, or a column it needs is not in this file.
    """
    if mapping.record_type != record.type_name:
        raise InputError(
            _("the saved mapping is for {held}, not for {wanted}", held=mapping.record_type, wanted=record.type_name),
            where=where,
            advice=_("map the file again: convenio check FILE --as {type} --save", type=record.type_name),
            kept=_("nothing was imported"),
        )
    gone = [each for each in mapping.columns.values() if each not in headings]
    if gone:
        raise InputError(
            _("the saved mapping is for another file: there is no column {columns}", columns=", ".join(gone)),
            where=where,
            advice=_("map the file again: convenio check FILE --as {type} --save", type=record.type_name),
            kept=_("nothing was imported"),
        )
    unknown = [name for name in mapping.columns if name not in record.model_fields]
    if unknown:
        raise InputError(
            _(
                "the saved mapping names columns that {type} no longer has: {columns}",
                type=record.type_name,
                columns=", ".join(unknown),
            ),
            where=where,
            advice=_("map the file again: convenio check FILE --as {type} --save", type=record.type_name),
            kept=_("nothing was imported"),
        )
    return [each for each in headings if each not in mapping.headings]


def with_options(mapping: Mapping, options: Options) -> Options:
    """What the user says now, and for the rest what was saved."""
    saved = {name: value for name, value in asdict(mapping.options).items() if value is not None}
    said = {name: value for name, value in asdict(options).items() if value is not None}
    return replace(Options(), **{**saved, **said})
