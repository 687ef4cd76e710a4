"""A national search: every relative against every set of remains, as parent and child and as full siblings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.encoding import Encoded, genotype_probabilities, genotypes, pairs_of
from convenio.programs.missing.methods.gather import Integers, pair_hits
from convenio.programs.missing.methods.locus import Locus
from convenio.programs.missing.methods.mutation import Array

KAPPA: Mapping[str, tuple[float, float, float]] = {
    "parent_child": (0, 1, 0),
    "full_siblings": (0.25, 0.5, 0.25),
    "half_siblings": (0.5, 0.5, 0),
    "first_cousins": (0.75, 0.25, 0),
    "identical": (0, 0, 1),
}
MISMATCH = 1e-3
RELATIVES = 256


@dataclass(frozen=True)
class PairHits:
    """Pairs above the threshold.

    Args:
        relative: position of the relative.
        candidate: position of the remains.
        log10_lr: log10 likelihood ratios, shape (pairs, 2), of the two relations.
        relations: their names.
        compared: number of pairs compared.
    """

    relative: Integers
    candidate: Integers
    log10_lr: Array
    relations: tuple[str, str]
    compared: int


def screen_relatives(
    relatives: Encoded,
    candidates: Encoded,
    *,
    relations: tuple[str, str] = ("parent_child", "full_siblings"),
    threshold: float = 4.0,
    progress: Callable[[float], None] | None = None,
) -> PairHits:
    """Compare every relative with every candidate, two relations at once.

    A pass over a national registry to find which families deserve a joint comparison; no likelihood ratio for a
    court. Mutation is met by a floor: a locus that excludes a parent and child counts as a ratio of .001.

    Args:
        relatives: encoded over the same loci as `candidates`.
        candidates: the remains.
        relations: two of `KAPPA`'s names.
        threshold: least log10 likelihood ratio of either relation.
        progress: told the share done.

    Raises:
        InputError: the two were not encoded over the same loci and alleles.
    """
    if [(x.name, x.alleles) for x in relatives.loci] != [(x.name, x.alleles) for x in candidates.loci]:
        raise InputError(
            _("relatives and remains were not read over the same loci and alleles"),
            advice=_("encode each with the other's profiles in `also`"),
        )
    offsets = candidates.offsets
    sizes = np.diff(offsets)
    rows = np.concatenate([[0], np.cumsum(sizes * sizes)]).astype(np.int64)
    one, two = (
        np.concatenate([pair_table(locus, KAPPA[name]).ravel() for locus in candidates.loci]) for name in relations
    )
    scale = 32_000 / max(len(sizes) * max(float(np.abs(each).max()) for each in (one, two)), 1.0)
    packed = (np.rint(one * scale).astype(np.int32) << 16) + np.rint(two * scale).astype(np.int32)
    least = math.floor(threshold * scale - len(sizes) / 2) - 1
    codes = np.ascontiguousarray(candidates.codes)
    number, room = relatives.codes.shape[1], 256
    who: list[Integers] = [np.zeros(0, dtype=np.int64)]
    whom: list[Integers] = [np.zeros(0, dtype=np.int64)]
    for begin in range(0, number, RELATIVES):
        part = np.ascontiguousarray(relatives.codes[:, begin : begin + RELATIVES])
        while True:
            counts, found = pair_hits(packed, rows, part, codes, offsets, (least, least), room)
            if counts.max(initial=0) <= room:
                break
            room = int(counts.max()) * 2
        held = np.arange(room)[None, :] < counts[:, None]
        who.append(begin + np.nonzero(held)[0])
        whom.append(found[held])
        if progress is not None:
            progress(min(1.0, (begin + RELATIVES) / number))
    near = np.concatenate(who), np.concatenate(whom)
    values = np.zeros((len(near[0]), 2))
    for locus, size in enumerate(sizes.tolist()):
        cell = rows[locus] + relatives.codes[locus, near[0]].astype(np.int64) * size + codes[locus, near[1]]
        values += np.column_stack([one[cell], two[cell]])
    sure = values.max(axis=1, initial=-np.inf) >= threshold
    return PairHits(near[0][sure], near[1][sure], values[sure], relations, number * codes.shape[1])


def pair_table(locus: Locus, kappa: tuple[float, float, float]) -> Array:
    """Log10 likelihood ratio of every pair of genotypes, shape (genotypes + 1, genotypes + 1); 0 beside the untyped.

    Source: Thompson 1975, Ann Hum Genet 39:173, for the coefficients kappa.
    """
    p = np.array(locus.freqs)
    n = len(p)
    low, high = pairs_of(n)
    identity = np.eye(n)
    given = (identity[low] + identity[high]) / 2
    child = given[:, low] * p[high] + np.where(low == high, 0.0, given[:, high] * p[low])
    alone = genotype_probabilities(p)
    ratio = kappa[0] + kappa[1] * child / alone + kappa[2] * np.eye(genotypes(n)) / alone
    if not kappa[0]:
        ratio = np.maximum(ratio, MISMATCH)
    found = np.zeros((genotypes(n) + 1, genotypes(n) + 1))
    found[:-1, :-1] = np.log10(ratio)
    return found
