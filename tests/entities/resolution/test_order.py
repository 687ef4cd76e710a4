"""What is compared: given names and surnames told apart by the words themselves, the sex by its column's letters."""

import pyarrow as pa
import pytest

from convenio.entities.resolution.order import in_order
from convenio.entities.resolution.standard import standard
from convenio.entities.spanish_sound import plain_words
from convenio.world import World


@pytest.mark.parametrize(
    ("name", "given", "surnames"),
    [
        ("María Guadalupe Núñez de la O", "MARIA GUADALUPE", "NUNEZ O"),
        ("NUÑEZ DE LA O MA. GPE.", "MARIA GUADALUPE", "NUNEZ O"),
        ("Peña Ibáñez José Fco.", "JOSE FRANCISCO", "PENA IBANEZ"),
        ("María Elena Torres", "MARIA ELENA", "TORRES"),
        ("Perez Juan", "JUAN", "PEREZ"),
        ("John Smith", "JOHN", "SMITH"),
        ("Xyz Abc", "XYZ", "ABC"),
        ("Ana", "", "ANA"),
        ("", "", ""),
    ],
)
def test_the_words_tell_which_are_surnames(name, given, surnames):
    found = in_order(plain_words(name))
    assert (" ".join(found.given), " ".join(found.surnames)) == (given, surnames)


def test_most_names_are_read_alike_in_both_orders_and_none_worse_than_by_place():
    people = World(people=3000).people().select(["given", "paterno", "materno"]).to_pylist()
    right = turned = by_place = 0
    for each in people:
        given, paterno, materno = (plain_words(each[name] or "") for name in ("given", "paterno", "materno"))
        every = given + paterno + materno
        right += in_order(every).given == given
        turned += in_order(paterno + materno + given).given == given
        by_place += every[: len(every) - (2 if len(every) > 2 else 1)] == given
    assert right >= by_place
    assert turned > 0.8 * len(people)


def test_a_comma_and_columns_of_their_own_go_before_the_lists():
    rows = [
        {"name": "José Luis, Pérez", "given": None, "paterno": None},
        {"name": "Pérez Juan", "given": "Pérez", "paterno": "Juan"},
    ]
    made = standard(pa.Table.from_pylist(rows), "list").to_pylist()
    assert made[0]["given"] == "PERES"
    assert (made[1]["given"], made[1]["paterno"]) == ("PERES", "JUAN")


@pytest.mark.parametrize(
    ("letters", "meant"),
    [("MFM", "MFM"), ("HMM", "MFF"), ("HMF", "M-F"), ("Mx", "M-"), (["Hombre", "Mujer", "m"], "MFM")],
)
def test_what_m_means_depends_on_the_other_letters_of_the_column(letters, meant):
    rows = [{"name": "Ana Ruiz", "sex": each} for each in letters]
    made = standard(pa.Table.from_pylist(rows), "list").column("sex").to_pylist()
    assert [each or "-" for each in made] == list(meant)


def test_a_woman_under_a_curp_keeps_the_sex_that_it_holds_where_the_column_is_unclear():
    rows = [
        {"name": "Ana", "sex": "H", "curp": None},
        {"name": "Ana", "sex": "F", "curp": None},
        {"name": "Ana", "sex": "M", "curp": "HEGG560427MVZRRL04"},
    ]
    assert standard(pa.Table.from_pylist(rows), "list").column("sex").to_pylist() == ["M", "F", "F"]
