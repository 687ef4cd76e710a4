import datetime as dt

import pyarrow as pa
import pytest

from convenio.core.errors import InputError
from convenio.entities.resolution import judgements

NOW = dt.datetime(2021, 10, 8, 12, tzinfo=dt.UTC)
ROW = {"left_source": "one", "left_id": "1", "right_source": "two", "right_id": "7", "probability": 0.5}


def filled(**columns):
    return pa.Table.from_pylist([{**ROW, **columns}])


@pytest.mark.parametrize(
    ("word", "verdict"), [("same", "same"), (" Misma ", "same"), ("DISTINTA", "different"), ("open", "open")]
)
def test_a_row_that_a_person_filled_in_is_a_judgement_in_either_language(word, verdict):
    (made,) = judgements(filled(verdict=word, by="A. Quero", reason="seen both papers"), when=NOW)
    assert (made.left, made.right, made.verdict, made.by) == (("one", "1"), ("two", "7"), verdict, "A. Quero")


def test_rows_left_empty_are_no_judgements():
    assert judgements(filled(verdict=None, by=None, reason=None), when=NOW) == []


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"verdict": "maybe", "by": "me", "reason": "why"}, "“maybe” is no verdict"),
        ({"verdict": "same", "by": None, "reason": "why"}, "needs a name and a reason"),
        ({"verdict": "same", "by": "me", "reason": "why", "right_source": "one", "right_id": "1"}, "against itself"),
        ({"verdict": "same"}, "the column by is missing"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_row(columns, what):
    with pytest.raises(InputError, match=what) as caught:
        judgements(filled(**columns), when=NOW, where="doubts.csv")
    assert "doubts.csv" in caught.value.explain("es")


def test_rows_count_as_the_rows_of_the_file_do_its_heading_first():
    with pytest.raises(InputError) as caught:
        judgements(filled(verdict="maybe", by="me", reason="why"), when=NOW, where="doubts.csv")
    assert "doubts.csv, row 2" in caught.value.explain("en")
