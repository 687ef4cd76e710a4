"""Searching: every family against every set of remains, by tables peeled once per family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.encoding import Encoded, encode, pairs_of
from convenio.programs.missing.methods.gather import gather
from convenio.programs.missing.methods.kinship import Profile
from convenio.programs.missing.methods.likelihood import Model, Typed
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.peel import peel
from convenio.programs.missing.methods.remains import Family


@dataclass(frozen=True)
class Hit:
    """A candidate worth a full comparison.

    Args:
        family: name.
        missing: id of the missing person.
        candidate: id of the remains.
        log10_lr: log10 of the likelihood ratio, this candidate is the missing person, against an unrelated person.
    """

    family: str
    missing: str
    candidate: str
    log10_lr: float


@dataclass(frozen=True)
class Screened:
    """Result of a search.

    Args:
        hits: above the threshold, the strongest first.
        compared: number of comparisons.
        threshold: least log10 likelihood ratio of a hit.
        loci: names of the loci used.
        population: name of the frequencies.
        notes: what a reader must know.
    """

    hits: tuple[Hit, ...]
    compared: int
    threshold: float
    loci: tuple[str, ...]
    population: str
    notes: tuple[Message, ...] = ()


def screen(
    candidates: Mapping[str, Profile] | Encoded,
    families: Sequence[Family],
    population: Population,
    *,
    threshold: float = 2.0,
    model: Model | None = None,
    sexes: Mapping[str, str] | None = None,
    unlisted: float | None = None,
    pooled: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Screened:
    """Hold every candidate against every missing person of every family.

    Each family is peeled once per locus to a table of likelihood ratios by genotype; a candidate then costs one
    look-up per locus. Each missing person is taken alone, the others of the family being untyped.

    Args:
        candidates: remains, id to profile, or encoded beforehand (with the references in `also`).
        families: with references and missing persons.
        population: frequencies; its mutation models apply.
        threshold: least log10 likelihood ratio of a hit.
        model: engine; theta must be 0 here.
        sexes: `male` or `female` by candidate; a candidate of the other sex is no hit.
        unlisted: frequency of an allele that is not in the table.
        pooled: put unlisted alleles together, see `encode`.
        progress: told the share done.

    Raises:
        InputError: theta is not 0, or no locus is shared.
        TooLarge: a family cannot be peeled in memory.
    """
    model = model or Model()
    if model.theta:
        raise InputError(
            _("a search does not take theta"),
            advice=_("search without, then compute the hits with theta by `kinship`"),
        )
    also = {f"{f.name}:{id_}": profile for f in families for id_, profile in f.references.items()}
    coded = (
        candidates
        if isinstance(candidates, Encoded)
        else encode(candidates, population, also=also, unlisted=unlisted, pooled=pooled)
    )
    tasks = [(family, id_) for family in families for id_ in family.missing]
    sex = np.array([(sexes or {}).get(each, "unknown") for each in coded.ids])
    hits: list[Hit] = []
    for done, (family, id_) in enumerate(tasks):
        table = family_table(family, id_, coded.loci, model)
        found = gather(table.astype(np.float32), coded.codes, coded.offsets)
        wanted = found >= threshold
        other = {"male": "female", "female": "male"}.get(family.sex(id_))
        if sexes and other:
            wanted &= sex != other
        hits += [
            Hit(family.name, id_, coded.ids[c], exact_sum(table, coded, c)) for c in np.nonzero(wanted)[0].tolist()
        ]
        if progress is not None:
            progress((done + 1) / len(tasks))
    hits.sort(key=lambda h: (-h.log10_lr, h.family, h.missing, h.candidate))
    return Screened(
        tuple(hits),
        len(tasks) * len(coded.ids),
        threshold,
        tuple(locus.name for locus in coded.loci),
        population.name,
        coded.notes,
    )


def family_table(family: Family, missing: str, loci: Sequence[Locus], model: Model) -> Array:
    """Log10 likelihood ratio of every genotype of every locus, one after the other; 0 for the untyped."""
    parts = []
    for locus in loci:
        typed = references_at(family, locus)
        low, high = pairs_of(len(locus.alleles))
        ratios = np.ones(len(low))
        if typed:
            peeled = peel(family.pedigrees, locus, typed, (missing,), model=model)[missing]
            groups = peeled.reduced.groups
            if locus.silent:
                ratios = _with_silent(peeled.joint, peeled.apart, groups, low, high)
            elif peeled.apart.any():
                ratios = peeled.ratio[groups[low], groups[high]]
        with np.errstate(divide="ignore"):
            parts.append(np.append(np.log10(ratios), 0.0))
    return np.concatenate(parts)


def _with_silent(
    joint: Array, apart: Array, groups: npt.NDArray[np.intp], low: npt.NDArray[np.intp], high: npt.NDArray[np.intp]
) -> Array:
    """Likelihood ratios of what is seen, where a homozygote may hide a silent allele."""
    silent = groups[-1]

    def shown(table: Array) -> Array:
        found: Array = table[groups[low], groups[high]] * np.where(low == high, 1.0, 2.0)
        return found + np.where(low == high, 2 * table[groups[low], silent], 0.0)

    under = shown(apart)
    return np.divide(shown(joint), under, out=np.ones_like(under), where=under > 0)


def references_at(family: Family, locus: Locus) -> Typed:
    """What a family's references show at a locus."""
    found = {}
    for id_, profile in family.references.items():
        spelled = {name.upper(): name for name in profile}
        alleles = alleles_of(profile.get(spelled.get(locus.name.upper(), "")), f"{id_}, {locus.name}")
        if alleles:
            listed = (a if a in locus.index else locus.alleles[-1] for a in alleles)
            found[id_] = Observation(tuple(dict.fromkeys(listed)))
    return found


def exact_sum(table: Array, coded: Encoded, candidate: int) -> float:
    """A candidate's log10 likelihood ratio in double precision."""
    return float(table[coded.offsets[:-1] + coded.codes[:, candidate]].sum())
