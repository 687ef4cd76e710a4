"""Why a value does not fit its declaration, in words of both languages (pydantic itself speaks English alone)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from convenio.core.words import Message, _

SHOWN = 60
LIMITS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}


def why(error: Mapping[str, Any]) -> Message:
    """One of `ValidationError.errors()` in words.

    Args:
        error: with `type`, and with `ctx` and `msg` where pydantic gives them.
    """
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in LIMITS:
        return _limit(kind, short(context.get(LIMITS[kind])))
    fixed = KINDS.get(kind) or next((words for start, words in FAMILIES if kind.startswith(start)), None)
    if fixed is not None:
        return Message(fixed.id, {name: short(value) for name, value in context.items()}) if context else fixed
    inner = context.get("error")
    if isinstance(inner, Exception) and inner.args and isinstance(inner.args[0], Message):
        return inner.args[0]
    return _("it does not fit ({kind})", kind=str(inner) if isinstance(inner, Exception) else kind)


def short(value: Any) -> str:
    """A value as an error shows it."""
    if isinstance(value, float):
        return f"{value:.15g}"
    text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _limit(kind: str, limit: str) -> Message:
    words = {
        "greater_than": _("more than {limit} is needed", limit=limit),
        "greater_than_equal": _("at least {limit} is needed", limit=limit),
        "less_than": _("less than {limit} is needed", limit=limit),
        "less_than_equal": _("at most {limit} is taken", limit=limit),
    }
    return words[kind]


KINDS: Mapping[str, Message] = {
    "missing": _("this is needed"),
    "extra_forbidden": _("there is no such field"),
    "literal_error": _("it is none of {expected}"),
    "enum": _("it is none of {expected}"),
    "string_pattern_mismatch": _("it does not have the form {pattern}"),
    "string_too_long": _("it is longer than {max_length} characters"),
    "string_too_short": _("it is shorter than {min_length} characters"),
    "string_type": _("this is no text"),
    "bytes_too_long": _("it is longer than {max_length} bytes"),
    "too_long": _("it has more than {max_length} parts"),
    "too_short": _("it has fewer than {min_length} parts"),
    "list_type": _("this is no list"),
    "tuple_type": _("this is no list"),
    "dict_type": _("this is no set of named values"),
    "model_type": _("this is no set of named values"),
    "model_attributes_type": _("this is no set of named values"),
    "none_required": _("nothing may stand here"),
    "json_invalid": _("this is no JSON"),
    "json_type": _("this is no JSON"),
    "multiple_of": _("it is no multiple of {multiple_of}"),
    "finite_number": _("this is no finite number"),
    "timezone_aware": _("the time names no time zone; write 2021-10-06T12:00:00Z"),
    "union_tag_invalid": _("it is none of {expected_tags}"),
}
FAMILIES: tuple[tuple[str, Message], ...] = (
    ("int", _("this is no number of this kind")),
    ("float", _("this is no number of this kind")),
    ("decimal", _("this is no number of this kind")),
    ("bool", _("this is neither yes nor no")),
    ("datetime", _("this is no moment; write 2021-10-06T12:00:00Z")),
    ("date", _("this is no date; write 2021-10-06")),
    ("time", _("this is no time of day")),
    ("uuid", _("this is no identifier of this kind")),
    ("url", _("this is no address")),
    ("bytes", _("this is no text")),
)
