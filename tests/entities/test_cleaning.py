import pyarrow as pa
import pytest

from convenio.core.errors import NotFound
from convenio.entities.cleaning import cleaned


def test_a_column_comes_back_clean_and_as_long_as_it_was():
    column = pa.chunked_array([["MOAL-920413-Z11", None, ""], ["XAXX010101000", "MOAL921331Z11", "moal920413z11"]])
    made = cleaned(column, "rfc")
    assert made.values.to_pylist() == ["MOAL920413Z11", None, None, "XAXX010101000", None, "MOAL920413Z11"]
    assert made.match_keys.to_pylist() == ["MOAL920413Z11", None, None, None, None, "MOAL920413Z11"]


def test_what_does_not_fit_is_named_by_its_row_in_both_languages():
    made = cleaned(pa.array(["GOOD", "MOAL921331Z11", "MOAL921331Z11"]), "rfc")
    assert [each.row for each in made.problems] == [1, 2, 3]
    assert "the date 31-13-92 does not exist" in made.problems[1].why.in_language("en")
    assert "la fecha 31-13-92 no existe" in made.problems[1].why.in_language("es")
    assert made.problems[1].advice is not None


def test_numbers_are_read_as_their_text():
    (problem,) = cleaned(pa.array([123456789, 42103594]), "ein").problems
    assert (problem.row, "a leading zero was lost" in str(problem.why)) == (2, True)
    assert cleaned(pa.array([356868000041418]), "imei").match_keys.to_pylist() == ["35686800004141"]


def test_an_empty_column_and_an_unknown_kind():
    assert cleaned(pa.array([], pa.string()), "vin").values.to_pylist() == []
    assert cleaned(pa.array([None, None], pa.string()), "vin").values.null_count == 2
    with pytest.raises(NotFound):
        cleaned(pa.array(["x"]), "shoe")
