"""Clusters of records of one person, built from pairs and judgements alone: taking a judgement back undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from convenio.core.words import Message, _
from convenio.entities.resolution.judgements import Judgement, Key, standing

SAME, DOUBTFUL = 0.95, 0.05
"""At or above `SAME` pairs are joined; from `DOUBTFUL` up to there they go to a person."""


@dataclass(frozen=True)
class Doubt:
    """A pair for a person to decide.

    Args:
        left: one record.
        right: the other.
        probability: that both are one person.
        why: why it was not decided.
        at: row of the pair in the pairs table; None for a pair that was only judged.
    """

    left: Key
    right: Key
    probability: float
    why: Message
    at: int | None = None


@dataclass
class Clusters:
    """Which records are one person.

    Args:
        members: records by cluster, each cluster named by its smallest record; records alone are left out.
        links: rows of the pairs table that joined each cluster.
        doubts: pairs for a person, the likeliest first.
    """

    members: dict[Key, list[Key]] = field(default_factory=dict)
    links: dict[Key, list[int]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def of(self, record: Key) -> Key:
        """The name of the cluster that a record belongs to: its own when it stands alone."""
        return self._by_record.get(record, record)

    def __post_init__(self) -> None:
        self._by_record = {record: name for name, records in self.members.items() for record in records}


def clusters(
    pairs: pa.Table,
    judgements: Iterable[Judgement] = (),
    *,
    same: float = SAME,
    doubtful: float = DOUBTFUL,
    one_each: Sequence[str] = (),
) -> Clusters:
    """Join pairs, the likeliest first, as far as nothing speaks against it.

    A join is not made, and goes to a person, where it would put two records into one cluster that were judged
    different, that have different CURPs, or that both come from a source without repeats. Nor where a CURP or RFC is
    the same while two of given name, first surname and birth date differ; nor where a surname differs while no
    identifier, telephone or address agrees.

    Args:
        pairs: by `linking.PAIRS`.
        judgements: what people decided; `same` joins first, whatever the probability.
        same: probability from which pairs are joined.
        doubtful: probability from which they go to a person.
        one_each: sources in which nobody stands twice.
    """
    judged = standing(judgements)
    join = _Join(
        apart={pair for pair, each in judged.items() if each.verdict == "different"}, one_each=frozenset(one_each)
    )
    columns = [pairs.column(name).to_pylist() for name in ("left_source", "left_id", "right_source", "right_id")]
    chances = pairs.column("probability").to_pylist()
    curps = pairs.column("level_curp").to_pylist()
    against = _against(pairs)
    ends = [_ordered((a, b), (c, d)) for a, b, c, d in zip(*columns, strict=True)]
    join.apart_by_curp = {pair for pair, level in zip(ends, curps, strict=True) if level == "different"}
    where = {pair: at for at, pair in enumerate(ends)}
    doubts = [
        Doubt(*pair, 1.0, no, where.get(pair))
        for pair, each in judged.items()
        if each.verdict == "same" and (no := join.add(*pair, where.get(pair))) is not None
    ]
    for at in sorted(range(len(ends)), key=lambda row: (-chances[row], ends[row])):
        pair = ends[at]
        if chances[at] < doubtful or pair in judged:
            continue
        if chances[at] < same:
            why: Message | None = _("the evidence is not enough either way")
        elif against[at] is not None:
            why = against[at]
        else:
            why = join.add(*pair, at)
        if why is not None and join.root(pair[0]) != join.root(pair[1]):
            doubts.append(Doubt(*pair, chances[at], why, at))
    doubts = [each for each in doubts if join.root(each.left) != join.root(each.right)]
    return join.result(sorted(doubts, key=lambda each: (-each.probability, each.left, each.right)))


_SURE = ("curp", "rfc", "passport", "phone", "address")
_TOLD = ("given", "paterno", "materno", "birth_date")


def _against(pairs: pa.Table) -> list[Message | None]:
    """What in each pair alone forbids to join it without a person, however likely it is."""
    levels = {name: pairs.column(f"level_{name}").to_pylist() for name in (*_SURE, *_TOLD)}
    return [_why_not(dict(zip(levels, each, strict=True))) for each in zip(*levels.values(), strict=True)]


def _why_not(level: dict[str, str | None]) -> Message | None:
    differ = {name for name in _TOLD if level[name] in ("different", "same year")}
    if "equal" in (level["curp"], level["rfc"]):
        if len(differ - {"materno"}) > 1:
            return _("the CURP or RFC is the same, but name and birth date speak against it")
        return None
    if differ & {"paterno", "materno"} and not any(level[name] == "equal" for name in _SURE):
        return _("a surname differs, and nothing but name and birth date agrees")
    return None


class _Join:
    """Disjoint sets that know what may not stand together."""

    def __init__(self, *, apart: set[tuple[Key, Key]], one_each: frozenset[str]) -> None:
        self.apart = apart
        self.apart_by_curp: set[tuple[Key, Key]] = set()
        self.one_each = one_each
        self.above: dict[Key, Key] = {}
        self.held: dict[Key, list[Key]] = {}
        self.links: dict[Key, list[int]] = {}

    def root(self, record: Key) -> Key:
        while (upper := self.above.get(record, record)) != record:
            self.above[record] = self.above.get(upper, upper)
            record = upper
        return record

    def add(self, left: Key, right: Key, at: int | None) -> Message | None:
        """Join two records' clusters; what speaks against it when it was not done."""
        one, other = self.root(left), self.root(right)
        if one != other:
            against = self._against(self.held.get(one, [one]), self.held.get(other, [other]))
            if against is not None:
                return against
            first, second = min(one, other), max(one, other)
            self.held[first] = self.held.pop(first, [first]) + self.held.pop(second, [second])
            self.links[first] = self.links.pop(first, []) + self.links.pop(second, [])
            self.above[second] = first
        if at is not None:
            self.links.setdefault(self.root(left), []).append(at)
        return None

    def _against(self, left: list[Key], right: list[Key]) -> Message | None:
        sources = {source for source, _id in left} & {source for source, _id in right} & self.one_each
        if sources:
            return _("{source} names nobody twice", source=min(sources))
        pairs = {_ordered(one, other) for one in left for other in right}
        if pairs & self.apart:
            return _("a person judged two of these records different")
        if pairs & self.apart_by_curp:
            return _("two of these records have different CURPs")
        return None

    def result(self, doubts: list[Doubt]) -> Clusters:
        members = {name: sorted(records) for name, records in sorted(self.held.items()) if len(records) > 1}
        return Clusters(members, {name: self.links.get(name, []) for name in members}, doubts)


def _ordered(one: Key, other: Key) -> tuple[Key, Key]:
    return (one, other) if one < other else (other, one)
