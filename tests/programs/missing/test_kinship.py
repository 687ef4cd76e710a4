"""Likelihood ratios by hand, by brute force, and for what cannot be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from convenio.core.errors import InputError
from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person, Population, kinship_lr, singleton
from convenio.programs.missing.methods.likelihood import Model, locus_likelihood
from convenio.programs.missing.methods.linkage import linked_likelihood
from convenio.programs.missing.methods.mutation import SexMutation, matrix
from convenio.programs.missing.methods.network import TooLarge
from convenio.programs.missing.methods.observation import Observation, reduce
from convenio.programs.missing.methods.verbal import in_words

P = {"8": 0.1, "9": 0.2, "9.3": 0.1, "10": 0.6}
STEPWISE = Mutation("stepwise", 0.02, 0.004, 0.3)
SIBS = Pedigree.of(
    [
        Person("F", sex="male"),
        Person("M", sex="female"),
        Person("A", "F", "M", "female"),
        Person("B", "F", "M", "male"),
    ],
    "sibs",
)
APART = [singleton("A", "female"), singleton("B", "male")]


def known(**more):
    return Population("made up", {"L": Locus.of("L", P, **more)}, size=100)


def brute(pedigree, locus, typed, theta=0.0):
    """Sum over every allele of every person, for small pedigrees without X."""
    male, female = locus.transmission
    p = locus.probabilities
    persons = pedigree.ordered
    whole = 0.0
    for alleles in itertools.product(range(len(p)), repeat=2 * len(persons)):
        own = {q.id: alleles[2 * i : 2 * i + 2] for i, q in enumerate(persons)}
        weight, drawn = 1.0, []
        for q in persons:
            if q.id in typed:
                shown = {locus.alleles[a] for a in own[q.id]}
                if shown != set(typed[q.id].alleles):
                    weight = 0.0
                    break
            for allele, parent, m in ((own[q.id][0], q.father, male), (own[q.id][1], q.mother, female)):
                if parent is None:
                    k = len(drawn)
                    weight *= (drawn.count(allele) * theta + (1 - theta) * p[allele]) / (1 + (k - 1) * theta)
                    drawn.append(allele)
                else:
                    weight *= (m[own[parent][0], allele] + m[own[parent][1], allele]) / 2
        whole += weight
    return whole


@pytest.mark.parametrize("mutation", [None, Mutation("equal", 0.03), Mutation("proportional", 0.03), STEPWISE])
@pytest.mark.parametrize("theta", [0.0, 0.05])
def test_a_likelihood_is_the_sum_over_every_genotype(mutation, theta):
    pedigree = Pedigree.of(
        [Person("F", sex="male"), Person("M", sex="female"), Person("A", "F", "M"), Person("B", "F")]
    )
    locus = Locus.of("L", P, mutation=mutation)
    typed = {"A": Observation(("8", "9")), "B": Observation(("9", "9.3"))}
    exact = locus_likelihood([pedigree], locus, typed, Model(theta=theta))
    assert exact == pytest.approx(brute(pedigree, locus, typed, theta), rel=1e-11)


def test_mutation_may_differ_by_sex():
    locus = Locus.of("L", P, mutation=SexMutation(Mutation("equal", 0.1), STEPWISE))
    pedigree = Pedigree.of([Person("F", sex="male"), Person("M", sex="female"), Person("A", "F", "M")])
    typed = {"F": Observation(("8",)), "A": Observation(("9", "10"))}
    assert locus_likelihood([pedigree], locus, typed) == pytest.approx(brute(pedigree, locus, typed), rel=1e-11)


def test_a_custom_matrix_must_be_one():
    good = ((0.9, 0.1), (0.2, 0.8))
    assert matrix(Mutation("custom", matrix=good), ("1", "2"), np.array([0.5, 0.5])).tolist() == [
        [0.9, 0.1],
        [0.2, 0.8],
    ]
    with pytest.raises(InputError, match="does not fit"):
        matrix(Mutation("custom", matrix=((0.9, 0.2), (0.2, 0.8))), ("1", "2"), np.array([0.5, 0.5]))


def test_putting_unseen_alleles_together_changes_nothing():
    locus = Locus.of("L", {str(a): 0.1 for a in range(8, 18)}, mutation=Mutation("equal", 0.01))
    assert reduce(locus, {"8", "9"}).states == 3
    stepwise = Locus.of("L", {str(a): 0.1 for a in range(8, 18)}, mutation=Mutation("stepwise", 0.01))
    assert reduce(stepwise, {"8", "9"}).states == 10


def test_parent_and_child_by_hand():
    child = Pedigree.of([Person("A", sex="female"), Person("X", sex="male"), Person("B", "X", "A", "male")])
    result = kinship_lr({"child": child, "apart": APART}, {"A": {"L": "8/9"}, "B": {"L": "9/10"}}, known())
    assert result.total("child") == pytest.approx(1 / (4 * 0.2))
    assert result.log10("child") == pytest.approx(math.log10(1.25))
    assert result.total("apart") == 1


def test_theta_applies_to_unlinked_persons_too():
    typed = {"A": Observation(("8",)), "B": Observation(("8",))}
    apart = locus_likelihood(APART, Locus.of("L", P), typed, Model(theta=0.03))
    p, t = 0.1, 0.03
    expected = 1.0
    for k in range(4):
        expected *= (k * t + (1 - t) * p) / (1 + (k - 1) * t)
    assert apart == pytest.approx(expected, rel=1e-12)


def test_total_dropout_of_certainty_is_no_evidence():
    typed = {"A": Observation(("8",), dropout=0.999999), "B": Observation(("9", "10"))}
    near = locus_likelihood([SIBS], Locus.of("L", P), typed) / locus_likelihood(APART, Locus.of("L", P), typed)
    assert near == pytest.approx(0.25 + 0.5 * 0.5 + 0.0, abs=0.6)
    strict = {"A": Observation(("8", "9.3")), "B": Observation(("9", "10"))}
    child = Pedigree.of([Person("A", sex="female"), Person("X", sex="male"), Person("B", "X", "A", "male")])
    assert locus_likelihood([child], Locus.of("L", P), strict) == 0
    dropin = {"A": Observation(("8", "9.3"), dropout=0.1, dropin=0.05), "B": Observation(("9", "10"))}
    assert locus_likelihood([child], Locus.of("L", P), dropin) > 0


def test_what_was_seen_adds_to_one_over_everything_that_can_be_seen():
    locus = Locus.of("L", {"1": 0.3, "2": 0.7}, silent=0.0)
    reduced = reduce(locus, {"1", "2"})
    from convenio.programs.missing.methods.observation import genotype_table

    seen = [Observation(a, dropout=0.2) for a in (("1",), ("2",), ("1", "2"))]
    whole = sum(genotype_table(each, reduced) for each in seen)
    assert whole == pytest.approx(np.full((2, 2), 1 - 0.2 * 0.2))


def test_the_report_of_an_unlisted_allele_states_its_treatment():
    result = kinship_lr({"sibs": SIBS, "apart": APART}, {"A": {"L": "8/77"}, "B": {"L": "9/77"}}, known())
    assert any("77" in str(note) and "0.025" in str(note) for note in result.notes)
    given = kinship_lr({"sibs": SIBS, "apart": APART}, {"A": {"L": "8/77"}, "B": {"L": "9/77"}}, known(), unlisted=0.2)
    assert given.total("sibs") < result.total("sibs")


def test_kits_with_different_loci_are_compared_where_they_meet_and_said():
    population = Population("made up", {n: Locus.of(n, P) for n in ("K", "L")}, size=100)
    result = kinship_lr(
        {"sibs": SIBS, "apart": APART}, {"A": {"K": "8/9", "L": "8/9", "Z": "1/2"}, "B": {"L": "8/9"}}, population
    )
    assert any("K: not typed: B" in str(note) for note in result.notes)
    assert any("no frequencies: Z" in str(note) for note in result.notes)
    by_name = {each.locus.name: each.ratios["sibs"] for each in result.loci}
    assert by_name["K"] == pytest.approx(1)
    assert result.total("sibs") == pytest.approx(by_name["L"])


def test_linked_loci_are_flagged_with_the_size_of_the_effect():
    population = Population("made up", {n: Locus.of(n, P) for n in ("vWA", "D12S391")}, size=100)
    profile = {"vWA": "8/9", "D12S391": "8/9"}
    result = kinship_lr({"sibs": SIBS, "apart": APART}, {"A": profile, "B": profile}, population)
    assert any("vWA and D12S391" in str(note) for note in result.notes)
    assert [each.recombination for each in result.linkage] == [0.044, 0.089, 0.158]
    effects = [each.correction("sibs", "apart") for each in result.linkage]
    assert effects == sorted(effects, reverse=True)
    assert effects[0] > 1


def test_linked_siblings_by_hand():
    """Two siblings share 0, 1 or 2 alleles at either locus; given those of one, the other's follow from r."""
    locus = Locus.of("L", P)
    typed = {"A": Observation(("8", "9")), "B": Observation(("8", "9"))}
    r = 0.089
    same = r * r + (1 - r) ** 2
    once, not_once = same, 1 - same
    one = locus_likelihood(APART, locus, typed)
    parent = Pedigree.of([Person("A", sex="female"), Person("X", sex="male"), Person("B", "X", "A")])
    k = [one, locus_likelihood([parent], locus, typed), one / (2 * 0.1 * 0.2)]
    whole = 0.0
    for f1, m1, f2, m2 in itertools.product((0, 1), repeat=4):
        weight = 0.25
        for before, after in ((f1, f2), (m1, m2)):
            weight *= once if before == after else not_once
        whole += weight * k[f1 + m1] * k[f2 + m2]
    assert linked_likelihood([SIBS], (locus, typed), (locus, typed), r) == pytest.approx(whole, rel=1e-12)
    free = linked_likelihood([SIBS], (locus, typed), (locus, typed), 0.5)
    assert free == pytest.approx(locus_likelihood([SIBS], locus, typed) ** 2, rel=1e-12)


@pytest.mark.parametrize("fraction", [-0.1, 0.6])
def test_a_recombination_fraction_that_cannot_be_is_refused(fraction):
    one = (Locus.of("L", P), {"A": Observation(("8",))})
    with pytest.raises(InputError, match="recombination"):
        linked_likelihood(APART, one, one, fraction)


@pytest.mark.parametrize(
    ("genotypes", "more", "said"),
    [
        ({"A": {"L": "8/9/10"}, "B": {"L": "8/9"}}, {}, "three alleles"),
        ({"A": {"L": "8/9"}, "C": {"L": "8/9"}}, {}, "C typed but not in the hypothesis"),
        ({"A": {"Q": "8/9"}}, {}, "no locus was typed"),
        ({"A": {"L": "8/9"}}, {"theta": 1.5}, "theta 1.5 is impossible"),
        ({"A": {"L": "8/9"}}, {"engine": "oracle"}, "oracle is no engine"),
        ({"A": {"L": "8/9"}}, {"against": "cousins"}, "no hypothesis cousins"),
    ],
)
def test_what_cannot_be_compared_is_refused(genotypes, more, said):
    with pytest.raises(InputError, match=said):
        kinship_lr({"sibs": SIBS, "apart": APART}, genotypes, known(), **more)


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        ([Person("A", "B"), Person("B", "A", sex="male")], "own ancestor"),
        ([Person("A", mother="M"), Person("M", sex="male")], "swapped"),
        ([Person("A", mother="M1"), Person("A", mother="M2"), Person("M1"), Person("M2")], "stands twice"),
        ([Person("A", "B", "B"), Person("B")], "both parents"),
        ([Person("A", "gone")], "not in the pedigree"),
        ([Person("A", inbreeding=2)], "inbreeding"),
    ],
)
def test_a_pedigree_that_cannot_be_is_refused(persons, said):
    with pytest.raises(InputError, match=said):
        Pedigree.of(persons)


@pytest.mark.parametrize(
    ("freqs", "said"),
    [({"8": 0.6, "9": 0.6}, "add to 1.2"), ({"8": -0.1, "9": 1.1}, "frequency"), ({"8": math.nan}, "frequency")],
)
def test_frequencies_that_cannot_be_are_refused(freqs, said):
    with pytest.raises(InputError, match=said):
        Locus.of("L", freqs)


@pytest.mark.parametrize("more", [("stepwise", 0.9, 0.2), ("nonsense", 0.1), ("equal", -0.1), ("stepwise", 0.1, 0, 0)])
def test_a_mutation_model_that_cannot_be_is_refused(more):
    with pytest.raises(InputError):
        Mutation(*more)


def test_a_man_has_one_allele_on_x_and_the_sex_must_be_known():
    locus = Locus.of("DX", P, chromosome="X")
    with pytest.raises(InputError, match="two alleles on the X"):
        locus_likelihood([SIBS], locus, {"B": Observation(("8", "9"))})
    with pytest.raises(InputError, match="sex of"):
        locus_likelihood([Pedigree.of([Person("A")])], locus, {"A": Observation(("8", "9"))})
    assert locus_likelihood([SIBS], locus, {"B": Observation(("8",))}) == pytest.approx(0.1)


def test_founder_inbreeding_and_theta_are_not_mixed():
    inbred = Pedigree.of([Person("A", inbreeding=0.1)])
    with pytest.raises(InputError, match="cannot be used together"):
        locus_likelihood([inbred], Locus.of("L", P), {"A": Observation(("8",))}, Model(theta=0.02))


def large(loops):
    """Sixty persons and some loops: ten generations of brothers and sisters' children marrying."""
    persons = [Person("f0", sex="male"), Person("m0", sex="female")]
    for g in range(1, 20):
        close = g <= loops
        persons.append(Person(f"f{g}", f"f{g - 1}", f"m{g - 1}", "male"))
        persons.append(Person(f"m{g}", *((f"f{g - 1}", f"m{g - 1}") if close else ()), sex="female"))
        persons.append(Person(f"s{g}", f"f{g - 1}", f"m{g - 1}", "female"))
    return Pedigree.of([*persons, Person("last", "f19", "m19", "male")])


def test_sixty_persons_with_eight_loops_get_an_answer():
    pedigree = large(8)
    assert len(pedigree.persons) == 60
    typed = {"s1": Observation(("8", "9")), "last": Observation(("9", "10"))}
    frequencies = {str(a): 1 / 12 for a in range(8, 20)}
    plain = locus_likelihood([pedigree], Locus.of("L", frequencies), typed)
    moving = locus_likelihood([pedigree], Locus.of("L", frequencies, mutation=Mutation("stepwise", 1e-7)), typed)
    assert 0 < plain < 1
    assert moving == pytest.approx(plain, rel=1e-4)


def test_a_hopeless_tangle_is_refused_before_memory_runs_out():
    rng = np.random.default_rng(1)
    persons = [Person(f"0-{i}", sex="male" if i % 2 else "female") for i in range(10)]
    for g in range(1, 6):
        for i in range(10):
            f, m = 2 * int(rng.integers(5)) + 1, 2 * int(rng.integers(5))
            persons.append(Person(f"{g}-{i}", f"{g - 1}-{f}", f"{g - 1}-{m}", "male" if i % 2 else "female"))
    locus = Locus.of("L", {str(a): 1 / 20 for a in range(8, 28)}, mutation=Mutation("stepwise", 0.002))
    typed = {f"5-{i}": Observation(("9", "11")) for i in range(10)}
    with pytest.raises(TooLarge, match="cells"):
        locus_likelihood([Pedigree.of(persons)], locus, typed)


@pytest.mark.parametrize(
    ("log10", "words"),
    [
        (0, "do not support"),
        (1.5, "moderate support to same"),
        (7, "extremely strong"),
        (-3.5, "strong support to other"),
    ],
)
def test_ratios_in_words(log10, words):
    assert words in str(in_words(log10, "same", "other"))


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_impossible_findings_in_words(value):
    assert "impossible" in str(in_words(value, "same", "other"))
