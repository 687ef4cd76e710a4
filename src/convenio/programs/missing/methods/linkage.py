"""Two loci that are inherited together: their joint likelihood, and how far independence is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.likelihood import Model, Typed, evidence_of, locus_likelihood
from convenio.programs.missing.methods.locus import Locus
from convenio.programs.missing.methods.network import Factor, total
from convenio.programs.missing.methods.observation import Reduced, reduce
from convenio.programs.missing.methods.pedigree import Pedigree, Person


@dataclass(frozen=True)
class LinkageEffect:
    """How much linkage changes a hypothesis' likelihood at two loci.

    Args:
        loci: the two.
        recombination: recombination fraction.
        factor: joint likelihood over the product of the two likelihoods, by hypothesis; a ratio of two hypotheses
            changes by the ratio of their factors.
    """

    loci: tuple[str, str]
    recombination: float
    factor: Mapping[str, float]

    def correction(self, name: str, against: str) -> float:
        """What the product of the two loci's likelihood ratios must be multiplied with."""
        return self.factor[name] / self.factor[against]


def linkage_effect(
    hypotheses: Mapping[str, Sequence[Pedigree]],
    one: tuple[Locus, Typed],
    two: tuple[Locus, Typed],
    recombination: float,
) -> LinkageEffect:
    """Compare the joint likelihood of two linked loci with the product of their likelihoods.

    Args:
        hypotheses: pedigrees by name.
        one: a locus and what was typed there.
        two: the other.
        recombination: recombination fraction, 0 to .5.

    Raises:
        InputError: the fraction is impossible, or the loci are on the X chromosome.
        TooLarge: the exact sum would not fit in memory.
    """
    factor = {}
    for name, pedigrees in hypotheses.items():
        apart = 1.0
        for locus, typed in (one, two):
            apart *= locus_likelihood(pedigrees, locus, typed, Model())
        factor[name] = linked_likelihood(pedigrees, one, two, recombination) / apart if apart else 1.0
    return LinkageEffect((one[0].name, two[0].name), recombination, factor)


def linked_likelihood(
    pedigrees: Sequence[Pedigree], one: tuple[Locus, Typed], two: tuple[Locus, Typed], recombination: float
) -> float:
    """Probability of what was typed at two linked autosomal loci in linkage equilibrium.

    Every transmission has a variable per locus that says which of the parent's two copies was passed on; between the
    loci it changes with the recombination fraction.

    Source: Lander and Green 1987, PNAS 84:2363, for the inheritance variables; summed here by elimination.
    """
    if not 0 <= recombination <= 0.5:
        raise InputError(_("a recombination fraction of {value} is impossible", value=recombination))
    if "X" in (one[0].chromosome, two[0].chromosome):
        raise InputError(_("linkage is computed for autosomal loci"))
    persons = _relevant(pedigrees, set(one[1]) | set(two[1]))
    change = np.array([[1 - recombination, recombination], [recombination, 1 - recombination]])
    factors: list[Factor] = []
    for tag, (locus, typed) in enumerate((one, two)):
        reduced = reduce(locus, {a for each in typed.values() for a in each.alleles})
        for id_, evidence in evidence_of(typed, reduced, pedigrees).items():
            if id_ in persons:
                factors.append(Factor(((tag, "p", id_), (tag, "m", id_)), evidence.table))
        for person in persons.values():
            factors += _copies(person, persons, reduced, tag)
    for person in persons.values():
        for which, parent in (("p", person.father), ("m", person.mother)):
            if parent in persons:
                factors.append(Factor(((0, "z", which, person.id), (1, "z", which, person.id)), change / 2))
    return float(total(factors))


def _copies(person: Person, persons: Mapping[str, Person], reduced: Reduced, tag: int) -> list[Factor]:
    found = []
    for which, parent, matrix in (("p", person.father, reduced.male), ("m", person.mother, reduced.female)):
        own = (tag, which, person.id)
        if parent not in persons:
            found.append(Factor((own,), reduced.probabilities))
            continue
        n = reduced.states
        passed = np.stack([np.repeat(matrix[:, None, :], n, axis=1), np.repeat(matrix[None, :, :], n, axis=0)])
        found.append(Factor(((tag, "z", which, person.id), (tag, "p", parent), (tag, "m", parent), own), passed))
    if person.inbreeding and person.founder:
        p, f = reduced.probabilities, person.inbreeding
        return [Factor(((tag, "p", person.id), (tag, "m", person.id)), (1 - f) * np.outer(p, p) + f * np.diag(p))]
    return found


def _relevant(pedigrees: Sequence[Pedigree], typed: set[str]) -> dict[str, Person]:
    """Typed persons and their ancestors."""
    known = {p.id: p for each in pedigrees for p in each.ordered}
    kept: set[str] = set()
    waiting = [id_ for id_ in typed if id_ in known]
    while waiting:
        id_ = waiting.pop()
        if id_ not in kept:
            kept.add(id_)
            waiting += [q for q in (known[id_].father, known[id_].mother) if q is not None]
    return {id_: person for id_, person in known.items() if id_ in kept}
