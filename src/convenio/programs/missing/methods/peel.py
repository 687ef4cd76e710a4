"""A family peeled once per locus to the missing person's genotypes, so that a candidate is a table look-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.descent import Descent
from convenio.programs.missing.methods.likelihood import Model, Typed, evidence_of
from convenio.programs.missing.methods.locus import Locus
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.network import total
from convenio.programs.missing.methods.observation import Reduced, reduce
from convenio.programs.missing.methods.pedigree import Pedigree, Person, Sex

CANDIDATE = "\x00candidate"


@dataclass(frozen=True)
class Peeled:
    """What a family says of one missing person at one locus.

    Args:
        reduced: the locus' states.
        joint: probability of the family's genotypes together with each ordered genotype of the missing person, half of
            it for either order, shape (states, states); (states,) for a man on the X chromosome.
        apart: the same for a person unrelated to the family.
    """

    reduced: Reduced
    joint: Array
    apart: Array

    @property
    def ratio(self) -> Array:
        """Likelihood ratio of each genotype: the missing person, against somebody unrelated; 0 where neither."""
        return np.divide(self.joint, self.apart, out=np.zeros_like(self.joint), where=self.apart > 0)

    def lr(self, seen: Array) -> Array:
        """Likelihood ratios of what was seen: `seen` is its probability by genotype, one leading axis per sample.

        Where the family contradicts its own pedigree at this locus, the locus says nothing: 1.
        """
        axes = list(range(1, 1 + self.joint.ndim))
        over = np.tensordot(seen, self.joint, axes=(axes, list(range(self.joint.ndim))))
        under = np.tensordot(seen, self.apart, axes=(axes, list(range(self.joint.ndim))))
        return np.divide(over, under, out=np.ones_like(over), where=under > 0)


def peel(
    pedigrees: Sequence[Pedigree],
    locus: Locus,
    typed: Typed,
    persons: Sequence[str],
    *,
    model: Model | None = None,
    seen: Iterable[str] | None = None,
) -> dict[str, Peeled]:
    """Sum a family's likelihood over everything but one person's genotype, for each of several persons.

    Args:
        pedigrees: the family.
        locus: the marker.
        typed: what the references show.
        persons: the missing persons; untyped.
        model: engine and theta.
        seen: alleles that candidates may show; all of the locus by default.

    Raises:
        InputError: a person is not in the family.
        TooLarge: the exact sum would not fit in memory.
    """
    model = model or Model()
    shown = {a for each in typed.values() for a in each.alleles}
    reduced = reduce(locus, shown | set(locus.alleles if seen is None else seen))
    evidence = evidence_of(typed, reduced, pedigrees)
    found: dict[str, Peeled] = {}
    base = float(total(Descent(pedigrees, reduced, evidence, model.engine).factors())) if not model.theta else 0.0
    strangers: dict[str, Array] = {}
    for person in persons:
        sex = _sex_in(pedigrees, person)
        single = locus.chromosome == "X" and sex == "male"
        one = Descent(pedigrees, reduced, evidence, model.engine, model.theta, keep=person)
        joint = total(one.factors(), one.kept())
        if not single:
            joint = (joint + joint.T) / 2
        if not model.theta:
            p = reduced.probabilities
            found[person] = Peeled(reduced, joint, base * (p if single else np.outer(p, p)))
            continue
        if sex not in strangers:
            other = Pedigree.of([Person(CANDIDATE, sex=sex)])
            two = Descent([*pedigrees, other], reduced, evidence, model.engine, model.theta, keep=CANDIDATE)
            strangers[sex] = total(two.factors(), two.kept())
        found[person] = Peeled(reduced, joint, strangers[sex])
    return found


def _sex_in(pedigrees: Sequence[Pedigree], person: str) -> Sex:
    for each in pedigrees:
        if person in each.by_id:
            return each.by_id[person].sex
    raise InputError(_("the missing person {id} is not in the pedigree", id=person))
