"""Genotypes by simulation: dropped through a pedigree, or drawn given what is already typed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from convenio.programs.missing.methods.likelihood import Model, Typed
from convenio.programs.missing.methods.locus import Locus
from convenio.programs.missing.methods.observation import Observation
from convenio.programs.missing.methods.pedigree import Pedigree, Person
from convenio.programs.missing.methods.peel import peel

Alleles = npt.NDArray[np.intp]


def drop_genes(pedigree: Pedigree, locus: Locus, number: int, rng: np.random.Generator) -> dict[str, Alleles]:
    """Genotypes of everyone in a pedigree, many times over.

    Args:
        pedigree: who descends from whom; an unknown parent is a stranger.
        locus: the marker, with its mutation models.
        number: how many times.
        rng: randomness.

    Returns:
        Per person the paternal and the maternal allele's position, shape (number, 2); a man on the X chromosome has
        his one allele twice.
    """
    male, female = (np.cumsum(matrix, axis=1) for matrix in locus.transmission)
    p = locus.probabilities / locus.probabilities.sum()
    found: dict[str, Alleles] = {}

    def inherited(parent: str | None, cumulated: npt.NDArray[np.float64]) -> Alleles:
        if parent is None:
            return rng.choice(len(p), number, p=p)
        chosen = found[parent][np.arange(number), rng.integers(0, 2, number)]
        changed: Alleles = (rng.random(number)[:, None] > cumulated[chosen]).sum(axis=1)
        return np.minimum(changed, len(p) - 1)

    for person in pedigree.ordered:
        maternal = inherited(person.mother, female)
        single = locus.chromosome == "X" and person.sex == "male"
        paternal = maternal if single else inherited(person.father, male)
        if person.inbreeding:
            paternal = np.where(rng.random(number) < person.inbreeding, maternal, paternal)
        found[person.id] = np.column_stack([paternal, maternal])
    return found


def draw_given(
    pedigrees: Sequence[Pedigree],
    locus: Locus,
    typed: Typed,
    person: str,
    rng: np.random.Generator,
    *,
    number: int = 1,
    model: Model | None = None,
) -> list[tuple[str, str]]:
    """Genotypes of one person given what the others show, drawn from the exact distribution."""
    peeled = peel(pedigrees, locus, typed, (person,), model=model)[person]
    weights = (peeled.joint if peeled.joint.any() else peeled.apart).ravel()
    cells = rng.choice(len(weights), number, p=weights / weights.sum())
    names = _names(locus, peeled.reduced.groups)
    if peeled.joint.ndim == 1:
        return [(names[c], names[c]) for c in cells.tolist()]
    n = peeled.joint.shape[0]
    return [(names[c // n], names[c % n]) for c in cells.tolist()]


def observed(alleles: tuple[str, ...]) -> Observation | None:
    """What a sample with these alleles shows; nothing where both are silent."""
    shown = tuple(dict.fromkeys(a for a in alleles if a != "silent"))
    return Observation(shown) if shown else None


def allele_names(locus: Locus) -> list[str]:
    """Names of all allele positions, the silent one last."""
    return [*locus.alleles, *(["silent"] if locus.silent else [])]


def _names(locus: Locus, groups: npt.NDArray[np.intp]) -> list[str]:
    """The allele of each state, all alleles having states of their own."""
    names = [""] * (int(groups.max()) + 1)
    for name, state in zip(allele_names(locus), groups.tolist(), strict=True):
        names[state] = name
    return names


def nuclear_family(siblings: int, *, father: bool = False, mother: bool = False) -> tuple[Pedigree, tuple[str, ...]]:
    """A missing person's parents and full siblings, and which of them gave a sample: the classes of a search."""
    persons = [Person("FA", sex="male"), Person("MO", sex="female"), Person("MP", "FA", "MO")]
    persons += [Person(f"S{i + 1}", "FA", "MO") for i in range(siblings)]
    sampled = [*(["FA"] if father else []), *(["MO"] if mother else []), *(f"S{i + 1}" for i in range(siblings))]
    return Pedigree.of(persons), tuple(sampled)
