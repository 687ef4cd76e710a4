"""Joint identification beside the sum over every assignment, each weighed by the exact kinship of whoever it places."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from convenio.programs.missing.methods import (
    Family,
    Locus,
    Mutation,
    Pedigree,
    Person,
    Population,
    Prior,
    Remains,
    joint_identification,
    kinship_lr,
    singleton,
)
from convenio.programs.missing.methods.simulate import drop_genes

P = {"8": 0.1, "9": 0.2, "10": 0.3, "11": 0.25, "12": 0.15}
SEXES = {"r0": "male", "r1": "unknown", "x": "female"}
MISSING = {"M1": "male", "M2": "female"}


def families(known, rng):
    """Two families with two missing each; of each, one set of remains is there, and one of a stranger."""
    found, remains = [], {"x": {n: "/".join(rng.choice(list(P), 2, p=list(P.values()))) for n in known.loci}}
    for number in range(2):
        people = [Person("FA", sex="male"), Person("MO", sex="female"), Person("S", "FA", "MO", "male")]
        pedigree = Pedigree.of([*people, *(Person(id_, "FA", "MO", sex) for id_, sex in MISSING.items())])
        genes = {name: drop_genes(pedigree, locus, 1, rng) for name, locus in known.loci.items()}
        profiles = {
            id_: {n: "/".join(known.loci[n].alleles[a] for a in genes[n][id_][0].tolist()) for n in known.loci}
            for id_ in ("S", "MO", "M1")
        }
        sampled = ("S", "MO") if number else ("S",)
        found.append(Family(f"F{number}", pedigree, {id_: profiles[id_] for id_ in sampled}, tuple(MISSING)))
        remains[f"r{number}"] = profiles["M1"]
    return found, remains


def weight(placed, waiting, remains, known, prior):
    log = 0.0
    for family in waiting:
        own = {missing: r for (name, missing), r in placed.items() if name == family.name}
        if own:
            hypotheses = {
                "placed": family.pedigree.renamed(own),
                "apart": [family.pedigree, *(singleton(r) for r in own.values())],
            }
            seen = {**family.references, **{r: remains[r] for r in own.values()}}
            log += kinship_lr(hypotheses, seen, known).log10("placed") * math.log(10)
    per = math.log(0.3 / 0.7 / len(remains)) if prior.kind == "open" else 0.0
    return math.exp(log + per * len(placed))


@pytest.mark.parametrize(
    ("mutation", "prior"),
    [
        (None, Prior()),
        (Mutation("proportional", 0.01), Prior("open", 0.3)),
        (Mutation("stepwise", 0.01, 0.0, 0.1), Prior()),
        (None, Prior("open", 0.3)),
    ],
)
def test_posteriors_are_those_of_the_sum_over_every_assignment(mutation, prior):
    known = Population("made up", {name: Locus.of(name, P, mutation=mutation) for name in "AB"})
    waiting, remains = families(known, np.random.default_rng(5))
    slots = [(family.name, missing) for family in waiting for missing in MISSING]
    total, pairs = 0.0, {}
    for chosen in itertools.product([None, *remains], repeat=len(slots)):
        placed = {slot: r for slot, r in zip(slots, chosen, strict=True) if r is not None}
        fits = all(SEXES[r] in ("unknown", MISSING[missing]) for (_f, missing), r in placed.items())
        if len(set(placed.values())) < len(placed) or not fits:
            continue
        value = weight(placed, waiting, remains, known, prior)
        total += value
        for slot, r in placed.items():
            pairs[r, *slot] = pairs.get((r, *slot), 0.0) + value
    listed = [Remains(id_, profile, SEXES[id_]) for id_, profile in remains.items()]
    found = joint_identification(listed, waiting, known, prior=prior)
    assert {(r.remains, r.family, r.missing) for r in found.results} >= {k for k, v in pairs.items() if v}
    for each in found.results:
        assert each.posterior == pytest.approx(
            pairs.get((each.remains, each.family, each.missing), 0) / total, abs=1e-12
        )
