"""Searching: every family against every set of remains, by tables peeled once per family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.coancestry import peel_alike
from convenio.programs.missing.methods.encoding import POOLED, Encoded, encode, genotypes
from convenio.programs.missing.methods.gather import gather
from convenio.programs.missing.methods.kinship import Profile
from convenio.programs.missing.methods.likelihood import Model, Typed
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.peel import Peeled, peel
from convenio.programs.missing.methods.remains import Family
from convenio.programs.missing.methods.sighting import Sighting, seen_ratios

Places = npt.NDArray[np.intp]
PLAIN = Sighting()
SINGLE = 1e-3


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
    dropout: float | Mapping[str, float] = 0.0,
    dropin: float = 0.0,
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
        model: engine and theta; theta holds for candidates and families alike, related or not.
        sexes: `male` or `female` by candidate; a candidate of the other sex is no hit.
        dropout: probability that a copy of an allele is not seen, of all candidates or by candidate.
        dropin: probability that a foreign allele appears in a candidate with drop-out.
        unlisted: frequency of an allele that is not in the table.
        pooled: put unlisted alleles together, see `encode`.
        progress: told the share done.

    Raises:
        InputError: no locus is shared, a reference has an allele that `candidates` were encoded without, or drop-out
            is given for someone who is no candidate.
        TooLarge: a family cannot be peeled in memory.
    """
    model = model or Model()
    also = {f"{f.name}:{id_}": profile for f in families for id_, profile in f.references.items()}
    coded = (
        candidates
        if isinstance(candidates, Encoded)
        else encode(candidates, population, also=also, unlisted=unlisted, pooled=pooled)
    )
    tasks = [(family, id_) for family in families for id_ in family.missing]
    sex = np.array([(sexes or {}).get(each, "unknown") for each in coded.ids])
    groups = _by_sighting(coded, dropout, dropin)
    hits: list[Hit] = []
    notes = [*coded.notes, *_left_out(population)]
    for done, (family, id_) in enumerate(tasks):
        peeled = family_peeled(family, id_, coded.loci, model)
        notes += _silent(family, id_, peeled, coded.loci)
        other = {"male": "female", "female": "male"}.get(family.sex(id_))
        for sighting, who in groups:
            table = family_table(peeled, coded.loci, sighting)
            codes = coded.codes if len(who) == len(coded.ids) else coded.codes[:, who]
            wanted = gather(table.astype(np.float32), codes, coded.offsets) >= threshold - SINGLE
            if sexes and other:
                wanted &= sex[who] != other
            for c in who[wanted].tolist():
                ratio = exact_sum(table, coded, c)
                if ratio >= threshold:
                    hits.append(Hit(family.name, id_, coded.ids[c], ratio))
        if progress is not None:
            progress((done + 1) / len(tasks))
    hits.sort(key=lambda h: (-h.log10_lr, h.family, h.missing, h.candidate))
    return Screened(
        tuple(hits),
        len(tasks) * len(coded.ids),
        threshold,
        tuple(locus.name for locus in coded.loci),
        population.name,
        tuple(notes),
    )


def _by_sighting(coded: Encoded, dropout: float | Mapping[str, float], dropin: float) -> list[tuple[Sighting, Places]]:
    """Candidates by their drop-out, since each value of it has a table of its own."""
    if not isinstance(dropout, Mapping):
        return [(Sighting(dropout, dropin), np.arange(len(coded.ids)))]
    strangers = sorted(set(dropout) - set(coded.ids))
    if strangers:
        raise InputError(
            _("drop-out is given for {id}, who is no candidate", id=strangers[0]),
            advice=_("use the ids of the remains"),
        )
    values = np.array([dropout.get(id_, 0.0) for id_ in coded.ids])
    return [(Sighting(value, dropin), np.nonzero(values == value)[0]) for value in np.unique(values).tolist()]


def _left_out(population: Population) -> list[Message]:
    """A search takes autosomal loci only; the others are named."""
    others = [name for name, locus in population.loci.items() if locus.chromosome != "A"]
    if not others:
        return []
    return [_("left out, since a search compares autosomal loci: {loci}", loci=", ".join(others))]


def _silent(family: Family, missing: str, peeled: Sequence[Peeled | None], loci: Sequence[Locus]) -> list[Message]:
    """Loci at which a family contradicts its own pedigree say nothing, and are named once."""
    if missing != family.missing[0]:
        return []
    wrong = [locus.name for locus, each in zip(loci, peeled, strict=True) if each and not each.apart.any()]
    if not wrong:
        return []
    return [
        _(
            "{family}: its references contradict the pedigree at {loci}, which therefore say nothing here",
            family=family.name,
            loci=", ".join(wrong),
        )
    ]


def family_peeled(family: Family, missing: str, loci: Sequence[Locus], model: Model) -> list[Peeled | None]:
    """What a family says of one missing person, locus by locus; None where no reference was typed."""
    found: list[Peeled | None] = []
    for locus in loci:
        typed = references_at(family, locus)
        if not typed:
            found.append(None)
        elif model.theta:
            found.append(peel_alike(family.pedigrees, locus, typed, missing, model))
        else:
            found.append(peel(family.pedigrees, locus, typed, (missing,), model=model)[missing])
    return found


def family_table(peeled: Sequence[Peeled | None], loci: Sequence[Locus], sighting: Sighting = PLAIN) -> Array:
    """Log10 likelihood ratio of every genotype of every locus, one after the other; 0 for the untyped."""
    parts = []
    for locus, each in zip(loci, peeled, strict=True):
        number = len(locus.alleles)
        ratios = np.ones(genotypes(number)) if each is None else seen_ratios(each, number, sighting)
        with np.errstate(divide="ignore"):
            parts.append(np.append(np.log10(ratios), 0.0))
    return np.concatenate(parts)


def references_at(family: Family, locus: Locus) -> Typed:
    """What a family's references show at a locus.

    Raises:
        InputError: a reference has an allele that the locus does not know.
    """
    found = {}
    for id_, profile in family.references.items():
        spelled = {name.upper(): name for name in profile}
        alleles = alleles_of(profile.get(spelled.get(locus.name.upper(), "")), f"{id_}, {locus.name}")
        if alleles:
            strange = [a for a in alleles if a not in locus.index]
            if strange and locus.alleles[-1] != POOLED:
                raise InputError(
                    _("allele {allele} is not among those the remains were encoded with", allele=strange[0]),
                    where=f"{family.name}, {id_}, {locus.name}",
                    advice=_("encode the remains with the references in `also`, or with `pooled`"),
                )
            listed = (a if a in locus.index else POOLED for a in alleles)
            found[id_] = Observation(tuple(dict.fromkeys(listed)))
    return found


def exact_sum(table: Array, coded: Encoded, candidate: int) -> float:
    """A candidate's log10 likelihood ratio in double precision."""
    return float(table[coded.offsets[:-1] + coded.codes[:, candidate]].sum())
