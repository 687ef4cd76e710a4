"""Lists held ready, and customers asked of them one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.entities.comparison import Rarity, birth_date
from convenio.entities.comparison.evidence import posterior
from convenio.entities.names.person import PersonName
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.explain import explain, would_change
from convenio.programs.finance.screening.index import NameIndex, NameOf, counted
from convenio.programs.finance.screening.party import Party
from convenio.programs.finance.screening.weigh import THRESHOLD, Facts, Weighed, facts, weigh

CLEARED_STATES = frozenset({"disproved", "favourable_ruling"})
"""States of a procedure in which the authority or a court found for the taxpayer: such entries are not screened."""

_SPARED = 0.65


@dataclass(frozen=True)
class Hit:
    """A customer who may be a listed party.

    Args:
        customer: the customer.
        entry: the entry of the list.
        weighed: names, evidence and score.
        posterior: probability by the user's prior; None without one.
    """

    customer: Party
    entry: ListEntry
    weighed: Weighed
    posterior: float | None = None

    @property
    def explanation(self) -> Message:
        """Field by field, as it can be read aloud."""
        return explain(self.customer, self.entry, self.weighed)

    @property
    def would_change(self) -> Message:
        """What would change the answer."""
        return would_change(self.weighed)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of everything that was compared: equal as long as neither side changed."""
        known = self.customer
        said = "\n".join(
            (known.name, str(known.birth_date), known.state, known.sex, known.curp, known.rfc, known.passport)
        )
        return hashlib.sha256(f"{said}\n--\n{_told(self.entry)}".encode()).hexdigest()[:32]


class Screener:
    """One or more lists, indexed.

    Args:
        entries: the lists' entries; those whose procedure ended for them (`CLEARED_STATES`) are left out.
        rarity: how common names are; Mexico's frequencies without one.
        threshold: score from which a pair is a hit, above 0 and at most 1.
        prior: the user's probability, before looking, that a customer picked at random is a given entry.

    Raises:
        InputError: a threshold or prior that cannot be.
    """

    def __init__(
        self,
        entries: Sequence[ListEntry],
        *,
        rarity: Rarity | None = None,
        threshold: float = THRESHOLD,
        prior: float | None = None,
    ) -> None:
        check_threshold(threshold)
        if prior is not None and not 0 < prior < 1:
            raise InputError(
                _("a prior of {prior} is no probability between 0 and 1", prior=prior),
                advice=_("for one listed party among a million customers, say 0.000001"),
            )
        self.entries = [entry for entry in entries if entry.state not in CLEARED_STATES]
        self.rarity = rarity or Rarity()
        self.threshold = threshold
        self.prior = prior
        self.facts = [facts(entry) for entry in self.entries]
        self._persons = NameIndex(self.entries, persons=True)
        self._others = NameIndex(self.entries, persons=False)
        self._numbers: dict[str, list[int]] = {}
        for at, each in enumerate(self.facts):
            for value in (*each.curps, *each.rfcs, *each.passports):
                self._numbers.setdefault(_number(value), []).append(at)

    def hits(self, known: Party) -> list[Hit]:
        """Every entry that the customer may be, best first; the best name of each entry stands for it."""
        best: dict[int, Weighed] = {}
        index = self._persons if known.is_person else self._others
        by_number = self._by_number(known)
        for parsed in known.parsed:
            places = index.candidates(parsed)
            for place in places:
                name = index.names[place]
                listed = self.facts[name.entry]
                if name.entry not in by_number and (
                    self.threshold > _SPARED and not _may_reach(parsed, name.parsed, known, listed)
                ):
                    continue
                found = weigh(known, parsed, name.listed, name.parsed, listed, self.rarity)
                if found.score >= self.threshold and _better(found, best.get(name.entry)):
                    best[name.entry] = found
            for entry in by_number - set(best):
                nearest = self._by_all_names(known, parsed, entry, index)
                if nearest is not None and nearest.score >= self.threshold:
                    best[entry] = nearest
        made = [Hit(known, self.entries[at], found, self._posterior(found)) for at, found in best.items()]
        return sorted(made, key=lambda hit: (-hit.weighed.score, -hit.weighed.weight, hit.entry.source, hit.entry.id))

    def screen(self, known: Iterable[Party]) -> Iterator[Hit]:
        """The hits of many customers, in their order."""
        for each in known:
            yield from self.hits(each)

    def candidate_names(self, parsed: PersonName) -> list[NameOf]:
        """The listed persons' names that a name is compared with: those that share enough of its words."""
        return [self._persons.names[place] for place in self._persons.candidates(parsed)]

    def _by_number(self, known: Party) -> set[int]:
        values = (_number(each) for each in (known.curp, known.rfc, known.passport) if each)
        return {at for value in values if len(value) > 5 for at in self._numbers.get(value, ())}

    def _by_all_names(self, known: Party, parsed: object, entry: int, index: NameIndex) -> Weighed | None:
        names = [each for each in index.names_of(entry) if type(each.parsed) is type(parsed)]
        made = [
            weigh(known, parsed, each.listed, each.parsed, self.facts[entry], self.rarity)  # type: ignore[arg-type]
            for each in names
        ]
        return max(made, key=lambda each: each.score, default=None)

    def _posterior(self, found: Weighed) -> float | None:
        return None if self.prior is None else posterior(found.calibrated, self.prior)


def check_threshold(threshold: float) -> None:
    """Refuse a threshold that would flag everything or nothing.

    Raises:
        InputError: it is not above 0, or above 1.
    """
    if not 0 < threshold <= 1:
        raise InputError(
            _("a threshold of {threshold} would flag everyone or no one", threshold=threshold),
            advice=_("choose one between 0.5 and 1; {usual} is the usual one", usual=THRESHOLD),
        )


def _may_reach(parsed: object, other: object, known: Party, listed: Facts) -> bool:
    """Stop early: names that are not word for word the same need a birth date that does not speak against them.

    A birth date that differs takes 0.35 off the names' similarity, so that no name with a slip reaches a threshold
    above `_SPARED`: the full comparison is spared. Identifiers that agree are looked up before.
    """
    if not isinstance(parsed, PersonName) or not isinstance(other, PersonName):
        return True
    one, two = set(counted(parsed)), set(counted(other))
    if one <= two or two <= one:
        return True
    if known.birth_date is None or not listed.births:
        return True
    return birth_date(known.birth_date, listed.births).bans > -1.0 or bool(known.curp and listed.curps)


def _better(found: Weighed, held: Weighed | None) -> bool:
    return held is None or (found.score, found.weight, not found.listed.weak) > (
        held.score,
        held.weight,
        not held.listed.weak,
    )


def _number(value: str) -> str:
    return "".join(char for char in value.upper() if char.isalnum())


def _told(entry: ListEntry) -> str:
    return repr((entry.source, entry.id, entry.names, entry.birth_dates, entry.birth_places, entry.identifiers))
