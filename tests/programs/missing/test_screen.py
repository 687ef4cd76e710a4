"""Searching gives the same ratios as the exact computation, and loses nobody."""

from __future__ import annotations

import numpy as np
import pytest

from convenio.core.errors import InputError
from convenio.programs.missing.methods import (
    Family,
    Locus,
    Mutation,
    Pedigree,
    Person,
    Population,
    kinship_lr,
    singleton,
)
from convenio.programs.missing.methods.encoding import encode
from convenio.programs.missing.methods.likelihood import Model
from convenio.programs.missing.methods.relatives import screen_relatives
from convenio.programs.missing.methods.screen import screen

FREQS = {"8": 0.1, "9": 0.15, "9.3": 0.05, "10": 0.3, "11": 0.25, "12": 0.15}
FAMILY = Pedigree.of(
    [
        Person("FA", sex="male"),
        Person("MO", sex="female"),
        Person("SIB", "FA", "MO", "female"),
        Person("MP", "FA", "MO", "male"),
    ]
)
REFERENCES = {"MO": {"A": "8/10", "B": "10/10"}, "SIB": {"A": "10/11", "B": "10/12"}}


def population(mutation=None, silent=0.0):
    return Population(
        "made up", {n: Locus.of(n, FREQS, mutation=mutation, silent=silent) for n in ("A", "B")}, size=100
    )


def candidates(seed=0, number=60):
    rng = np.random.default_rng(seed)
    names, p = list(FREQS), list(FREQS.values())
    return {f"C{i}": {n: "/".join(rng.choice(names, 2, p=p)) for n in ("A", "B")} for i in range(number)}


@pytest.mark.parametrize("engine", ["pedprobr", "familias"])
@pytest.mark.parametrize("mutation", [None, Mutation("stepwise", 0.01, 0.001, 0.3), Mutation("equal", 0.01)])
@pytest.mark.parametrize("silent", [0.0, 0.01])
def test_a_search_gives_the_ratio_of_the_exact_computation(engine, mutation, silent):
    known = population(mutation, silent)
    people = candidates()
    found = screen(people, [Family("F", FAMILY, REFERENCES, ("MP",))], known, threshold=-50, model=Model(engine))
    assert {h.candidate for h in found.hits} <= set(people)
    apart = [FAMILY, singleton("C", "male")]
    for hit in found.hits[::7]:
        exact = kinship_lr(
            {"same": FAMILY.renamed({"MP": "C"}), "other": apart},
            {**REFERENCES, "C": people[hit.candidate]},
            known,
            engine=engine,
        )
        assert hit.log10_lr == pytest.approx(exact.log10("same"), abs=1e-9)
    if mutation is not None and mutation.model == "equal":
        assert len(found.hits) == len(people)


def test_a_candidate_of_the_other_sex_is_no_hit():
    family = Family("F", FAMILY, REFERENCES, ("MP",))
    both = screen({"C": {"A": "8/11"}}, [family], population(), threshold=-9)
    none = screen({"C": {"A": "8/11"}}, [family], population(), threshold=-9, sexes={"C": "female"})
    assert len(both.hits) == 1
    assert not none.hits


def test_an_allele_that_is_not_in_the_table_is_given_a_frequency_and_said():
    found = screen({"C": {"A": "8/30"}}, [Family("F", FAMILY, REFERENCES, ("MP",))], population(), threshold=-9)
    assert any("30" in str(note) and "0.025" in str(note) for note in found.notes)


def test_a_search_refuses_theta():
    with pytest.raises(InputError, match="theta"):
        screen({"C": {"A": "8/9"}}, [Family("F", FAMILY, REFERENCES, ("MP",))], population(), model=Model(theta=0.01))


def test_a_national_search_finds_exactly_the_pairs_above_the_threshold():
    known = population()
    left, right = candidates(1, 70), candidates(2, 300)
    one, two = encode(left, known), encode(right, known)
    found = screen_relatives(one, two, threshold=0.5)
    sibs = Pedigree.of(
        [Person("F", sex="male"), Person("M", sex="female"), Person("X", "F", "M"), Person("Y", "F", "M")]
    )
    child = Pedigree.of([Person("X", sex="male"), Person("M", sex="female"), Person("Y", "X", "M")])
    expected = set()
    for i, (_a, x) in enumerate(list(left.items())[:8]):
        for j, (_b, y) in enumerate(list(right.items())[:40]):
            r = kinship_lr(
                {"child": child, "sibs": sibs, "apart": [singleton("X"), singleton("Y")]}, {"X": x, "Y": y}, known
            )
            if max(r.log10("child"), r.log10("sibs")) >= 0.5:
                expected.add((i, j))
    held = {(i, j) for i, j in zip(found.relative.tolist(), found.candidate.tolist(), strict=True) if i < 8 and j < 40}
    assert expected
    assert held == expected


def test_relatives_and_remains_over_other_loci_are_refused():
    other = Population("other", {"A": Locus.of("A", FREQS)})
    with pytest.raises(InputError, match="same loci"):
        screen_relatives(encode(candidates(), population()), encode(candidates(), other))
