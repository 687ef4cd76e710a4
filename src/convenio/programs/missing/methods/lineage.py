"""Evidence along one line: Y-STR haplotypes and mitochondrial sequences, as exclusion and by counting.

Lineage markers are shared by a whole paternal or maternal line. They exclude, and they count; they are kept apart from
the ratios of autosomal markers and are never multiplied into them here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.observation import alleles_of

Conclusion = Literal["not excluded", "inconclusive", "excluded"]
LENGTH_VARIANTS = ((302, 315), (16180, 16193), (513, 524), (568, 573))
VARIANT = re.compile(r"([ACGTacgt]?)(\d+)(\.\d+)?([ACGTRYKMSWNacgtrykmswn]|del|d|-)")
CODES = {"R": "AG", "Y": "CT", "K": "GT", "M": "AC", "S": "CG", "W": "AT", "N": "ACGT"}


@dataclass(frozen=True)
class Counted:
    """How common a haplotype is in a database.

    Args:
        count: how often it is there.
        size: haplotypes in the database.
        frequency: (count + 1) / (size + 1), the haplotype at hand being added.
        upper: upper end of the one-sided 95 % interval of Clopper and Pearson 1934.
    """

    count: int
    size: int
    frequency: float
    upper: float


@dataclass(frozen=True)
class LineageResult:
    """Comparison of remains with a relative of the same line.

    Args:
        kind: `Y` or `mitochondrial`.
        conclusion: what the comparison allows to say.
        compared: loci, or positions, compared.
        differences: where they differ.
        counted: how common the haplotype is; None where no database was given.
        meioses: transmissions between the two persons.
    """

    kind: Literal["Y", "mitochondrial"]
    conclusion: Conclusion
    compared: int
    differences: tuple[str, ...]
    counted: Counted | None
    meioses: int

    def describe(self) -> Message:
        """The result in a sentence; no ratio is multiplied into that of other markers."""
        if self.conclusion == "excluded":
            return _("the lines differ at {where}: excluded as members of one line", where=", ".join(self.differences))
        if self.conclusion == "inconclusive":
            return _("the lines differ at {where}: neither excluded nor supported", where=", ".join(self.differences))
        if self.counted is None:
            return _("not excluded; without a database nothing can be said of how common the haplotype is")
        return _(
            "not excluded; the haplotype was seen {count} times among {size}: at most 1 in {one_in} persons (95 %)",
            count=self.counted.count,
            size=self.counted.size,
            one_in=f"{1 / self.counted.upper:.0f}",
        )


def compare_y(
    remains: Mapping[str, str],
    relative: Mapping[str, str],
    *,
    database: Sequence[Mapping[str, str]] | None = None,
    meioses: int = 1,
) -> LineageResult:
    """Compare two Y-STR haplotypes.

    A difference of one repeat at one locus (two where four or more transmissions lie between the persons) may be a
    mutation and is inconclusive; more is an exclusion.

    Args:
        remains: locus to allele; two alleles at a multi-copy locus as `11/14`.
        relative: of a man of the paternal line.
        database: haplotypes of the population, unrelated men.
        meioses: transmissions between the two.

    Raises:
        InputError: no locus was typed in both, or `meioses` is below 1.

    Source: SWGDAM 2022, Interpretation Guidelines for Y-Chromosome STR Typing.
    """
    if meioses < 1:
        raise InputError(_("{number} transmissions between two persons are impossible", number=meioses))
    one, two = _haplotype(remains), _haplotype(relative)
    shared = [locus for locus in one if locus in two]
    if not shared:
        raise InputError(_("no locus was typed in both"), advice=_("compare kits that share loci"))
    different = [locus for locus in shared if one[locus] != two[locus]]
    allowed = 1 if meioses < 4 else 2
    small = all(_steps(one[locus], two[locus]) == 1 for locus in different)
    if not different:
        conclusion: Conclusion = "not excluded"
    else:
        conclusion = "inconclusive" if small and len(different) <= allowed else "excluded"
    counted = None
    if database is not None and conclusion != "excluded":
        known = [_haplotype(each) for each in database]
        complete = [each for each in known if all(locus in each for locus in shared)]
        counted = count(sum(all(each[locus] == one[locus] for locus in shared) for each in complete), len(complete))
    return LineageResult("Y", conclusion, len(shared), tuple(different), counted, meioses)


def compare_mitochondrial(
    remains: Collection[str],
    relative: Collection[str],
    *,
    ranges: Sequence[tuple[int, int]] = ((16024, 16365), (73, 340)),
    database: Sequence[Collection[str]] | None = None,
    meioses: int = 1,
) -> LineageResult:
    """Compare two mitochondrial control-region sequences, given as differences from the reference (rCRS).

    Differences of length in the cytosine stretches and repeats are left aside. One difference is inconclusive, two or
    more are an exclusion; a position where one shows both bases of the other is no difference.

    Args:
        remains: variants, such as `263G`, `A263G`, `315.1C`, `249del`, `16189Y`.
        relative: of a person of the maternal line.
        ranges: positions that were read in both, inclusive.
        database: variants of unrelated persons over the same positions.
        meioses: transmissions between the two.

    Raises:
        InputError: a variant cannot be read.

    Source: SWGDAM 2019, Interpretation Guidelines for Mitochondrial DNA Analysis.
    """
    one, two = _variants(remains, ranges), _variants(relative, ranges)
    different = sorted(p for p in {*one, *two} if not _compatible(one.get(p), two.get(p)))
    conclusion: Conclusion = "not excluded" if not different else "inconclusive" if len(different) == 1 else "excluded"
    counted = None
    if database is not None and conclusion != "excluded":
        known = [_variants(each, ranges) for each in database]
        counted = count(sum(each == one for each in known), len(known))
    read = sum(last - first + 1 for first, last in ranges)
    return LineageResult("mitochondrial", conclusion, read, tuple(map(str, different)), counted, meioses)


def count(seen: int, size: int) -> Counted:
    """Frequency of a haplotype by counting, with its upper bound.

    Raises:
        InputError: the counts are impossible.
    """
    from scipy.stats import beta

    if not 0 <= seen <= size or size < 1:
        raise InputError(_("a haplotype seen {seen} times among {size} is impossible", seen=seen, size=size))
    upper = 1.0 if seen == size else float(beta.ppf(0.95, seen + 1, size - seen))
    return Counted(seen, size, (seen + 1) / (size + 1), upper)


def _haplotype(profile: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    read = {locus.upper(): tuple(sorted(alleles_of(text, locus))) for locus, text in profile.items()}
    return {locus: alleles for locus, alleles in read.items() if alleles}


def _steps(one: tuple[str, ...], two: tuple[str, ...]) -> float:
    """Repeats between two alleles; many where it cannot be told."""
    if len(one) != 1 or len(two) != 1:
        return 99.0
    try:
        return abs(float(one[0]) - float(two[0]))
    except ValueError:
        return 99.0


def _variants(listed: Collection[str], ranges: Sequence[tuple[int, int]]) -> dict[int, str]:
    found = {}
    for text in listed:
        read = VARIANT.fullmatch(text.strip())
        if read is None:
            raise InputError(
                _("{text} is no variant", text=text), advice=_("write, for example, 263G, 315.1C, 249del or 16189Y")
            )
        position, inserted, base = int(read[2]), read[3], read[4]
        length = inserted or base.lower() in ("del", "d", "-")
        if not any(first <= position <= last for first, last in ranges):
            continue
        if length and any(first <= position <= last for first, last in LENGTH_VARIANTS):
            continue
        found[position] = ("ins" + base.upper()) if inserted else base.upper() if len(base) == 1 else "DEL"
    return found


def _compatible(one: str | None, two: str | None) -> bool:
    """Whether two states of a position do not differ; a mixed base fits either, and the reference too."""
    if one == two:
        return True
    mixed = [CODES[each] for each in (one, two) if each in CODES]
    if not mixed:
        return False
    plain = [each for each in (one, two) if each is not None and each not in CODES]
    return all(each in mixed[0] for each in plain) if plain else True
