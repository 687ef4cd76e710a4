"""A value in a cell, and back: days, numbers, lists. What could be read in two ways is refused."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import LANGUAGES, Message, _

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
SAFE_PAIR = re.compile(r"[^=;\n\[\"]+")
EXACT = 10**15
SERIALS = range(10_000, 100_000)
"""Numbers of five digits: from 1927 to 2173 as spreadsheets count days."""
YES = frozenset({"yes", "sí", "si", "true", "verdadero", "1", "x"})
NO = frozenset({"no", "false", "falso", "0"})


@dataclass(frozen=True)
class Cell:
    """How a value stands in a cell.

    Args:
        read: from what stands there (a text, or what a worksheet holds) to a plain value.
        write: from a plain value to what stands there.
        words: codes with their words, where only these may stand there.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    words: Mapping[str, Message] | None = None


def read_text(value: Any) -> str:
    """A text; a number that stands in a cell of text is written out as it is seen."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value if isinstance(value, str) else str(value)


def read_label(value: Any) -> str:
    """A text without the blanks that stick to its ends when it is typed or pasted."""
    return read_text(value).strip()


def read_day(value: Any) -> str:
    """A day, as ISO 8601.

    Raises:
        InputError: it could be two days, as 03/04/2022 could, is the number by which a spreadsheet counts days, or is
            none.
    """
    number = str(value).strip().removesuffix(".0")
    if not isinstance(value, dt.date) and number.isdecimal() and int(number) in SERIALS:
        seen = dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
        raise InputError(
            _("this is no day but a number: {number}", number=number),
            advice=_(
                "a spreadsheet counts days so; format the column as a date. As it counts, this would be {day}",
                day=seen.isoformat(),
            ),
        )
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    from convenio.programs.framework.model.base import read_day as strict

    return strict(value.strip() if isinstance(value, str) else str(value)).isoformat()


def read_number(value: Any) -> float:
    """A number with a point.

    Raises:
        InputError: it has a comma, a unit, or is none.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return float(value)
    raise InputError(
        _("this is no number: {value}", value=str(value)[:40]),
        advice=_("write it with a point and without thousands or unit, as 1234.5"),
    )


def read_money(value: Any) -> str:
    """An amount, as decimal text."""
    number = read_number(value)
    return repr(number) if isinstance(value, (int, float)) else value.strip()


def read_integer(value: Any) -> int:
    """A whole number.

    Raises:
        InputError: it is none.
    """
    number = read_number(value)
    if not number.is_integer():
        raise InputError(_("this is no whole number: {value}", value=str(value)[:40]))
    return int(number)


def read_yes(value: Any) -> bool:
    """Yes or no.

    Raises:
        InputError: it is neither.
    """
    if isinstance(value, bool):
        return value
    text = read_text(value).strip().casefold()
    if text in YES or text in NO:
        return text in YES
    raise InputError(_("this is neither yes nor no: {value}", value=text[:40]))


def read_names(value: Any) -> list[str]:
    """Short names with a semicolon between."""
    return [each.strip() for each in read_text(value).split(";") if each.strip()]


def read_lines(value: Any) -> list[str]:
    """Texts, one a line; or, where texts have lines themselves, a JSON list."""
    text = read_text(value)
    if text.startswith('["'):
        return _json_list(text)
    return [each.strip() for each in text.splitlines() if each.strip()]


def read_pairs(value: Any) -> list[dict[str, str]]:
    """Parts of a disaggregation, as `sex=female; state=Colima`, or a JSON list.

    Raises:
        InputError: a part has no equals sign.
    """
    text = read_text(value)
    if text.startswith("[["):
        return [{"name": name, "value": held} for name, held in _json_list(text)]
    found = []
    for each in text.split(";"):
        name, equals, held = each.partition("=")
        if not (name.strip() and equals and held.strip()):
            raise InputError(_("this is no part: {text}", text=each[:40]), advice=_("write it as sex=female"))
        found.append({"name": name.strip(), "value": held.strip()})
    return found


def read_references(value: Any) -> list[dict[str, str]]:
    """Numbers elsewhere, one a line: vocabulary, number, address.

    Raises:
        InputError: a line has no vocabulary and number.
    """
    found = []
    for line in read_text(value).splitlines():
        words = line.split(None, 2)
        if len(words) < 2:
            raise InputError(_("this is no reference: {text}", text=line[:40]), advice=_("write it as 9 16.4.2"))
        found.append(dict(zip(("vocabulary", "code", "address"), words, strict=False)))
    return found


def write_number(value: Any) -> Any:
    """A number as a worksheet keeps it exactly; as text where it would lose digits."""
    if value is None or isinstance(value, str):
        return value
    return value if abs(value) < EXACT and float(f"{value:.15g}") == value else repr(value)


def write_day(value: Any) -> Any:
    """A day as a worksheet keeps it; as text before worksheets' calendar begins."""
    if isinstance(value, dt.date) and value < dt.date(1900, 3, 1):
        return value.isoformat()
    return value


def write_lines(value: Sequence[str]) -> str:
    """Texts, one a line, or as JSON where one has several lines."""
    if any("\n" in each or each.splitlines() != [each] for each in value) or (value and value[0].startswith('["')):
        return json.dumps(list(value), ensure_ascii=False)
    return "\n".join(value)


def write_pairs(value: Sequence[Any]) -> str:
    """Parts of a disaggregation, or as JSON where one holds what divides them."""
    pairs = [(each.name, each.value) for each in value]
    if any(not SAFE_PAIR.fullmatch(each) for pair in pairs for each in pair):
        return json.dumps(pairs, ensure_ascii=False)
    return "; ".join(f"{name}={held}" for name, held in pairs)


def write_references(value: Sequence[Any]) -> str:
    """Numbers elsewhere, one a line."""
    return "\n".join(f"{each.vocabulary} {each.code} {each.address}".strip() for each in value)


def choice(words: Mapping[str, Message]) -> Cell:
    """A cell in which only some codes may stand; their words in either language are read too."""
    spelled = {code.casefold(): code for code in words if code}
    for code, message in words.items():
        for each in LANGUAGES:
            spelled.setdefault(message.in_language(each).casefold(), code)

    def read(value: Any) -> str:
        text = read_text(value).strip()
        return spelled.get(text.casefold(), text)

    return Cell(read, _as_it_is, words)


def _json_list(text: str) -> list[Any]:
    try:
        held = json.loads(text)
    except ValueError as error:
        raise InputError(_("this is no JSON: {why}", why=str(error)[:80])) from error
    return held if isinstance(held, list) else [held]


def _as_it_is(value: Any) -> Any:
    return value


def _write_yes(value: bool) -> str:  # noqa: FBT001 - the one value of a cell
    return "yes" if value else "no"


def _write_money(value: Decimal) -> Any:
    number = float(value)
    return number if abs(number) < EXACT and Decimal(repr(number)) == value else str(value)


TEXT = Cell(read_label, _as_it_is)
DAY = Cell(read_day, write_day)
NUMERIC = Cell(read_number, write_number)
MONEY = Cell(read_money, _write_money)
INTEGER = Cell(read_integer, _as_it_is)
YES_NO = Cell(read_yes, _write_yes)
MOMENT = Cell(read_text, lambda value: value.isoformat())
NAMES = Cell(read_names, "; ".join)
LINES = Cell(read_lines, write_lines)
PAIRS = Cell(read_pairs, write_pairs)
REFERENCES = Cell(read_references, write_references)
