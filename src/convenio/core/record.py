"""Record types: declared once, giving both the pydantic model of a row and the Arrow schema of a table."""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from convenio.core.words import Message

ARROW: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
}

SubjectRole = Literal["suspect", "convicted", "victim", "witness", "missing", "none"]


def column(
    title: Message,
    *,
    aliases: tuple[str, ...] = (),
    unit: str | Message | None = None,
    default: Any = ...,
    personal: bool = False,
    example: Any = None,
    **constraints: Any,
) -> Any:
    """Declare a column of a record type.

    Args:
        title: what people call it, in both languages.
        aliases: other headers it is known by, in either language, as files bear them.
        unit: unit of its values, where it has one.
        default: value when absent; required without one.
        personal: whether it tells something of a person.
        example: a value for templates.
        **constraints: passed on to pydantic (`ge`, `pattern`, …).
    """
    extra = {"title": title, "aliases": aliases, "unit": unit, "personal": personal, "example": example}
    return Field(default, json_schema_extra={"convenio": extra}, **constraints)


def column_words(info: FieldInfo) -> dict[str, Any]:
    """What `column` was told of a field: title, aliases, unit, personal, example."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and isinstance(extra.get("convenio"), dict):
        return typing.cast("dict[str, Any]", extra["convenio"])
    return {"title": None, "aliases": (), "unit": None, "personal": False, "example": None}


class RecordType(BaseModel):
    """Base of every record type; one subclass per kind of row.

    A subclass sets `type_name`, `title` and, where rows are about persons, `about_persons`. Its fields are declared
    with `column`, so that labels, file headers, validation and the Arrow schema come from one place.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    type_name: ClassVar[str]
    title: ClassVar[Message]
    about_persons: ClassVar[bool] = False

    @classmethod
    def arrow_schema(cls) -> pa.Schema:
        """The Arrow schema of a table of this type, in field order."""
        return pa.schema([pa.field(name, *_arrow_type(info.annotation)) for name, info in cls.model_fields.items()])


def _arrow_type(annotation: Any) -> tuple[pa.DataType, bool]:
    """The Arrow type of an annotation and whether it may be null."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{annotation} has no one Arrow type")
        return _arrow_type(inner[0])[0], True
    if origin is Literal:
        return _arrow_type(type(get_args(annotation)[0]))[0], False
    if origin is typing.Annotated:
        return _arrow_type(get_args(annotation)[0])
    if origin in (list, tuple):
        return pa.list_(_arrow_type(get_args(annotation)[0])[0]), False
    try:
        return ARROW[annotation], False
    except (KeyError, TypeError):
        raise TypeError(f"{annotation} has no Arrow type") from None
