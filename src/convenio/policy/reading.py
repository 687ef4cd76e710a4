"""Reading what people wrote: YAML without its traps, and errors that say in both languages what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from convenio.core.errors import InputError
from convenio.core.words import Message, _

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_NODES = 50_000
MAX_NUMBER_DIGITS = 15

Lines = dict[tuple[str | int, ...], int]


class Misfit(ValueError):
    """A rule that a document breaks, in words for both languages."""

    def __init__(self, message: Message, *, field: str = "") -> None:
        super().__init__(message.in_language("en"))
        self.message = message
        self.field = field


def read_text(source: Path | str) -> tuple[str, str]:
    """The text of a file, or the text itself, with the name to use for it in errors.

    Raises:
        InputError: there is no such file, it is too long, or it is not UTF-8.
    """
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        if len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise _too_long("text")
        return source, "text"
    path = Path(source)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            _("this file cannot be read: {why}", why=getattr(error, "strerror", None) or str(error)),
            where=str(path)[:200],
            advice=_("check the path and that you may read it"),
        ) from error
    if len(raw) > MAX_BYTES:
        raise _too_long(str(path))
    try:
        return raw.decode("utf-8-sig"), str(path)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            _("line {line} is not UTF-8", line=line), where=str(path), advice=_("save the file as UTF-8")
        ) from error


def _too_long(where: str) -> InputError:
    return InputError(
        _("this is longer than {number} bytes", number=f"{MAX_BYTES:,}"),
        where=where,
        advice=_("an agreement or a roster is a few pages; is this the right file?"),
        kept=_("nothing was read"),
    )


def read_yaml(source: Path | str) -> tuple[Any, Lines, str]:
    """A YAML or JSON document as plain values, the line of each field, and the document's name.

    Aliases, tags of one's own, fields given twice, deep nesting and great size are refused before anything is built.

    Raises:
        InputError: as above, or the text is no YAML; the error says the line.
    """
    text, where = read_text(source)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(text, loader, where)
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise InputError(
            _("line {line} is not YAML: {why}", line=line, why=str(getattr(error, "problem", None) or error)),
            where=where,
            advice=_("indent with spaces, and put texts with a colon between quotes"),
        ) from error
    if root is None:
        raise InputError(_("this is empty"), where=where)
    lines: Lines = {}
    return _built(root, (), lines, where), lines, where


def _check_events(text: str, loader: Any, where: str) -> None:
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=loader)):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.AliasEvent):
            raise InputError(
                _("line {line} refers to another part of the document (*{name})", line=line, name=str(event.anchor)),
                where=where,
                advice=_("write the text out: what is signed must read the same to everyone"),
            )
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MAX_DEPTH or number > MAX_NODES:
            raise InputError(
                _("line {line}: the document is nested too deep or has too many parts", line=line), where=where
            )


_PLAIN = {f"tag:yaml.org,2002:{each}" for each in ("str", "null", "bool", "timestamp")}
_NUMBERS = {f"tag:yaml.org,2002:{each}" for each in ("int", "float")}


def _built(node: Any, path: tuple[str | int, ...], lines: Lines, where: str) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = getattr(key_node, "value", None)
            at = key_node.start_mark.line + 1
            if not isinstance(key, str) or not isinstance(key_node, yaml.ScalarNode):
                raise InputError(_("line {line}: the name of a field must be a word", line=at), where=where)
            if key in built:
                raise InputError(_("line {line}: {field} is given twice", line=at, field=key), where=where)
            built[key] = _built(value_node, (*path, key), lines, where)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_built(each, (*path, at), lines, where) for at, each in enumerate(node.value)]
    if node.tag in _NUMBERS and len(node.value) > MAX_NUMBER_DIGITS:
        raise InputError(_("line {line}: this number is too long", line=line), where=where)
    if node.tag not in _PLAIN | _NUMBERS:
        raise InputError(_("line {line}: the tag {tag} is not allowed", line=line, tag=str(node.tag)), where=where)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(
            _("line {line}: {value} is no value", line=line, value=node.value[:40]), where=where
        ) from error


def told(error: ValidationError, document: Any, lines: Mapping[tuple[str | int, ...], int], where: str) -> InputError:
    """What does not fit in a document, as a person reads it: the clause, the field, the line, and what to do."""
    first = error.errors(include_url=False)[0]
    path = tuple(each for each in first["loc"] if not (isinstance(each, str) and each.startswith("function-")))
    misfit = first.get("ctx", {}).get("error")
    field_path = (*path, misfit.field) if isinstance(misfit, Misfit) and misfit.field else path
    part, rest = _place(document, field_path)
    field = ".".join(str(each) for each in rest)
    line = next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), None)
    place: Message | str = where
    if part is not None:
        place = _("{where}, {part}", where=place, part=part)
    if field:
        place = _("{where}, field {field}", where=place, field=field)
    if line is not None:
        place = _("{place} (line {line})", place=place, line=line)
    what = misfit.message if isinstance(misfit, Misfit) else _misfit(first, path)
    others = error.error_count() - 1
    advice = _advice(first, path)
    if advice is None and others:
        advice = _("and {number} more that do not fit", number=others)
    return InputError(what, where=place, advice=advice, kept=_("nothing was read"))


def _place(document: Any, path: Sequence[str | int]) -> tuple[Message | None, Sequence[str | int]]:
    """The named part (a clause, a key) a path leads into, and the rest of the path."""
    if len(path) < 2 or path[0] not in PARTS or not isinstance(path[1], int):
        return None, path
    try:
        name = document[path[0]][path[1]]["id"]
    except (KeyError, IndexError, TypeError):
        name = path[1] + 1
    return Message(PARTS[path[0]].id, {"name": name}), path[2:]


PARTS: dict[str | int, Message] = {
    "clauses": _("clause {name}"),
    "keys": _("key {name}"),
    "parties": _("party {name}"),
}
LANGUAGE_MISSING: dict[str | int, Message] = {
    "es": _("the Spanish is missing"),
    "en": _("the English is missing"),
}
EMPTY = ("missing", "string_too_short")
KINDS: tuple[tuple[tuple[str, ...], Message], ...] = (
    (("missing",), _("this field is missing")),
    (("extra_forbidden",), _("there is no such field")),
    (("literal_error", "enum"), _("{given} is not one of {known}")),
    (("greater_than", "less_than"), _("{given} is out of range")),
    (("too_short", "string_too_short"), _("this may not be empty")),
    (("int", "float"), _("this must be a whole number")),
    (("date", "timezone"), _("this must be a date, as 2021-10-08")),
    (("bool",), _("this must be true or false")),
    (("list", "tuple", "set", "frozen"), _("this must be a list")),
    (("string",), _("{given} is not written as it should be")),
    (("",), _("this does not fit: {why}")),
)


def _misfit(error: Mapping[str, Any], path: Sequence[str | int]) -> Message:
    kind = str(error["type"])
    if kind in EMPTY and path and path[-1] in LANGUAGE_MISSING:
        return LANGUAGE_MISSING[path[-1]]
    found = next(message for starts, message in KINDS if kind.startswith(starts))
    known = str(error.get("ctx", {}).get("expected"))
    return Message(found.id, {"given": str(error.get("input"))[:60], "known": known, "why": str(error["msg"])})


def _advice(error: Mapping[str, Any], path: Sequence[str | int]) -> Message | None:
    if error["type"] in EMPTY and path and path[-1] in LANGUAGE_MISSING:
        return _("both languages are equal: write the text in the other language too")
    if error["type"] == "extra_forbidden":
        return _("a field that nobody evaluates would promise what no node keeps; take it out or correct its name")
    return None
