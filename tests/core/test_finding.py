"""Findings: reasons in both languages, scores with a meaning, digests that depend on values alone."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.core.finding import Evidence, Finding, Score, Text, digest_inputs, inherited, keyed_digest
from convenio.core.marking import Marking
from convenio.core.words import _

MARKING = Marking(originators=frozenset({"mx"}))
TEXT = Text(en="the two records are one person", es="los dos registros son una persona")
KEY = b"k" * 32


def finding(**changes):
    parts = {
        "program": "missing",
        "method": "kinship",
        "version": "1",
        "claim": TEXT,
        "score": Score(
            value=1.2e6,
            kind="likelihood_ratio",
            meaning=Text(
                en="how much likelier the profiles are if parent and child",
                es="cuánto más probables son los perfiles si son padre e hijo",
            ),
        ),
        "reasons": (TEXT,),
        "evidence": (Evidence(kind="digest", reference="ab" * 32),),
        "inputs": "0" * 64,
        "marking": MARKING,
    }
    return Finding.model_validate(parts | changes)


def test_a_finding_survives_being_written_down():
    made = finding(params={"prior": 0.5, "loci": ["D3S1358"]}, seed=7)
    read = Finding.model_validate_json(made.model_dump_json())
    assert read == made
    assert read.id == made.id


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": ()},
        {"claim": {"en": "only English"}},
        {"claim": {"en": "an empty Spanish", "es": ""}},
        {"score": {"value": 3.0}},
        {"score": {"value": float("nan"), "kind": "rank", "meaning": TEXT}},
        {"inputs": "not a digest"},
        {"verdict": "guilty"},
        {"marking": None},
    ],
)
def test_a_finding_without_reasons_meaning_or_marking_is_refused(changes):
    with pytest.raises(ValueError, match="validation error"):
        finding(**changes)


def test_two_findings_that_differ_have_two_ids():
    assert finding().id != finding(version="2").id
    assert finding().id == finding().id


def test_a_message_is_kept_in_both_languages():
    assert set(Text.of(_("the column {column} is missing", column="a")).model_dump()) == {"en", "es"}
    assert TEXT.read("es").startswith("los")


def test_a_finding_inherits_the_strictest_of_its_records():
    strict = Marking(originators=frozenset({"us"}), judicial_use="forbidden")
    assert inherited([MARKING, strict]).judicial_use == "forbidden"
    assert inherited([MARKING, strict]).originators == {"us", "mx"}


ROWS = {
    "name": ["Ana", None, "José", ""],
    "weight": [1.5, None, float("nan"), -0.0],
    "count": [1, 2, None, 4],
    "flag": [True, None, False, True],
    "day": [dt.date(2021, 10, 6), None, dt.date(1970, 1, 1), dt.date(1969, 12, 31)],
    "at": [dt.datetime(2021, 10, 6, tzinfo=dt.UTC), None, None, None],
    "raw": [b"\x00", None, b"", b"ab"],
    "tags": [["a"], None, [], ["b", "c"]],
}


def test_a_digest_does_not_depend_on_chunks_or_on_what_lies_under_a_null():
    whole = pa.table(ROWS)
    parts = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 2), whole.slice(3)])
    assert parts.column("name").num_chunks == 3
    assert digest_inputs(KEY, {"t": whole}, {}) == digest_inputs(KEY, {"t": parts}, {})
    padded = pa.concat_tables([pa.table(ROWS), pa.table(ROWS)]).combine_chunks().slice(4, 4)
    assert digest_inputs(KEY, {"t": whole}, {}) == digest_inputs(KEY, {"t": padded}, {})
    under = pa.array([1, 2, 99, 4], mask=pa.array([False, False, True, False]).to_numpy(zero_copy_only=False))
    other = whole.set_column(2, "count", under)
    assert digest_inputs(KEY, {"t": whole}, {}) == digest_inputs(KEY, {"t": other}, {})


def test_every_changed_value_changes_the_digest():
    base = digest_inputs(KEY, {"t": pa.table(ROWS)}, {})
    seen = {base}
    for name, values in ROWS.items():
        for at in range(4):
            changed = list(values)
            changed[at] = None if values[at] is not None else next(v for v in values if v is not None)
            types = pa.table(ROWS).schema.field(name).type
            table = pa.table(ROWS).set_column(
                pa.table(ROWS).schema.get_field_index(name), name, pa.array(changed, types)
            )
            seen.add(digest_inputs(KEY, {"t": table}, {}))
    assert len(seen) == 1 + 4 * len(ROWS)
    assert digest_inputs(KEY, {"t": pa.table(ROWS)}, {"a": 1}) != base
    assert digest_inputs(b"other" * 8, {"t": pa.table(ROWS)}, {}) != base
    assert digest_inputs(KEY, {"u": pa.table(ROWS)}, {}) != base


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=5), max_size=6), st.integers(0, 6))
@settings(deadline=None, max_examples=60)
def test_texts_cannot_be_moved_between_cells_unseen(values, at):
    table = pa.table({"a": pa.array(values, pa.string())})
    shifted = ["".join(values[:at]), *values[at:]]
    if shifted != values:
        other = pa.table({"a": pa.array(shifted, pa.string())})
        assert digest_inputs(KEY, {"t": table}, {}) != digest_inputs(KEY, {"t": other}, {})


def test_a_keyed_digest_needs_its_key():
    assert keyed_digest(KEY, {"curp": "X"}) != keyed_digest(b"z" * 32, {"curp": "X"})
