"""What a record type asks of values beyond their kind: ranges, patterns, choices."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from convenio.core.record import RecordType
from convenio.core.unfit import short, why
from convenio.core.words import Message, _

Broken = tuple[int, str, Message, Message | None]


class Constraints:
    """Holds tables against the constraints of a record type; costs nothing where there are none."""

    def __init__(self, record: type[RecordType]) -> None:
        self.record = record
        self.columns: dict[str, TypeAdapter[Any]] = {}
        decorators = record.__pydantic_decorators__
        self.whole = bool(decorators.model_validators or decorators.field_validators)
        for name, info in record.model_fields.items():
            if info.metadata or _has_choices(info.annotation):
                self.columns[name] = TypeAdapter(_list_of(info))

    def broken(self, table: pa.Table, *, skip: Collection[int]) -> Iterator[Broken]:
        """Place, field, reason and advice of every value that a constraint forbids."""
        for name, adapter in self.columns.items():
            try:
                adapter.validate_python(table.column(name).to_pylist())
            except ValidationError as error:
                for each in error.errors(include_url=False, include_context=True):
                    at = each["loc"][0]
                    if isinstance(at, int) and at not in skip:
                        yield at, name, *worded(each)
        if self.whole:
            for at, row in enumerate(table.to_pylist()):
                if at in skip:
                    continue
                try:
                    self.record.model_validate(row)
                except ValidationError as error:
                    first = error.errors(include_url=False)[0]
                    yield at, str(first["loc"][0]) if first["loc"] else "", *worded(first)


def _list_of(info: Any) -> Any:
    return list[Annotated[(info.annotation, *info.metadata)]] if info.metadata else list[info.annotation]


def _has_choices(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(_has_choices(each) for each in get_args(annotation))


def worded(error: Any) -> tuple[Message, Message | None]:
    """A pydantic error in our words, and what to do."""
    kind, context, value = error["type"], error.get("ctx") or {}, error.get("input")
    said = "" if isinstance(value, (dict, list)) else short(value)
    told: dict[str, tuple[Message, Message | None]] = {
        "greater_than_equal": (_("{value} is below {limit}", value=said, limit=short(context.get("ge"))), None),
        "greater_than": (_("{value} is not above {limit}", value=said, limit=short(context.get("gt"))), None),
        "less_than_equal": (_("{value} is above {limit}", value=said, limit=short(context.get("le"))), None),
        "less_than": (_("{value} is not below {limit}", value=said, limit=short(context.get("lt"))), None),
        "literal_error": (_("{value} is none of {choices}", value=said, choices=short(context.get("expected"))), None),
        "string_pattern_mismatch": (
            _("{value} does not have the form wanted", value=said),
            _("the form is {pattern}", pattern=context.get("pattern", "")),
        ),
        "string_too_long": (_("longer than {limit} characters", limit=context.get("max_length")), None),
        "string_too_short": (_("shorter than {limit} characters", limit=context.get("min_length")), None),
        "missing": (_("the value is missing"), None),
    }
    return told.get(kind) or (_("{value} does not fit: {why}", value=said, why=why(error)), None)
