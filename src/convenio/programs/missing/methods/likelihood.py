"""Likelihoods of typed persons under a hypothesis, locus by locus, exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.descent import ENGINES, Descent, Engine, Evidence
from convenio.programs.missing.methods.locus import Locus
from convenio.programs.missing.methods.network import total
from convenio.programs.missing.methods.observation import (
    Observation,
    Reduced,
    genotype_table,
    haplotype_table,
    reduce,
)
from convenio.programs.missing.methods.pedigree import Pedigree

Typed = Mapping[str, Observation]


@dataclass(frozen=True)
class Model:
    """What a likelihood is computed with, besides frequencies and mutation, which the loci carry.

    Args:
        engine: `pedprobr` or `familias`: what happens to untyped founders that can mutate.
        theta: coancestry coefficient.
    """

    engine: Engine = "pedprobr"
    theta: float = 0.0

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise InputError(
                _("{engine} is no engine", engine=self.engine),
                advice=_("the engines are {engines}", engines=", ".join(ENGINES)),
            )
        if not 0 <= self.theta < 1:
            raise InputError(_("theta {theta} is impossible", theta=self.theta), advice=_("it is 0 or more, below 1"))


def hypothesis(pedigrees: Pedigree | Sequence[Pedigree], name: str) -> tuple[Pedigree, ...]:
    """A hypothesis as pedigrees with distinct persons.

    Raises:
        InputError: a person is in two of the pedigrees.
    """
    listed = (pedigrees,) if isinstance(pedigrees, Pedigree) else tuple(pedigrees)
    seen: set[str] = set()
    for each in listed:
        twice = seen & set(each.by_id)
        if twice:
            raise InputError(
                _("{id} is in two pedigrees of one hypothesis", id=min(twice)),
                where=name,
                advice=_("join the pedigrees, or give unrelated persons distinct ids"),
            )
        seen |= set(each.by_id)
    return listed


def evidence_of(typed: Typed, reduced: Reduced, pedigrees: Sequence[Pedigree]) -> dict[str, Evidence]:
    """The evidence of the typed persons who are in the pedigrees, over the states of `reduced`."""
    found = {}
    for pedigree in pedigrees:
        for id_, person in pedigree.by_id.items():
            if id_ in typed:
                if reduced.locus.chromosome == "X" and person.sex == "male":
                    table = haplotype_table(typed[id_], reduced, f"{id_}, {reduced.locus.name}")
                else:
                    table = genotype_table(typed[id_], reduced)
                found[id_] = Evidence(table)
    return found


def locus_likelihood(pedigrees: Sequence[Pedigree], locus: Locus, typed: Typed, model: Model = Model()) -> float:
    """Probability of the typed genotypes at one locus under a hypothesis.

    Args:
        pedigrees: the hypothesis; persons of different pedigrees are unrelated (but for theta).
        locus: the marker.
        typed: what was seen, by person; alleles must be in the locus.
        model: engine and theta.

    Raises:
        TooLarge: the exact sum would not fit in memory.
    """
    reduced = reduce(locus, {a for each in typed.values() for a in each.alleles})
    descent = Descent(pedigrees, reduced, evidence_of(typed, reduced, pedigrees), model.engine, model.theta)
    return float(total(descent.factors()))
