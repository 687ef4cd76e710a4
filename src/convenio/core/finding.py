"""Findings: explained, reproducible claims. A score is never a bare number, and never acts."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from convenio.core.canonical import canonical, digest
from convenio.core.marking import Marking, join_all
from convenio.core.words import Language, Message

ScoreKind = Literal[
    "likelihood_ratio",
    "false_alarm_rate",
    "expected_precision",
    "posterior_probability",
    "p_value",
    "rank",
    "count",
    "measure",
]


class Text(BaseModel):
    """A text in both languages; neither may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)

    @classmethod
    def of(cls, message: Message) -> Text:
        """The words of `message` in both languages, kept as they are now."""
        return cls(**message.in_both())

    def read(self, to: Language) -> str:
        """The text in the language `to`."""
        return self.en if to == "en" else self.es


class Score(BaseModel):
    """A number with what it means.

    Args:
        value: the number.
        kind: which kind of number it is.
        meaning: one sentence: what the number says and what it does not say.
        unit: unit of the value, where it has one.
        low: lower end of its 95 % interval, where there is one.
        high: upper end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: float
    kind: ScoreKind
    meaning: Text
    unit: str | None = None
    low: float | None = None
    high: float | None = None


class Evidence(BaseModel):
    """One record a finding stands on: named where the reader may know it, otherwise by keyed digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["record", "digest"]
    reference: str = Field(min_length=1)
    note: Text | None = None


class Finding(BaseModel):
    """A claim that a method makes, with everything needed to judge it and to make it again.

    Args:
        program: the program whose method made it.
        method: the method's name.
        version: the method's version.
        claim: what is claimed.
        score: how strong it is, and in which sense; None where the claim has no score.
        reasons: why, as a person reads it; at least one.
        evidence: the records it stands on.
        inputs: keyed digest of the input tables and parameters (`digest_inputs`).
        params: the parameters it was made with.
        seed: seed of its randomness, where it has any.
        marking: joined from the markings of its inputs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    program: str = Field(min_length=1)
    method: str = Field(min_length=1)
    version: str = Field(min_length=1)
    claim: Text
    score: Score | None = None
    reasons: tuple[Text, ...] = Field(min_length=1)
    evidence: tuple[Evidence, ...] = ()
    inputs: str = Field(pattern=r"^[0-9a-f]{64}$")
    params: dict[str, JsonValue] = Field(default_factory=dict)
    seed: int | None = None
    marking: Marking

    @property
    def id(self) -> str:
        """Digest of the whole finding: two findings with one id say the same from the same."""
        return digest(self.model_dump(mode="json"))


def inherited(markings: Sequence[Marking]) -> Marking:
    """The marking of a finding made from records with `markings`."""
    return join_all(markings)


def keyed_digest(key: bytes, value: Any) -> str:
    """HMAC-SHA256 of the canonical form of `value`, so that a digest cannot be tried out without the key."""
    return hmac.new(key, canonical(value), hashlib.sha256).hexdigest()


def digest_inputs(key: bytes, tables: Mapping[str, pa.Table], params: Mapping[str, JsonValue]) -> str:
    """Keyed digest of a method's input tables and parameters.

    The digest depends on names, types, values and row order alone: not on how a table is cut into chunks, and not
    on what lies under a null.
    """
    mac = hmac.new(key, b"convenio inputs v1\n", hashlib.sha256)
    for name in sorted(tables):
        table = tables[name]
        mac.update(canonical({"table": name, "rows": table.num_rows}))
        for field in table.schema:
            mac.update(canonical({"column": field.name, "type": str(field.type)}))
            for part in _column_bytes(table.column(field.name)):
                mac.update(len(part).to_bytes(8, "big"))
                mac.update(part)
    mac.update(canonical(dict(params)))
    return mac.hexdigest()


def _column_bytes(column: pa.ChunkedArray) -> list[bytes]:
    """A column as bytes: which values are null, then the values."""
    kind = column.type
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    nulls = _packed(pc.cast(pc.is_null(whole), pa.uint8()))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        filled = pc.fill_null(whole, b"" if pa.types.is_binary(kind) else "")
        lengths = _packed(pc.cast(pc.binary_length(filled), pa.int64()))
        values = filled.to_pylist()
        joined = b"".join(values) if pa.types.is_binary(kind) else "".join(values).encode()
        return [nulls, lengths, joined]
    if pa.types.is_boolean(kind):
        return [nulls, _packed(pc.cast(pc.fill_null(whole, False), pa.uint8()))]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return [nulls, _packed(pc.fill_null(whole, pa.scalar(0, kind)))]
    if pa.types.is_date32(kind):
        return [nulls, _packed(pc.fill_null(pc.cast(whole, pa.int32()), 0))]
    if pa.types.is_timestamp(kind):
        return [nulls, _packed(pc.fill_null(pc.cast(whole, pa.int64()), 0))]
    return [nulls, canonical([None if each is None else str(each) for each in whole.to_pylist()])]


def _packed(array: pa.Array) -> bytes:
    """The bytes of a fixed-width array without nulls, whatever slice of a buffer it is."""
    width = array.type.bit_width // 8
    start = array.offset * width
    buffer = array.buffers()[1]
    return b"" if buffer is None else buffer.to_pybytes()[start : start + len(array) * width]
