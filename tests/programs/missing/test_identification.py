"""Joint identification beside dvir's figures, and what it must never do."""

from __future__ import annotations

import itertools
import math

import pytest

from bench import missing_identification as dvir
from convenio.core.errors import InputError
from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person, Population
from convenio.programs.missing.methods.identification import joint_identification
from convenio.programs.missing.methods.network import TooLarge
from convenio.programs.missing.methods.prior import Prior
from convenio.programs.missing.methods.remains import Family, Remains

NAMES = [
    "example1",
    "example2",
    "fire",
    "KETPchap481",
    "KETPexer497",
    "KETPexer498",
    "KETPchap484",
    "symmetricSibs",
    "icmp",
    "planecrash",
    "exclusionExample",
    "grave",
]


@pytest.mark.parametrize("name", NAMES)
def test_ratios_exclusions_assignments_and_posteriors_are_dvirs(data, name):
    case = dvir.cases()[name]
    remains, families, population = dvir.data_set(case)
    ours = joint_identification(remains, families, population, **dvir.AS_DVIR)
    pairs, exclusions = dvir.pair_errors(case, ours)
    assert pairs <= 1e-8
    assert exclusions == 0
    assert max(dvir.joint_errors(case, ours), default=0.0) <= 1e-8
    settled = {row["Missing"]: row["Sample"] for row in case["dviSolve"]["AM"] if row["Conclusion"] == "Undisputed"}
    assert {s.missing: s.remains for s in ours.settled} == settled


@pytest.mark.parametrize("name", ["fire", "KETPexer498", "KETPchap484", "symmetricSibs", "icmp", "grave"])
def test_generalised_likelihood_ratios_are_dvisolves(data, name):
    case = dvir.cases()[name]
    ours = joint_identification(*dvir.data_set(case), **{**dvir.AS_DVIR, "mutate": "always"})
    errors = list(dvir.glr_errors(case, ours))
    assert errors
    assert max(errors) <= 1e-8


def two_families(freq=0.1):
    locus = Locus.of("L", {str(a): freq for a in range(10)})
    population = Population("made up", {"L": locus})
    parents = Pedigree.of([Person("R1", sex="male"), Person("MO", sex="female"), Person("M1", "R1", "MO", "male")])
    other = Pedigree.of([Person("R2", sex="male"), Person("MO", sex="female"), Person("M2", "R2", "MO", "male")])
    families = [
        Family("A", parents, {"R1": {"L": "1/2"}}, ("M1",)),
        Family("B", other, {"R2": {"L": "1/3"}}, ("M2",)),
    ]
    remains = [Remains("V1", {"L": "1/4"}, "male"), Remains("V2", {"L": "1/1"}, "male")]
    return remains, families, population


def test_the_sum_over_subsets_is_the_sum_over_all_assignments():
    remains, families, population = two_families()
    ours = joint_identification(remains, families, population)
    lr = ours.pairs.lr
    every = {}
    for a, b in itertools.product((None, 0, 1), repeat=2):
        if a is None or a != b:
            every[a, b] = (1 if a is None else lr[a, 0]) * (1 if b is None else lr[b, 1])
    whole = sum(every.values())
    held = {(r.remains, r.missing): r.posterior for r in ours.results}
    for r, (c, missing) in itertools.product((0, 1), enumerate(("M1", "M2"))):
        expected = sum(w for key, w in every.items() if key[c] == r) / whole
        assert held[f"V{r + 1}", missing] == pytest.approx(expected, rel=1e-12)
    assert len(ours.best) == len(every)
    assert sum(a.posterior for a in ours.best) == pytest.approx(1, rel=1e-12)


def test_families_that_share_no_remains_are_summed_apart():
    locus = Locus.of("L", {str(a): 0.05 for a in range(1, 21)})
    population = Population("made up", {"L": locus})
    families, remains = [], []
    for i in range(9):
        pedigree = Pedigree.of([Person("R", sex="male"), Person("MO", sex="female"), Person("M", "R", "MO", "male")])
        own, following = 2 * i + 1, 2 * i + 3 if i % 2 == 0 else 20
        families.append(Family(f"F{i}", pedigree, {"R": {"L": f"{own}/{own}"}}, ("M",)))
        remains += [Remains(f"V{i}", {"L": f"{own}/{following}"}, "male"), Remains(f"W{i}", {"L": f"{own}/20"}, "male")]
    ours = joint_identification(remains, families, population)
    part = joint_identification(remains[:4], families[:2], population)
    held = {(r.remains, r.family): r.posterior for r in ours.results}
    assert len(part.results) == 5
    for each in part.results:
        assert each.posterior == pytest.approx(held[each.remains, each.family], rel=1e-9)


def test_no_remains_lie_in_two_places():
    ours = joint_identification(*two_families())
    for each in ours.best:
        assert len(set(each.placed.values())) == len(each.placed)


def test_three_priors_are_always_tried_and_a_closed_set_identifies_as_many_as_it_can():
    ours = joint_identification(*two_families(), prior=Prior("open", presence=0.01))
    assert len(ours.sensitivity) == 3
    closed = joint_identification(*two_families(), prior=Prior("closed"))
    assert max(closed.absent.values()) < 1e-9
    assert min(ours.absent.values()) > 0.5


def test_a_reference_that_contradicts_its_own_family_is_named():
    remains, families, population = two_families()
    pedigree = Pedigree.of(
        [
            Person("R1", sex="male"),
            Person("MO", sex="female"),
            Person("M1", "R1", "MO", "male"),
            Person("SIB", "R1", "MO", "female"),
        ]
    )
    wrong = Family("A", pedigree, {"R1": {"L": "1/2"}, "SIB": {"L": "5/6"}}, ("M1",))
    ours = joint_identification(remains, [wrong, families[1]], population)
    assert ours.pairs.contradictions == {"A": ("L",)}
    assert any("contradict" in str(note) and "L" in str(note) for note in ours.notes)


def test_twins_of_the_pedigree_share_their_posterior():
    remains, _families, population = two_families()
    pedigree = Pedigree.of(
        [
            Person("R", sex="male"),
            Person("MO", sex="female"),
            Person("M1", "R", "MO", "male"),
            Person("M2", "R", "MO", "male"),
        ]
    )
    ours = joint_identification(remains, [Family("A", pedigree, {"R": {"L": "1/2"}}, ("M1", "M2"))], population)
    held = {(r.remains, r.missing): r for r in ours.results}
    assert held["V1", "M1"].posterior == pytest.approx(held["V1", "M2"].posterior)
    assert held["V1", "M1"].alike == ("M2",)
    assert held["V1", "M1"].posterior_alike == pytest.approx(2 * held["V1", "M1"].posterior)
    assert ours.groups[0].remains == ("V1", "V2")
    assert math.isfinite(ours.groups[0].glr)


@pytest.mark.parametrize("twice", ["remains", "families"])
def test_an_id_that_stands_twice_is_refused(twice):
    remains, families, population = two_families()
    if twice == "remains":
        remains = [remains[0], remains[0]]
    else:
        families = [families[0], families[0]]
    with pytest.raises(InputError, match="twice"):
        joint_identification(remains, families, population)


def test_a_person_cannot_be_missing_and_have_given_a_sample():
    _remains, families, _population = two_families()
    with pytest.raises(InputError, match="missing and has given a sample"):
        Family("A", families[0].pedigree, {"M1": {"L": "1/2"}}, ("M1",))


def test_too_many_contested_remains_are_refused_and_leaving_out_weak_pairs_helps():
    locus = Locus.of("L", {str(a): 0.02 for a in range(1, 51)}, mutation=Mutation("equal", 0.001))
    population = Population("made up", {"L": locus})
    families, remains = [], []
    for i in range(24):
        pedigree = Pedigree.of([Person("R", sex="male"), Person("MO", sex="female"), Person("M", "R", "MO", "male")])
        families.append(Family(f"F{i}", pedigree, {"R": {"L": f"{2 * i + 1}/{2 * i + 2}"}}, ("M",)))
        remains.append(Remains(f"V{i}", {"L": f"{2 * i + 1}/50"}, "male"))
    with pytest.raises(TooLarge, match="24 sets of remains"):
        joint_identification(remains, families, population)
    ours = joint_identification(remains, families, population, least_lr=1.0)
    assert all(each.placed == {f"V{i}": (f"F{i}", "M") for i in range(24)} for each in ours.best[:1])
