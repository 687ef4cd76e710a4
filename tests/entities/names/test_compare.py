"""Names that mean the same person, and names that do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.entities.names import MATCH, compare_names, compare_persons, person, person_of

SAME = [
    ("Juan Carlos Pérez García", "PEREZ GARCIA, Juan Carlos"),
    ("García Pérez Juan Carlos", "PEREZ GARCIA, Juan Carlos"),
    ("Juan Carlos Pérez G.", "PEREZ GARCIA, Juan Carlos"),
    ("J. Carlos Perez Garcia", "PEREZ GARCIA, Juan Carlos"),
    ("Pancho Pérez García", "PEREZ GARCIA, Francisco"),
    ("Chuy Zambada Niebla", "ZAMBADA NIEBLA, Jesus"),
    ("Lupe Torres Ibarra", "TORRES IBARRA, Guadalupe"),
    ("Beto Torres Ibarra", "TORRES IBARRA, Gilberto"),
    ("Ma. Gpe. Hdez. López", "HERNANDEZ LOPEZ, Maria Guadalupe"),
    ("Fco. Javier Mtz. Rdz.", "MARTINEZ RODRIGUEZ, Francisco Javier"),
    ("Ana Cruz Santos", "DE LA CRUZ DE LOS SANTOS, Ana"),
    ("Ana Delacruz Ortega", "DE LA CRUZ ORTEGA, Ana"),
    ("María Pérez García de Robles", "PEREZ GARCIA, Maria"),
    ("María Pérez de Robles", "PEREZ GARCIA, Maria"),
    ("JUANCARLOSPEREZGARCIA", "PEREZ GARCIA, Juan Carlos"),
    ("Juan Car los Pérez García", "PEREZ GARCIA, Juan Carlos"),
    ("Juan Carlos Hrnndz Quintero", "HERNANDEZ QUINTERO, Juan Carlos"),
    ("Juan Car1os Hem4ndez Quintero", "HERNANDEZ QUINTERO, Juan Carlos"),
    ("Iñaki Nuñez Zuñiga", "NUNEZ ZUNIGA, Inaki"),
    ("Wadalupe Himenez Kintero", "JIMENEZ QUINTERO, Guadalupe"),
    ("Xochitl Ernandes Billa", "HERNANDEZ VILLA, Xochitl"),
    ("Ing. Juan Carlos Pérez García", "PEREZ GARCIA, Juan Carlos"),
    ("Володимир Зеленський", "Volodymyr Zelenskyy"),
    ("바락 오바마", "바락 오바마"),
]
DIFFERENT = [
    ("Juan Pérez García", "PEREZ GARCIA, Luis"),
    ("Juan Pérez García", "PEREZ LOPEZ, Juan"),
    ("José Luis Pérez García", "PEREZ GARCIA, Jose Antonio"),
    ("Mario Pérez García", "PEREZ GARCIA, Maria"),
    ("Daniel Rojas García", "ROSAS GARCIA, Daniel"),
    ("Juan Carlos Pérez", "PEREZ LOPEZ, Juan Manuel"),
    ("Pérez García", "PEREZ GARCIA, Juan"),
    ("Juan Pérez García Jr", "PEREZ GARCIA, Juan, Sr"),
    ("Salman bin Mohammed Al-Rawi", "Mohammed bin Salman Al-Rawi"),
    ("Hans O. Friedrich", "Hans Joachim Friedrich"),
    ("习近朋", "习近平"),
    ("Juan", "PEREZ GARCIA, Juan"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_the_same_name_written_otherwise_reaches_the_threshold(one, two):
    assert compare_names(one, two) >= MATCH


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_relatives_and_namesakes_stay_below_it(one, two):
    assert compare_names(one, two) < MATCH


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Comercializadora del Norte, S.A. de C.V.", "COMERCIALIZADORA DEL NORTE SA DE CV", True),
        ("Comercializadora del Norte Sociedad Anónima de Capital Variable", "COMERCIALIZADORA DEL NORTE SA", True),
        ("Transportes Ajolote S. de R.L. de C.V.", "Transportes Ajolote LLC", True),
        ("Transportes Ajolote SA", "Transportes Ajolote Chile SA", False),
        ("Transportes Ajolote SA", "Transportes Coyote SA", False),
        ("A.B.C. Company", "ABC Co.", True),
        ("A.B.C. Company", "C.B.A. Company", False),
        ("Goodwill Company", "Good Will Company", True),
    ],
)
def test_companies_are_told_apart_by_every_word_but_their_legal_form(one, two, same):
    assert (compare_names(one, two, schema="Company") >= MATCH) is same


def test_a_vessels_number_weakens_and_does_not_part():
    assert MATCH <= compare_names("Victory", "Victory 3", schema="Vessel") < 0.9


def test_columns_tell_given_names_from_surnames():
    listed = person("MARTIN LUIS, Jorge")
    assert compare_persons(person_of("Jorge", "Martín", "Luis"), listed).value == 1.0
    assert compare_persons(person_of("Martín Luis", "Jorge"), listed).value < MATCH


def test_a_comparison_says_what_is_left_over():
    found = compare_persons(person("Juan Pérez García"), person("PEREZ LOPEZ, Juan"))
    assert found.verdict == "against"
    assert [word.text for word in found.one_left] == ["GARCIA"]
    assert [word.text for word in found.two_left] == ["LOPEZ"]


@pytest.mark.parametrize(
    "text", ["", " ", "🙂🙂", "\u200f\u200e", ",", "-", "J", "Ñ" * 5000, "a b " * 1250, "١٢٣", "\x00"]
)
def test_what_is_hardly_a_name_gets_a_value_all_the_same(text):
    assert 0.0 <= compare_names(text, "PEREZ GARCIA, Juan") < MATCH
    assert 0.0 <= compare_names(text, text) <= 1.0


def test_right_to_left_marks_and_emoji_change_nothing():
    assert compare_names("\u200fJuan\u200e 🙂 Pérez García", "PEREZ GARCIA, Juan") == 1.0


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_similarity_lies_between_0_and_1_and_has_no_direction(one, two):
    found = compare_names(one, two)
    assert 0.0 <= found <= 1.0
    assert found == pytest.approx(compare_names(two, one), abs=1e-9)
