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


def exactly(hit, people, known, references, pedigree, **model):
    apart = [pedigree, singleton("C", "male")]
    hypotheses = {"same": pedigree.renamed({"MP": "C"}), "other": apart}
    return kinship_lr(hypotheses, {**references, "C": people[hit.candidate]}, known, **model).log10("same")


@pytest.mark.parametrize("mutation", [None, Mutation("proportional", 0.02), Mutation("equal", 0.02)])
@pytest.mark.parametrize("silent", [0.0, 0.02])
@pytest.mark.parametrize(("dropout", "dropin"), [(0.0, 0.0), (0.2, 0.0), (0.2, 0.05)])
@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_a_search_with_theta_and_drop_out_gives_the_ratio_of_the_exact_computation(
    theta, dropout, dropin, silent, mutation
):
    known = population(mutation, silent)
    people = candidates(3, 40)
    family = Family("F", FAMILY, REFERENCES, ("MP",))
    found = screen(
        people, [family], known, threshold=-50, model=Model("pedprobr", theta), dropout=dropout, dropin=dropin
    )
    assert found.hits
    for hit in found.hits[::6]:
        exact = exactly(hit, people, known, REFERENCES, FAMILY, theta=theta, dropout={"C": dropout}, dropin=dropin)
        assert hit.log10_lr == pytest.approx(exact, abs=1e-9)


COUSINS = Pedigree.of(
    [
        *(Person(f"G{i}", sex="male" if i % 2 else "female") for i in range(1, 4)),
        Person("U", "G1", "G2", "male"),
        Person("V", "G3", "G2", "female"),
        Person("MP", "U", "V", "male"),
        Person("R", "G1", "G2", "female"),
    ]
)


@pytest.mark.parametrize("mutation", [None, Mutation("proportional", 0.02)])
def test_theta_takes_many_alleles_and_founders_of_an_inbred_missing_person(mutation):
    shares = np.random.default_rng(1).dirichlet(np.full(30, 1.0))
    freqs = {str(5 + i): float(max(v, 1e-4)) for i, v in enumerate(shares)}
    total = sum(freqs.values())
    known = Population("many", {"A": Locus.of("A", {a: v / total for a, v in freqs.items()}, mutation=mutation)})
    names = list(freqs)
    people = {f"C{i}": {"A": f"{names[i]}/{names[j]}"} for i in range(0, 30, 4) for j in (i, (i + 3) % 30, 20)}
    references = {"R": {"A": f"{names[0]}/{names[20]}"}}
    family = Family("F", COUSINS, references, ("MP",))
    found = screen(people, [family], known, threshold=-50, model=Model(theta=0.02), dropout=0.1)
    assert len(found.hits) == len(people)
    for hit in found.hits:
        exact = exactly(hit, people, known, references, COUSINS, theta=0.02, dropout={"C": 0.1})
        assert hit.log10_lr == pytest.approx(exact, abs=1e-9)


def test_drop_out_may_be_each_samples_own():
    known, people = population(), candidates(5, 12)
    losses = {id_: 0.1 * (i % 3) for i, id_ in enumerate(people)}
    family = Family("F", FAMILY, REFERENCES, ("MP",))
    found = screen(people, [family], known, threshold=-50, dropout=losses, dropin=0.02)
    assert {h.candidate for h in found.hits} >= {id_ for id_, loss in losses.items() if loss}
    for hit in found.hits:
        exact = exactly(hit, people, known, REFERENCES, FAMILY, dropout={"C": losses[hit.candidate]}, dropin=0.02)
        assert hit.log10_lr == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dropout": {"nobody": 0.1}}, "nobody"),
        ({"dropout": 1.0}, "drop-out of 1"),
        ({"dropout": 0.1, "dropin": -0.1}, "drop-in of -0.1"),
    ],
)
def test_drop_out_that_cannot_be_is_refused(given, said):
    family = Family("F", FAMILY, REFERENCES, ("MP",))
    with pytest.raises(InputError, match=said):
        screen({"C": {"A": "8/9"}}, [family], population(), **given)


def test_remains_encoded_without_the_references_alleles_are_refused():
    coded = encode({"C": {"A": "8/9"}}, population())
    family = Family("F", FAMILY, {"MO": {"A": "8/31"}}, ("MP",))
    with pytest.raises(InputError, match="31"):
        screen(coded, [family], population())


def test_a_locus_at_which_a_family_contradicts_itself_is_named_and_says_nothing():
    references = {"MO": {"A": "8/8", "B": "10/10"}, "SIB": {"A": "10/11", "B": "10/12"}}
    found = screen({"C": {"A": "8/8"}}, [Family("F", FAMILY, references, ("MP",))], population(), threshold=-9)
    assert [hit.log10_lr for hit in found.hits] == [0.0]
    assert any("F: its references contradict the pedigree at A" in str(note) for note in found.notes)


def test_loci_on_x_are_left_out_of_a_search_and_named():
    known = Population("both", {"A": Locus.of("A", FREQS), "X1": Locus.of("X1", FREQS, chromosome="X")})
    found = screen({"C": {"A": "8/10"}}, [Family("F", FAMILY, REFERENCES, ("MP",))], known, threshold=-9)
    assert found.loci == ("A",)
    assert any("X1" in str(note) for note in found.notes)


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
