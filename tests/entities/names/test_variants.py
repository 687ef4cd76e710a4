"""The variant generator: documented classes, the same draws everywhere, and names that survive them."""

from convenio.entities.names import MATCH, compare_names
from convenio.entities.names.variants import CLASSES, NEEDS_BIRTH_DATE, Parts, variants

NAMES = [
    Parts("MARIA GUADALUPE", "DE LA CRUZ", "HERNANDEZ"),
    Parts("FRANCISCO JAVIER", "QUINTERO", "ZAZUETA"),
    Parts("JOSE", "GUTIERREZ", "MUÑOZ"),
    Parts("ROSA ELENA", "BENITEZ", "IZAGUIRRE"),
]


def test_every_class_applies_to_some_name():
    made = {kind for parts in NAMES for kind, _text in variants(parts)}
    assert made == set(CLASSES)
    assert set(CLASSES) >= NEEDS_BIRTH_DATE


def test_the_same_seed_gives_the_same_variants_and_another_seed_others():
    assert list(variants(NAMES[0], seed=3)) == list(variants(NAMES[0], seed=3))
    assert list(variants(NAMES[0], seed=3)) != list(variants(NAMES[0], seed=4))


def test_nearly_all_variants_are_recognised():
    made = [(text, parts) for parts in NAMES for _kind, text in variants(parts, seed=9, per_class=5)]
    found = sum(compare_names(text, f"{p.paterno} {p.materno}, {p.given}") >= MATCH for text, p in made)
    assert found / len(made) >= 0.98
