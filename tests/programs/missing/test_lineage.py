"""Lineage markers exclude and count; samples of one body are put together first."""

from __future__ import annotations

import pytest

from convenio.core.errors import InputError
from convenio.programs.missing.example import population
from convenio.programs.missing.methods.lineage import compare_mitochondrial, compare_y, count
from convenio.programs.missing.methods.pedigree import singleton
from convenio.programs.missing.methods.reassociation import reassociate
from convenio.programs.missing.methods.remains import Remains
from convenio.programs.missing.methods.simulate import drop_genes, nuclear_family

Y = {"DYS391": "10", "DYS390": "24", "DYS385": "11/14"}


def test_one_repeat_is_inconclusive_and_more_excludes():
    assert compare_y(Y, Y).conclusion == "not excluded"
    assert compare_y(Y, {**Y, "DYS390": "25"}).conclusion == "inconclusive"
    assert compare_y(Y, {**Y, "DYS390": "26"}).conclusion == "excluded"
    assert compare_y(Y, {**Y, "DYS390": "25", "DYS391": "11"}).conclusion == "excluded"
    assert compare_y(Y, {**Y, "DYS390": "25", "DYS391": "11"}, meioses=5).conclusion == "inconclusive"
    assert compare_y(Y, {**Y, "DYS385": "11/15"}).differences == ("DYS385",)


def test_a_haplotype_is_counted_among_complete_ones_with_its_bound():
    found = compare_y(Y, Y, database=[Y, {**Y, "DYS391": "9"}, {"DYS391": "10"}])
    assert (found.counted.count, found.counted.size) == (1, 2)
    never = count(0, 1000)
    assert never.frequency == pytest.approx(1 / 1001)
    assert never.upper == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert "at most 1 in" in str(found.describe())


def test_mitochondrial_differences_of_length_are_left_aside():
    one = ["A263G", "315.1C", "16189Y"]
    assert compare_mitochondrial(one, ["263G", "309.1C", "315.1C", "16189C"]).conclusion == "not excluded"
    assert compare_mitochondrial(one, ["263G", "16189C", "16223T"]).conclusion == "inconclusive"
    assert compare_mitochondrial(one, ["16223T", "16189C"]).conclusion == "excluded"
    assert compare_mitochondrial(["263G", "249del"], ["263G"]).differences == ("249",)


def test_positions_outside_of_what_was_read_do_not_count():
    assert compare_mitochondrial(["8860G"], []).conclusion == "not excluded"


@pytest.mark.parametrize(
    "call",
    [
        lambda: compare_mitochondrial(["nonsense"], []),
        lambda: compare_y(Y, {"DYS19": "14"}),
        lambda: compare_y(Y, Y, meioses=0),
        lambda: count(3, 2),
        lambda: count(0, 0),
    ],
)
def test_lineages_that_cannot_be_compared_are_refused(call):
    with pytest.raises(InputError):
        call()


def profiles(pedigree, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    found = {p.id: {} for p in pedigree.persons}
    for name, locus in population().loci.items():
        for id_, alleles in drop_genes(pedigree, locus, 1, rng).items():
            found[id_][name] = "/".join(locus.alleles[a] for a in sorted(alleles[0].tolist()))
    return found


def test_samples_of_one_body_are_joined_and_brothers_are_not():
    pedigree, _who = nuclear_family(1)
    people = profiles(pedigree, 5)
    stranger = profiles(singleton("X"), 6)["X"]
    half = dict(list(people["MP"].items())[:10])
    lost = {k: v.split("/")[0] for k, v in list(people["MP"].items())[:3]} | dict(list(people["MP"].items())[3:])
    samples = [
        Remains("bone", people["MP"], "male"),
        Remains("brother", people["S1"], "male"),
        Remains("tooth", half, "unknown"),
        Remains("stranger", stranger, "male"),
        Remains("degraded", lost, "male", dropout=0.1),
    ]
    found = reassociate(samples, population())
    assert ("bone", "tooth", "degraded") in found.members
    assert ("brother",) in found.members
    assert len(found.persons) == 3
    joined = {locus: set(text.split("/")) for locus, text in found.persons[0].profile.items()}
    assert joined == {locus: set(text.split("/")) for locus, text in people["MP"].items()}


def test_two_samples_of_different_sex_are_not_joined():
    profile = profiles(singleton("X"), 6)["X"]
    found = reassociate([Remains("a", profile, "male"), Remains("b", profile, "female")], population())
    assert len(found.persons) == 2
