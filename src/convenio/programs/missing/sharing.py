"""What of the program may cross a border, in which form, and what never does.

Families' genotypes never leave their holder. A peer sends the profile of remains; the holder of the families answers
whether a joint comparison is worth while, and nothing else: no ratio, no locus, no name. Since answers to many slightly
different profiles could still be used to feel out a genotype, only a profile with enough loci is answered, and only one
that is no variation of a profile asked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from convenio.core.errors import Refused
from convenio.core.words import Message, _
from convenio.programs.missing.methods.observation import alleles_of

LEAST_LOCI = 12
WORTH_WHILE = 4.0
LEAST_DIFFERENT = 4


@dataclass(frozen=True)
class Shared:
    """One kind of data and its way across.

    Args:
        what: the data.
        form: in which form it crosses; None where it never does.
        why: the reason, as a person reads it.
    """

    what: Message
    form: Message | None
    why: Message


SHARING: tuple[Shared, ...] = (
    Shared(
        _("genotypes of relatives"),
        None,
        _("given to find one person; whoever holds them could find the whole family"),
    ),
    Shared(_("names and addresses of families"), None, _("contact is for the institution that the family trusts")),
    Shared(
        _("profiles of unidentified remains"),
        _("whole, under a clause for identification, to be compared where the families' genotypes are"),
        _("the dead are to be found; a profile without a name is compared and not kept"),
    ),
    Shared(
        _("whether a joint comparison is worth while"),
        _("yes or no, with a case reference, for a profile of at least twelve loci"),
        _("ratios and loci would let genotypes be rebuilt"),
    ),
    Shared(
        _("numbers of remains, families, proposals"),
        _("totals per year, none below five"),
        _("for the commitments' scorecard"),
    ),
)


def answer(
    log10_lr: float, profile: Mapping[str, str], asked_before: Iterable[Mapping[str, str]], case: str
) -> dict[str, str | bool]:
    """What a peer is told of one profile.

    Args:
        log10_lr: the strongest ratio of any family; it is not part of the answer.
        profile: the profile that was sent.
        asked_before: profiles that this peer has sent earlier.
        case: the holder's reference for the comparison that would follow.

    Returns:
        `worth_while`, and `case` where it is.

    Raises:
        Refused: too few loci, or a variation of a profile that was asked before.
    """
    mine = _read(profile)
    if len(mine) < LEAST_LOCI:
        raise Refused(
            _("a profile of {number} loci is not answered", number=len(mine)),
            advice=_("send at least {number} loci", number=LEAST_LOCI),
        )
    for earlier in map(_read, asked_before):
        shared = set(mine) & set(earlier)
        different = sum(mine[locus] != earlier[locus] for locus in shared)
        if mine != earlier and len(shared) >= LEAST_LOCI and different < LEAST_DIFFERENT:
            raise Refused(
                _("this profile is a variation of one that was asked before"),
                advice=_("if the earlier one was mistyped, a releasing officer can withdraw it"),
            )
    if log10_lr < WORTH_WHILE:
        return {"worth_while": False}
    return {"worth_while": True, "case": case}


def _read(profile: Mapping[str, str]) -> dict[str, frozenset[str]]:
    read = {locus.upper(): frozenset(alleles_of(text, locus)) for locus, text in profile.items()}
    return {locus: alleles for locus, alleles in read.items() if alleles}
