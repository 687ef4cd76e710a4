"""A customer beside an entry of a list: every field weighed once, and a score with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from convenio.core.words import Message, _
from convenio.entities import comparison as compared
from convenio.entities.comparison import Evidence, Rarity
from convenio.entities.comparison.identifier import told_by_curp
from convenio.entities.names.company import CompanyName, compare_parsed
from convenio.entities.names.compare import Comparison, compare_persons
from convenio.entities.names.person import PersonName
from convenio.programs.finance.schema import ListedName, ListEntry
from convenio.programs.finance.screening.party import Party

THRESHOLD = 0.70
ENOUGH_OF_A_NAME = 6.5
"""Bans that a name has to bring by itself where a surname is missing on a side and no other fact agrees."""

CALIBRATION = (1.14, -1.2)
"""Slope and shift (in bans) from the sum of weights to a calibrated weight: fields are not wholly independent, so the
plain sum says too much. Fitted by `bench/finance_calibration.py` on one made-up world, checked on another."""

_TOO_LITTLE = frozenset({"one_word", "no_given", "no_surname"})
"""Verdicts on names that share too little for a birth date to lift them over the threshold."""

_STRONG, _SOME, _CONTRARY = 2.5, 1.0, -1.0


@dataclass(frozen=True)
class Facts:
    """What a list says of one entry, ready to compare.

    Args:
        entry: the entry.
        births: spans of days, the CURP's date only where the list gives no other.
        states: codes of states of birth.
        sex: as the list or the CURP says.
        curps, rfcs, passports: as listed.
    """

    entry: ListEntry
    births: tuple[tuple[str, str], ...]
    states: tuple[str, ...]
    sex: str
    curps: tuple[str, ...]
    rfcs: tuple[str, ...]
    passports: tuple[str, ...]


def facts(entry: ListEntry) -> Facts:
    """The facts of an entry."""
    curps = entry.identified_by("curp")
    told = next((found for value in curps if (found := told_by_curp(value))), None)
    births = tuple(dict.fromkeys((each.first, each.last) for each in entry.birth_dates))
    if not births and told and told.birth_date:
        births = ((told.birth_date.isoformat(),) * 2,)
    states = tuple(dict.fromkeys(code for place in entry.birth_places if (code := compared.state_code(place))))
    if not states and told and told.state:
        states = (told.state,)
    return Facts(
        entry,
        births,
        states,
        entry.gender or (told.sex if told else ""),
        curps,
        entry.identified_by("rfc"),
        entry.identified_by("passport"),
    )


@dataclass(frozen=True)
class Weighed:
    """A customer and an entry, weighed.

    Args:
        score: decision scale, 0 to 1; a hit at the threshold and above.
        similarity: of the names alone.
        listed: the name of the entry that is nearest.
        evidence: field by field; their sum is the weight of evidence.
        limit: what keeps the score down where the names alone would reach further; None otherwise.
    """

    score: float
    similarity: float
    listed: ListedName
    evidence: tuple[Evidence, ...]
    limit: Message | None = None

    @property
    def weight(self) -> float:
        """Total weight of evidence in bans."""
        return compared.total(self.evidence)

    @property
    def calibrated(self) -> float:
        """The weight as it came true: base-10 logarithm of the calibrated likelihood ratio."""
        slope, shift = CALIBRATION
        return slope * self.weight + shift


def beyond_names(known: Party, listed: Facts) -> tuple[Evidence, ...]:
    """Every field but the name."""
    return (
        compared.birth_date(known.birth_date, listed.births),
        compared.birth_state(known.state, listed.states),
        compared.sex(known.sex, listed.sex),
        compared.curp(known.curp, listed.curps),
        compared.rfc(known.rfc, listed.rfcs),
        compared.number("passport", known.passport, listed.passports),
    )


def weigh(
    known: Party, parsed: PersonName | CompanyName, name: ListedName, other: PersonName | CompanyName, listed: Facts,
    rarity: Rarity,
) -> Weighed:  # fmt: skip
    """Weigh one name of a customer against one name of an entry, with every other field."""
    others = beyond_names(known, listed) if known.is_person else _company_fields(known, listed)
    if isinstance(parsed, PersonName) and isinstance(other, PersonName):
        found = compare_persons(parsed, other)
        evidence = (compared.name(found, rarity), *others)
        score, limit = _score(found.value, found, evidence, (parsed, other))
        return Weighed(score, found.value, name, evidence, limit)
    assert isinstance(parsed, CompanyName)
    assert isinstance(other, CompanyName)
    value = compare_parsed(parsed, other, numbered=listed.entry.kind in {"vessel", "aircraft"})
    evidence = (_company_name(value), *others)
    score, limit = _score(value, None, evidence)
    return Weighed(score, value, name, evidence, limit)


def _score(
    similarity: float, found: Comparison | None, evidence: tuple[Evidence, ...], names: tuple[Any, ...] = ()
) -> tuple[float, Message | None]:
    """The names' similarity, moved by what the other fields say."""
    facts_ = {each.field: each for each in evidence}
    rest = compared.total(evidence[1:])
    same_number = any(
        facts_[each].verdict == "agrees" and facts_[each].bans > 0
        for each in ("curp", "rfc", "passport")
        if each in facts_
    )
    if same_number:
        return max(similarity, 0.95), None
    if any(facts_[each].verdict == "differs" for each in ("curp", "rfc") if each in facts_) and rest < _STRONG:
        return min(similarity, 0.5), _("a CURP or RFC that differs: another person")
    if rest >= _STRONG:
        lifted = similarity >= 0.5 and (found is None or found.verdict not in _TOO_LITTLE)
        return similarity + 0.3 * (1 - similarity) if lifted else similarity, None
    if rest <= _CONTRARY:
        return max(0.0, similarity - 0.35), _("the other facts speak against it")
    if found is not None and rest < _SOME and _is_thin(found, *names) and evidence[0].bans < ENOUGH_OF_A_NAME:
        why = _("part of the name is missing on one side, and the rest is common, turned round or spelt otherwise")
        return min(similarity, THRESHOLD - 0.01), why
    return similarity, None


def _is_thin(found: Comparison, one: PersonName, two: PersonName) -> bool:
    """Whether something is missing on a side and what is left is not two surnames in their order, spelt alike."""
    if not found.one_left and not found.two_left:
        return False
    meeting = [pair for pair in found.pairs if "given" not in {word.role for word in (*pair.one, *pair.two)}]
    places = sorted((one.words.index(pair.one[0]), two.words.index(pair.two[0])) for pair in meeting)
    turned = any(later[1] < earlier[1] for earlier, later in pairwise(places))
    unsure = any(pair.likeness.how in {"slip", "joined"} for pair in found.pairs)
    return len(meeting) < 2 or turned or unsure


def _company_fields(known: Party, listed: Facts) -> tuple[Evidence, ...]:
    return (compared.rfc(known.rfc, listed.rfcs),)


def _company_name(value: float) -> Evidence:
    if value >= 0.99:
        return Evidence("name", "agrees", 5.0, _("the same company name"))
    if value >= THRESHOLD:
        return Evidence("name", "close", 3.5, _("nearly the same company name"))
    return Evidence("name", "differs", -1.5, _("another company name"))
