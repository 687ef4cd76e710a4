"""Text into parts: every error names the file, the line and the field."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from convenio.core.errors import InputError
from convenio.core.unfit import why
from convenio.core.words import Message, _
from convenio.programs.framework.model import Commitment, Part
from convenio.programs.framework.storage.places import Where, spot

Kind = TypeVar("Kind", bound=Part)
SPACE = re.compile(r"[ \t\r\n]*")
COLUMNS = ("id", "goal", "section", "modality", "software", "program", "text_en", "text_es")
MORE_COLUMNS = ("framework", "objective", "due", "publication")


def fitted(kind: type[Kind], value: Any, where: Where) -> Kind:
    """A value as a part.

    Raises:
        InputError: it does not fit; the error names the place and the field.
    """
    try:
        return kind.model_validate(value)
    except (ValidationError, RecursionError) as error:
        if isinstance(error, RecursionError):
            raise InputError(_("it is nested too deeply"), where=spot(where), kept=_("nothing was changed")) from error
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "-"
        raise InputError(
            _("{field} does not fit: {why}", field=field, why=why(first)),
            where=spot(where, ".".join(each for each in first["loc"] if isinstance(each, str))),
            kept=_("nothing was changed"),
        ) from error


def line_of(path: Path | str, line: int) -> Message:
    """A line in a file, as errors name it."""
    return _("{file}, line {line}", file=str(path), line=line)


def loads(text: str, where: Path, first: int = 1) -> Any:
    """A JSON value, strictly: no name twice, no NaN.

    Raises:
        InputError: it is none; the error names the line, counted from `first`.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InputError(
            _("this is no JSON: {why}", why=error.msg), where=line_of(where, first + error.lineno - 1)
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(_("this is no JSON: {why}", why=str(error)[:80]), where=line_of(where, first)) from error


def entries(text: str, where: Path) -> Iterator[tuple[Any, int]]:
    """The entries of a JSON list, each with the line it begins on.

    Raises:
        InputError: the text is no JSON list.
    """
    end = _skip(text, 0)
    if text[end : end + 1] != "[":
        loads(text, where)
        raise InputError(_("this is no list"), where=line_of(where, 1))
    end = _skip(text, end + 1)
    line, counted = 1, 0
    while text[end : end + 1] != "]":
        line, counted = line + text.count("\n", counted, end), end
        try:
            value, end = _DECODER.raw_decode(text, end)
        except (ValueError, RecursionError) as error:
            loads(text, where)
            raise InputError(_("this is no JSON: {why}", why=str(error)[:80]), where=line_of(where, line)) from error
        yield value, line
        end = _skip(text, end)
        if text[end : end + 1] == ",":
            end = _skip(text, end + 1)
        elif text[end : end + 1] != "]":
            raise InputError(_("this is no JSON: {why}", why="]"), where=line_of(where, text.count("\n", 0, end) + 1))
    if _skip(text, end + 1) != len(text):
        raise InputError(_("after the list there is more"), where=line_of(where, text.count("\n", 0, end) + 1))


def read_commitments(path: Path, published: str = "internal") -> list[Commitment]:
    """Commitments from a CSV file.

    Args:
        path: the file, with the columns `id, goal, section, modality, software, program, text_en, text_es` and, where
            they are needed, `framework, objective, due, publication`.
        published: who may see those that do not say.

    Raises:
        InputError: a column is missing, unknown or shifted, or a number stands there twice; the error names the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(_("this is no UTF-8 text"), where=line_of(path, line)) from error
    except OSError as error:
        raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
    return commitments_of(text, path, published)


def commitments_of(text: str, path: Path, published: str = "internal") -> list[Commitment]:
    """Commitments from CSV text, see `read_commitments`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, Commitment] = {}
    try:
        header = next(reader, [])
        _columns(header, path)
        for row in reader:
            where = line_of(path, reader.line_num)
            if not row:
                continue
            if len(row) != len(header):
                raise InputError(
                    _("{seen} columns where {wanted} are needed", seen=len(row), wanted=len(header)), where=where
                )
            told = {name: value for name, value in zip(header, row, strict=True) if value or name in COLUMNS}
            made = fitted(Commitment, {"publication": published, **told}, where)
            if made.id in found:
                raise InputError(_("the commitment {number} stands there twice", number=made.id), where=where)
            found[made.id] = made
    except csv.Error as error:
        raise InputError(
            _("this line is no CSV: {why}", why=str(error)), where=line_of(path, reader.line_num)
        ) from error
    return list(found.values())


def _columns(header: list[str], path: Path) -> None:
    missing = [each for each in COLUMNS if each not in header]
    unknown = [each for each in header if each not in (*COLUMNS, *MORE_COLUMNS)]
    if missing or unknown or len(set(header)) != len(header):
        raise InputError(
            _(
                "these columns do not fit; missing: {missing}; unknown: {unknown}",
                missing=", ".join(missing) or "-",
                unknown=", ".join(each[:40] for each in unknown) or "-",
            ),
            where=line_of(path, 1),
        )


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(next(name for name in names if names.count(name) > 1) + " ×2")
    return held


def _number(text: str) -> Any:
    raise ValueError(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_number)
