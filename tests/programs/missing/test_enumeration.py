"""Likelihoods of pedigrees drawn at random beside the sum over every genotype of everyone, done without any peeling."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person
from convenio.programs.missing.methods.likelihood import Model, locus_likelihood
from convenio.programs.missing.methods.mutation import SexMutation
from convenio.programs.missing.methods.observation import Observation

MOST_CELLS = 600_000


def everyone(pedigrees, locus, typed, theta):
    """Sum over every allele of every copy of every person."""
    persons = [p for pedigree in pedigrees for p in pedigree.ordered]
    on_x = locus.chromosome == "X"
    copies = [
        (p, which)
        for p in persons
        for which in ("father", "mother")
        if not (on_x and p.sex == "male" and which == "father")
    ]
    states, p = locus.states, locus.probabilities
    assume(states ** len(copies) <= MOST_CELLS)
    grid = np.indices([states] * len(copies)).reshape(len(copies), -1)
    own = {}
    for (person, which), row in zip(copies, grid, strict=True):
        own.setdefault(person.id, {})[which] = row
    weight = np.ones(grid.shape[1])
    drawn = []
    matrices = dict(zip(("father", "mother"), locus.transmission, strict=True))
    for person, which in copies:
        allele, parent = own[person.id][which], getattr(person, which)
        if parent is not None:
            rows = [matrices[which][given, allele] for given in own[parent].values()]
            weight *= sum(rows) / len(rows)
        elif theta:
            before = sum((each == allele for each in drawn), np.zeros(len(allele)))
            weight *= (before * theta + (1 - theta) * p[allele]) / (1 + (len(drawn) - 1) * theta)
            drawn.append(allele)
        elif person.founder and person.inbreeding and which == "mother" and "father" in own[person.id]:
            other, f = own[person.id]["father"], person.inbreeding
            weight *= (1 - f) * p[allele] + f * (allele == other)
        else:
            weight *= p[allele]
    for id_, seen in typed.items():
        table = [[shown(seen, combination, locus) for combination in pair] for pair in combinations(own[id_], states)]
        index = list(own[id_].values())
        weight *= np.array(table)[index[0], index[1] if len(index) == 2 else 0]
    return float(weight.sum())


def combinations(own, states):
    if len(own) == 2:
        return [[(a, b) for b in range(states)] for a in range(states)]
    return [[(a,)] for a in range(states)]


def shown(seen, genotype, locus):
    """Probability of what was seen: each copy drops out or not, and what is then not explained has dropped in."""
    found = 0.0
    for pattern in np.ndindex(*[2] * len(genotype)):
        chance, visible = 1.0, set()
        for allele, stays in zip(genotype, pattern, strict=True):
            silent = allele == len(locus.alleles)
            loss = 1.0 if silent else seen.dropout
            chance *= 1 - loss if stays else loss
            if stays and not silent:
                visible.add(locus.alleles[allele])
        if not chance or not visible <= set(seen.alleles):
            continue
        extra = set(seen.alleles) - visible
        p = locus.probabilities
        came = math.prod(seen.dropin * p[locus.index[a]] for a in extra) if extra else 1 - seen.dropin
        found += chance * came
    return found


@st.composite
def mutations(draw, alleles):
    def one():
        model = draw(st.sampled_from(("none", "equal", "proportional", "stepwise", "custom")))
        if model == "none":
            return Mutation()
        if model == "stepwise":
            return Mutation("stepwise", draw(st.sampled_from((0.01, 0.1))), draw(st.sampled_from((0.0, 0.02))), 0.3)
        if model == "custom":
            raw = np.random.default_rng(draw(st.integers(0, 99))).dirichlet(np.full(alleles, 0.7), alleles)
            return Mutation("custom", matrix=tuple(map(tuple, raw.tolist())))
        return Mutation(model, draw(st.sampled_from((0.01, 0.2))))

    return SexMutation(one(), one())


@st.composite
def questions(draw):
    """A pedigree with loops as they come, a locus with a microvariant, who was typed, and the model."""
    on_x = draw(st.booleans())
    theta = draw(st.sampled_from((0.0, 0.0, 0.03, 0.2)))
    inbreeding = draw(st.sampled_from((0.0, 0.25))) if not theta else 0.0
    persons = [Person("F", sex="male"), Person("M", sex="female", inbreeding=inbreeding)]
    for number in range(draw(st.integers(1, 3))):
        fathers = [p.id for p in persons if p.sex == "male"]
        mothers = [p.id for p in persons if p.sex == "female"]
        sex = draw(st.sampled_from(("male", "female")))
        mother = draw(st.sampled_from([*mothers, None]))
        father = draw(st.sampled_from(fathers if mother is None else [*fathers, None]))
        persons.append(Person(f"C{number}", father, mother, sex))
    freqs = draw(st.sampled_from(({"9": 0.2, "9.3": 0.3, "10": 0.5}, {"8": 0.1, "9": 0.6, "9.3": 0.25, "11": 0.05})))
    silent = draw(st.sampled_from((0.0, 0.0, 0.05)))
    locus = Locus.of(
        "L",
        freqs,
        chromosome="X" if on_x else "A",
        mutation=draw(mutations(len(freqs))),
        silent=silent,
    )
    typed = {}
    for p in draw(st.lists(st.sampled_from(persons), min_size=1, max_size=3, unique_by=lambda p: p.id)):
        most = 1 if on_x and p.sex == "male" else 2
        seen = draw(st.lists(st.sampled_from(list(freqs)), min_size=1, max_size=most, unique=True))
        dropout = draw(st.sampled_from((0.0, 0.0, 0.1)))
        typed[p.id] = Observation(tuple(seen), dropout, draw(st.sampled_from((0.0, 0.05))) if dropout else 0.0)
    pedigrees = [Pedigree.of(persons)]
    if draw(st.booleans()) and len(persons) < 5:
        pedigrees.append(Pedigree.of([Person("Z", sex="female")]))
        typed["Z"] = Observation((draw(st.sampled_from(list(freqs))),))
    return pedigrees, locus, typed, theta


@settings(max_examples=70)
@given(questions())
def test_any_small_pedigree_gives_the_sum_over_every_genotype(asked):
    pedigrees, locus, typed, theta = asked
    expected = everyone(pedigrees, locus, typed, theta)
    found = locus_likelihood(pedigrees, locus, typed, Model(theta=theta))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-300)
