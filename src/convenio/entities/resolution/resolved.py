"""Files of people in, clusters with reasons out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from convenio.core.words import Language
from convenio.entities.resolution.clusters import DOUBTFUL, SAME, Clusters, clusters
from convenio.entities.resolution.judgements import Judgement
from convenio.entities.resolution.linking import PAIRS, linked
from convenio.entities.resolution.reasons import reasons
from convenio.entities.resolution.standard import standard
from convenio.entities.resolution.training import Model

RECORDS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("person", pa.string(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("reasons", pa.string(), nullable=False),
    ]
)
DOUBTS = pa.schema(
    [
        pa.field("left_source", pa.string(), nullable=False),
        pa.field("left_id", pa.string(), nullable=False),
        pa.field("right_source", pa.string(), nullable=False),
        pa.field("right_id", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("why", pa.string(), nullable=False),
        pa.field("reasons", pa.string(), nullable=False),
        pa.field("verdict", pa.string()),
        pa.field("by", pa.string()),
        pa.field("reason", pa.string()),
    ]
)
"""The last three columns are empty, for a person to fill in (`filled.judgements` reads them)."""


@dataclass(frozen=True)
class Resolution:
    """What resolution found.

    Args:
        keys: every record, as source and identifier, in the order of the files.
        pairs: pairs that may be one person, by `linking.PAIRS`.
        clusters: who is who, by the pairs and the judgements.
        models: the model of each comparison of two sources, or of one with itself.
        settings: thresholds and sources without repeats, for `judged`.
    """

    keys: tuple[tuple[str, str], ...]
    pairs: pa.Table
    clusters: Clusters
    models: Mapping[tuple[str, str], Model]
    settings: Mapping[str, object]

    def judged(self, judgements: Iterable[Judgement]) -> Resolution:
        """The same with people's judgements applied; those left out again are undone."""
        made = clusters(self.pairs, judgements, **self.settings)  # type: ignore[arg-type]
        return Resolution(self.keys, self.pairs, made, self.models, self.settings)

    def records(self, language: Language = "en") -> pa.Table:
        """Every record with the person it belongs to, by `RECORDS`, in the order of the files.

        `person` is the source and identifier of the cluster's first record; `reasons` are those of the strongest
        pair that holds the record in its cluster.
        """
        told: dict[tuple[str, str], int] = {}
        for links in self.clusters.links.values():
            for at in sorted(links, reverse=True):
                told.update(dict.fromkeys(self._ends(at), at))
        said = {at: self._said(at, language) for at in set(told.values())}
        sizes = {name: len(records) for name, records in self.clusters.members.items()}
        rows = []
        for key in self.keys:
            name = self.clusters.of(key)
            why = said.get(told[key], "") if key in told else ""
            rows.append((*key, ":".join(name), sizes.get(name, 1), why))
        return _table(rows, RECORDS)

    def doubts(self, language: Language = "en") -> pa.Table:
        """The pairs for a person to decide, the likeliest first, by `DOUBTS`."""
        rows = [
            (
                *each.left,
                *each.right,
                each.probability,
                each.why.in_language(language),
                "" if each.at is None else self._said(each.at, language),
                *(None, None, None),
            )
            for each in self.clusters.doubts
        ]
        return _table(rows, DOUBTS)

    def _ends(self, at: int) -> tuple[tuple[str, str], tuple[str, str]]:
        row = self.pairs.slice(at, 1).to_pylist()[0]
        return (row["left_source"], row["left_id"]), (row["right_source"], row["right_id"])

    def _said(self, at: int, language: Language) -> str:
        return "; ".join(each.in_language(language) for each in reasons(self.pairs.slice(at, 1).to_pylist()[0]))


def resolve(
    tables: Mapping[str, pa.Table],
    *,
    judgements: Iterable[Judgement] = (),
    same: float = SAME,
    doubtful: float = DOUBTFUL,
    one_each: Sequence[str] = (),
    model: Model | None = None,
) -> Resolution:
    """Tell who is who in one file or several.

    Args:
        tables: records by the name of their source; columns of `PersonRow`.
        judgements: what people decided earlier.
        same: probability from which records are joined.
        doubtful: probability from which a pair goes to a person.
        one_each: sources in which nobody stands twice; they are not compared with themselves.
        model: a model to use for every comparison instead of training one.

    Raises:
        InputError: a file without usable columns, or with a record identifier twice.
        NotInstalled: splink is not installed.
    """
    ready = {source: standard(table, source) for source, table in tables.items()}
    work = [(source, source) for source in ready if source not in one_each]
    work += list(itertools.combinations(ready, 2))
    found, models = [], {}
    for left, right in work:
        pairs, models[left, right] = linked(ready[left], None if left == right else ready[right], model=model)
        found.append(pairs)
    every = pa.concat_tables(found) if found else PAIRS.empty_table()
    every = every.sort_by([("weight", "descending"), ("left_id", "ascending"), ("right_id", "ascending")])
    settings = {"same": same, "doubtful": doubtful, "one_each": tuple(one_each)}
    keys = tuple((source, each) for source, table in ready.items() for each in table["unique_id"].to_pylist())
    made = clusters(every, judgements, same=same, doubtful=doubtful, one_each=one_each)
    return Resolution(keys, every, made, models, settings)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
