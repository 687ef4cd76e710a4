"""What a search is worth: recall and false candidates agree with plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from convenio.core.errors import InputError
from convenio.programs.missing.methods import (
    Family,
    Locus,
    Mutation,
    Population,
    kinship_lr,
    next_relative,
    power,
    singleton,
)
from convenio.programs.missing.methods.simulate import drop_genes, nuclear_family

P = {"8": 0.1, "9": 0.2, "10": 0.3, "11": 0.25, "12": 0.15}
SMALL = Population("made up", {name: Locus.of(name, P) for name in ("A", "B", "C")})


def test_dropped_genes_follow_mendel_and_the_frequencies():
    pedigree, _who = nuclear_family(1)
    locus = Locus.of("A", P)
    found = drop_genes(pedigree, locus, 4000, np.random.default_rng(1))
    assert np.bincount(found["FA"].ravel(), minlength=5) / 8000 == pytest.approx(np.array(locus.freqs), abs=0.02)
    assert all(c in f for c, f in zip(found["MP"][:, 0], found["FA"], strict=True))
    assert all(c in m for c, m in zip(found["MP"][:, 1], found["MO"], strict=True))


def test_dropped_genes_mutate_at_their_rate():
    pedigree, _who = nuclear_family(0)
    locus = Locus.of("A", P, mutation=Mutation("equal", 0.2))
    found = drop_genes(pedigree, locus, 6000, np.random.default_rng(2))
    impossible = [c not in f for c, f in zip(found["MP"][:, 0], found["FA"], strict=True)]
    heterozygous = np.mean(found["FA"][:, 0] != found["FA"][:, 1])
    assert np.mean(impossible) == pytest.approx(0.2 * (1 - heterozygous * 0.25), abs=0.02)


def test_the_curve_of_a_typed_family_is_that_of_counting_all_genotypes():
    pedigree, _who = nuclear_family(1)
    references = {"S1": {"A": "8/10", "B": "10/10", "C": "11/12"}}
    found = power(Family("F", pedigree, references, ("MP",)), SMALL, thresholds=(-0.5, 0.3, 1.0))
    rng = np.random.default_rng(3)
    names, p = list(P), list(P.values())
    apart = [pedigree.renamed({"MP": "other"}), singleton("MP")]
    ratios = []
    for _i in range(600):
        profile = {name: "/".join(rng.choice(names, 2, p=p)) for name in "ABC"}
        result = kinship_lr({"same": pedigree, "apart": apart}, {**references, "MP": profile}, SMALL)
        ratios.append(result.log10("same"))
    ratios = np.array(ratios)
    for each in found.curve:
        counted = (ratios >= each.log10_lr).mean()
        assert each.false_per_thousand / 1000 == pytest.approx(counted, abs=4 * np.sqrt(0.25 / 600))
        weighted = np.where(ratios >= each.log10_lr, 10**ratios, 0).mean()
        assert each.recall == pytest.approx(weighted, abs=0.15)
        assert each.low == each.recall == each.high
    assert found.families == 0


def test_more_relatives_tell_more():
    recalls = []
    for siblings in (1, 2):
        pedigree, who = nuclear_family(siblings)
        found = power(Family("F", pedigree, {}, ("MP",)), SMALL, sampled=who, simulations=30)
        assert found.families == 30
        recalls.append(found.median)
    assert recalls[0] < recalls[1]


def test_the_next_relative_to_sample_is_compared_with_the_family_as_it_is():
    pedigree, _who = nuclear_family(1, mother=True)
    family = Family("F", pedigree, {"S1": {"A": "8/10", "B": "10/10", "C": "11/12"}}, ("MP",))
    found = next_relative(family, SMALL, ["MO", "FA"], simulations=8)
    assert list(found) == ["", "MO", "FA"]
    assert found["MO"].exclusion > found[""].exclusion
    assert found["MO"].references == ("S1", "MO")


def test_a_family_without_samples_is_refused():
    pedigree, _who = nuclear_family(1)
    with pytest.raises(InputError, match="no relative gives a sample"):
        power(Family("F", pedigree, {}, ("MP",)), SMALL)
    with pytest.raises(InputError, match="no reference yet"):
        next_relative(Family("F", pedigree, {}, ("MP",)), SMALL, ["S1"])
