"""A family peeled under theta without a state for every allele."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convenio.programs.missing.methods.likelihood import Model, Typed
from convenio.programs.missing.methods.locus import SILENT, Locus
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.observation import reduce
from convenio.programs.missing.methods.pedigree import Pedigree
from convenio.programs.missing.methods.peel import Peeled, peel

BY_FREQUENCY = ("none", "proportional")


def peel_alike(pedigrees: Sequence[Pedigree], locus: Locus, typed: Typed, person: str, model: Model) -> Peeled:
    """Peel a family to every genotype of one person, as `peel` does, with a state for few alleles only.

    Founder alleles under theta make one table over all founders at once, which is small only if there are few states.
    Alleles that no reference shows differ by their frequencies alone: with p the frequency, the probability that the
    person has two different ones is u p_a p_b, and that they are homozygous u p_a^2 + v p_a. So one such allele, and
    all others together, give u and v, and with them every genotype, exactly. That holds where nothing mutates and
    where mutation is proportional to frequency; with other models every allele keeps a state of its own.

    Args:
        pedigrees: the family.
        locus: the marker.
        typed: what the references show.
        person: the missing person.
        model: with a theta above 0.

    Raises:
        TooLarge: the table over all founders would not fit.
    """
    shown = {a for each in typed.values() for a in each.alleles}
    others = [a for a in locus.alleles if a not in shown]
    models = {each.model for each in (locus.mutation.male, locus.mutation.female)}
    if len(others) < 3 or not (locus.mutation.none or models <= set(BY_FREQUENCY)):
        return peel(pedigrees, locus, typed, (person,), model=model)[person]
    chosen = max(others, key=lambda a: locus.freqs[locus.index[a]])
    few = peel(pedigrees, locus, typed, (person,), model=model, seen={chosen})[person]
    whole = reduce(locus, locus.alleles)
    rest = few.reduced.state(next(a for a in others if a != chosen))
    own = few.reduced.state(chosen)
    state = [few.reduced.state(a) for a in (*locus.alleles, *([SILENT] if locus.silent else []))]
    free = np.array([a not in shown for a in locus.alleles] + [False] * bool(locus.silent))
    p = np.where(free, whole.probabilities, 1.0)
    unit = few.reduced.probabilities[own]

    def spread(table: Array) -> Array:
        cells = np.where(np.isin(state, [own, rest]), own, state)
        found = table[np.ix_(cells, cells)] * np.where(free, p / unit, 1.0)
        found = found * np.where(free, p / unit, 1.0)[:, None]
        u = float(table[own, rest]) / (unit * float(few.reduced.probabilities[rest]))
        v = (float(table[own, own]) - u * unit**2) / unit
        pairs = u * np.outer(p, p) + v * np.diag(p)
        spread_out: Array = np.where(np.outer(free, free), pairs, found)
        return spread_out

    return Peeled(whole, spread(few.joint), spread(few.apart))
