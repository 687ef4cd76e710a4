from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenio.core.errors import InputError
from convenio.ledger.entry import KINDS, OPERATIONS, Entry
from convenio.ledger.example import tell, written
from tests.ledger.conftest import START

# Names of the domain that are written alike in both languages.
ALIKE: set[str] = set()


def test_every_kind_and_operation_has_words_in_both_languages():
    for words in [*(kind.words for kind in KINDS.values()), *OPERATIONS.values()]:
        both = words.in_both()
        assert both["en"]
        assert both["es"]
        assert both["en"] != both["es"] or both["en"] in ALIKE


def test_each_of_the_six_operations_has_its_kinds():
    assert len(OPERATIONS) == 6
    assert {kind.operation for kind in KINDS.values()} == {*OPERATIONS, None}


def test_an_entry_is_read_as_it_was_written():
    story, _ends = tell(20, 1, START)
    for entry in [*story.us, *story.mx]:
        assert Entry.parse(written(entry)) == entry


def test_a_kind_of_a_programs_own_is_shown_by_its_name():
    entry = Entry("alert-raised", START, "node", "", "", 1)
    assert str(entry.words) == "alert-raised"
    assert entry.operation is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"kind":"asked"}', b"\xff", b"[" * 5000, b'{"at":1}'])
def test_what_is_no_entry_is_refused(data):
    with pytest.raises(InputError):
        Entry.parse(data)


@given(st.binary(max_size=200))
def test_garbage_raises_nothing_else(data):
    with suppress(InputError):
        Entry.parse(data)
