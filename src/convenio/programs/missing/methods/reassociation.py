"""Remains are not persons: which samples come from one body, before anyone is identified."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.programs.missing.methods.kinship import typed_loci
from convenio.programs.missing.methods.likelihood import Typed, locus_likelihood
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.observation import alleles_of, genotype_table, reduce
from convenio.programs.missing.methods.pedigree import Pedigree, Person, Sex, singleton
from convenio.programs.missing.methods.remains import Remains, could_be

SIBLINGS = Pedigree.of(
    [Person("F", sex="male"), Person("M", sex="female"), Person("A", "F", "M"), Person("B", "F", "M")]
)


@dataclass(frozen=True)
class SamePerson:
    """Two samples compared.

    Args:
        one: id.
        two: id.
        loci: typed in both.
        log10_unrelated: log10 likelihood ratio, one person against two unrelated ones.
        log10_siblings: log10 likelihood ratio, one person against full siblings.
    """

    one: str
    two: str
    loci: int
    log10_unrelated: float
    log10_siblings: float


@dataclass(frozen=True)
class Reassociation:
    """Samples put together by person.

    Args:
        persons: one entry per person: its remains with the joint profile; the id is that of the first sample.
        members: samples of each.
        compared: every pair that was compared and not excluded.
        notes: what a reader must know.
    """

    persons: tuple[Remains, ...]
    members: tuple[tuple[str, ...], ...]
    compared: tuple[SamePerson, ...]
    notes: tuple[Message, ...]


def reassociate(
    samples: Sequence[Remains], population: Population, *, least_unrelated: float = 6.0, least_siblings: float = 3.0
) -> Reassociation:
    """Put samples of one person together.

    Two samples are joined when one person is more probable than two unrelated ones by `least_unrelated` and than full
    siblings by `least_siblings` (log10), and a group only when every pair in it is.

    Args:
        samples: with their drop-out probabilities.
        population: allele frequencies; mutation plays no part.
        least_unrelated: log10 likelihood ratio against unrelated persons.
        least_siblings: log10 likelihood ratio against full siblings, who may lie in one grave.
    """
    typing = typed_loci({s.id: s.profile for s in samples}, population, dropout={s.id: s.dropout for s in samples})
    compared: dict[tuple[int, int], SamePerson] = {}
    for i, j in itertools.combinations(range(len(samples)), 2):
        if could_be(samples[i], samples[j].sex):
            found = _compare(samples[i].id, samples[j].id, typing.loci)
            if found.loci and found.log10_unrelated > -math.inf:
                compared[i, j] = found
    groups: list[list[int]] = []
    for i in range(len(samples)):
        fitting = [g for g in groups if all(_joined(compared.get((k, i)), least_unrelated, least_siblings) for k in g)]
        if fitting:
            fitting[0].append(i)
        else:
            groups.append([i])
    notes = list(typing.notes)
    notes += [
        _("{one} and {two} fit one person, but too weakly to be joined", one=each.one, two=each.two)
        for (i, j), each in compared.items()
        if each.log10_unrelated > 2 and not any(i in g and j in g for g in groups)
    ]
    return Reassociation(
        tuple(_merged([samples[i] for i in group]) for group in groups),
        tuple(tuple(samples[i].id for i in group) for group in groups),
        tuple(compared.values()),
        tuple(notes),
    )


def _joined(found: SamePerson | None, least_unrelated: float, least_siblings: float) -> bool:
    return found is not None and found.log10_unrelated >= least_unrelated and found.log10_siblings >= least_siblings


def _compare(one: str, two: str, typing: Sequence[tuple[Locus, Typed]]) -> SamePerson:
    loci, unrelated, siblings = 0, 0.0, 0.0
    if _differ(one, two, typing):
        return SamePerson(one, two, 1, -math.inf, -math.inf)
    for locus, typed in typing:
        if one not in typed or two not in typed or locus.chromosome == "X":
            continue
        loci += 1
        first, second = typed[one], typed[two]
        reduced = reduce(locus, {*first.alleles, *second.alleles})
        prior = reduced.probabilities[:, None] * reduced.probabilities[None, :]
        same = float((prior * genotype_table(first, reduced) * genotype_table(second, reduced)).sum())
        both = {"A": first, "B": second}
        for pedigrees, apart in (([singleton("A"), singleton("B")], True), ([SIBLINGS], False)):
            ratio = same / locus_likelihood(pedigrees, locus, both)
            value = math.log10(ratio) if ratio > 0 else -math.inf
            unrelated, siblings = (unrelated + value, siblings) if apart else (unrelated, siblings + value)
    return SamePerson(one, two, loci, unrelated, siblings)


def _differ(one: str, two: str, typing: Sequence[tuple[Locus, Typed]]) -> bool:
    """Whether two samples without drop-out show different genotypes somewhere: then nothing needs to be summed."""
    for locus, typed in typing:
        first, second = typed.get(one), typed.get(two)
        if first is None or second is None or first.dropout or second.dropout or locus.silent:
            continue
        if set(first.alleles) != set(second.alleles):
            return True
    return False


def _merged(samples: Sequence[Remains]) -> Remains:
    """One person's remains: at each locus the alleles that any sample shows, where they are at most two."""
    if len(samples) == 1:
        return samples[0]
    shown: dict[str, dict[str, None]] = {}
    for each in samples:
        for locus, genotype in each.profile.items():
            alleles = alleles_of(genotype, f"{each.id}, {locus}")
            shown.setdefault(locus, {}).update(dict.fromkeys(alleles))
    profile = {locus: "/".join(alleles) for locus, alleles in shown.items() if 0 < len(alleles) <= 2}
    sex: Sex = next((s.sex for s in samples if s.sex != "unknown"), "unknown")
    return Remains(samples[0].id, profile, sex, min(s.dropout for s in samples))
