"""From text to values: numbers, dates, truth values, as Mexico and the United States write them.

Distinct texts are parsed once each and remembered, so that a long column costs little more than its distinct values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.words import Message, _
from convenio.files.dates import Unfit, read_date, read_moment
from convenio.files.options import DateOrder, Decimal

REMEMBERED = 200_000
TRUE = frozenset({"true", "t", "yes", "y", "1", "x", "sí", "si", "s", "verdadero", "v"})
FALSE = frozenset({"false", "f", "no", "n", "0", "falso"})
GROUPED = {"point": re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?$"), "comma": re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?$")}
LIST_MARKS = re.compile(r"\s*[|;]\s*")
INVISIBLE = "[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"


@dataclass(frozen=True)
class Fault:
    """One value that does not fit.

    Args:
        at: its place in the array, from 0.
        value: the text.
        why: what is wrong.
        advice: what to do.
    """

    at: int
    value: str
    why: Message
    advice: Message | None


@dataclass
class Reader:
    """Turns columns of text into columns of one type.

    Args:
        wanted: the Arrow type.
        date_order: order of day, month and year where they are numbers.
        decimal: what stands before decimals.
    """

    wanted: pa.DataType
    date_order: DateOrder | None = None
    decimal: Decimal = "point"
    known: dict[str, Any] = field(default_factory=dict)

    def read(self, column: pa.Array) -> tuple[pa.Array, list[Fault]]:
        """The column in the wanted type, null where empty or unfit, and what was unfit."""
        if column.type == self.wanted and not pa.types.is_string(column.type):
            return column, []
        if not pa.types.is_string(column.type):
            direct = _cast(column, self.wanted)
            if direct is not None:
                return direct, []
            column = _texts(column)
        column = cleaned(column)
        if pa.types.is_string(self.wanted):
            return column, []
        direct = None if pa.types.is_boolean(self.wanted) else _cast_text(column, self.wanted)
        return (direct, []) if direct is not None else self._one_by_one(column)

    def _one_by_one(self, column: pa.Array) -> tuple[pa.Array, list[Fault]]:
        coded = column.dictionary_encode()
        parse = self._parser()
        values: list[Any] = []
        unfit: dict[int, Unfit] = {}
        if len(self.known) > REMEMBERED:
            self.known.clear()
        for number, text in enumerate(coded.dictionary.to_pylist()):
            if text not in self.known:
                try:
                    self.known[text] = parse(text)
                except Unfit as error:
                    self.known[text] = error
            found = self.known[text]
            if isinstance(found, Unfit):
                unfit[number] = found
                values.append(None)
            else:
                values.append(found)
        made = pa.array(values, self.wanted).take(coded.indices)
        faults = []
        if unfit:
            for at, number in enumerate(coded.indices.to_pylist()):
                if number in unfit:
                    found = unfit[number]
                    faults.append(Fault(at, column[at].as_py(), found.why, found.advice))
        return made, faults

    def _parser(self) -> Callable[[str], Any]:
        kind = self.wanted
        if pa.types.is_list(kind):
            inner = Reader(kind.value_type, self.date_order, self.decimal)._parser()  # noqa: SLF001 - its own kind
            return lambda text: [inner(each) for each in LIST_MARKS.split(text) if each]
        parsers: tuple[tuple[Callable[[pa.DataType], bool], Callable[[str], Any]], ...] = (
            (pa.types.is_date, lambda text: read_date(text, self.date_order)),
            (pa.types.is_timestamp, lambda text: read_moment(text, self.date_order)),
            (pa.types.is_integer, lambda text: read_whole(text, self.decimal)),
            (pa.types.is_floating, lambda text: read_number(text, self.decimal)),
            (pa.types.is_boolean, read_truth),
            (pa.types.is_binary, str.encode),
        )
        return next((parse for fits, parse in parsers if fits(kind)), str)


def cleaned(column: pa.Array) -> pa.Array:
    """Texts without surrounding space and without characters that only turn the text around them; empty is null."""
    odd = pc.match_substring_regex(column, INVISIBLE)
    if pc.any(odd).as_py():
        column = pc.replace_substring_regex(column, INVISIBLE, "")
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _texts(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if each is None else str(each) for each in column.to_pylist()], pa.string())


def _cast(column: pa.Array, wanted: pa.DataType) -> pa.Array | None:
    try:
        return column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _cast_text(column: pa.Array, wanted: pa.DataType) -> pa.Array | None:
    """What Arrow reads by itself: plain digits, ISO dates; None where a value needs more understanding."""
    if pa.types.is_integer(wanted) or pa.types.is_date32(wanted):
        return _cast(column, wanted)
    if pa.types.is_floating(wanted):
        made = _cast(column, wanted)
        return made if made is not None and not pc.any(pc.invert(pc.is_finite(made))).as_py() else None
    return None


def plain_number(text: str, decimal: Decimal) -> str:
    """Digits with a decimal point at most: no currency sign, no grouping.

    Raises:
        Unfit: the separators do not stand where the convention puts them.
    """
    bare = re.sub(r"[\s$€]|MXN|USD", "", text.replace("\u2212", "-"))
    sign = "-" if bare.startswith("-") or (bare.startswith("(") and bare.endswith(")")) else ""
    bare = bare.strip("()").lstrip("+-")
    other = "," if decimal == "point" else "."
    if other in bare:
        if not GROUPED[decimal].match(bare):
            raise Unfit(
                _("{value} is no number here, where decimals stand after a {mark}", value=text, mark=_mark(decimal)),
                _("say --decimal comma or --decimal point"),
            )
        bare = bare.replace(other, "")
    return sign + bare.replace(",", ".")


def _mark(decimal: Decimal) -> Message:
    return _("point") if decimal == "point" else _("comma")


def read_number(text: str, decimal: Decimal = "point") -> float:
    """A finite number."""
    plain = plain_number(text, decimal)
    try:
        value = float(plain) if not re.search(r"[_a-df-z]", plain, re.IGNORECASE) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unfit(_("{value} is no number", value=text), _("write digits, or leave the cell empty if unknown"))
    return value


def read_whole(text: str, decimal: Decimal = "point") -> int:
    """A whole number that 64 bits hold."""
    plain = plain_number(text, decimal)
    whole, _point, rest = plain.partition(".")
    if re.fullmatch(r"-?\d+", whole) and not rest.strip("0"):
        value = int(whole)
    else:
        number = read_number(text, decimal)
        if not number.is_integer():
            raise Unfit(_("{value} is no whole number", value=text), _("this column takes whole numbers only"))
        value = int(number)
    if not -(1 << 63) <= value < 1 << 63:
        raise Unfit(_("{value} is too large a number", value=text), None)
    return value


def read_truth(text: str) -> bool:
    """Yes or no, in either language."""
    said = text.casefold()
    if said in TRUE:
        return True
    if said in FALSE:
        return False
    raise Unfit(_("{value} is neither yes nor no", value=text), _("write yes or no, true or false, 1 or 0"))


def number_marks(text: str) -> tuple[bool, bool]:
    """Whether a text can only be read with a decimal point, and whether only with a decimal comma."""
    bare = re.sub(r"[\s$€+\-()]", "", text)
    point, comma = "." in bare, "," in bare
    if point and comma:
        return bare.rfind(".") > bare.rfind(","), bare.rfind(",") > bare.rfind(".")
    if point:
        return not GROUPED["comma"].match(bare), bare.count(".") > 1
    if comma:
        return bare.count(",") > 1, not GROUPED["point"].match(bare)
    return False, False
