"""From what a family says of a genotype to what it says of a genotype as seen: silent alleles, drop-out, drop-in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.encoding import pairs_of
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.peel import Peeled


@dataclass(frozen=True)
class Sighting:
    """How well a sample shows its genotype.

    Args:
        dropout: probability that a copy of an allele is not seen, per copy.
        dropin: probability that a foreign allele appears; only where there is drop-out, as in `kinship_lr`.
    """

    dropout: float = 0.0
    dropin: float = 0.0

    def __post_init__(self) -> None:
        advice = _("it is a probability: 0 or more, below 1")
        if not 0 <= self.dropout < 1:
            raise InputError(_("a drop-out of {value} is impossible", value=self.dropout), advice=advice)
        if not 0 <= self.dropin < 1:
            raise InputError(_("a drop-in of {value} is impossible", value=self.dropin), advice=advice)


def seen_ratios(peeled: Peeled, alleles: int, sighting: Sighting) -> Array:
    """Likelihood ratio of every genotype as seen, in the order of `pairs_of(alleles)`.

    A single allele seen may be a homozygote, hide a silent allele, or be what drop-out has left; drop-in may have
    added it. The same sum as `genotype_table`'s, for all genotypes at once.

    Args:
        peeled: what the family says, and what is said of a stranger.
        alleles: number of alleles of the locus, the silent one not counted.
        sighting: drop-out and drop-in of the sample.

    Returns:
        1 where neither the missing person nor a stranger can show it.
    """
    over, under = (_shown(table, peeled, alleles, sighting) for table in (peeled.joint, peeled.apart))
    return np.divide(over, under, out=np.ones_like(over), where=under > 0)


def _shown(table: Array, peeled: Peeled, alleles: int, sighting: Sighting) -> Array:
    """Probability of every genotype as seen, from the probability of every ordered genotype."""
    groups = peeled.reduced.groups
    hidden = np.full(len(table), sighting.dropout)
    if peeled.reduced.locus.silent:
        hidden[groups[-1]] = 1.0
    state = groups[:alleles]
    shows = 1 - sighting.dropout
    both = shows**2 * table[np.ix_(state, state)]
    none = float(hidden @ table @ hidden)
    alone = 2 * shows * (table @ hidden)[state] + np.diag(both)
    low, high = pairs_of(alleles)
    dropin = sighting.dropin if sighting.dropout else 0.0
    into = dropin * peeled.reduced.probabilities[state]
    one = into * none + (1 - dropin) * alone
    two = into[low] * into[high] * none + into[high] * alone[low] + into[low] * alone[high]
    found: Array = np.where(low == high, one[low], two + (1 - dropin) * 2 * both[low, high])
    return found
