"""Which records are one person: compared with splink, explained, reversible, doubtful ones to a person.

>>> import pyarrow as pa
>>> from convenio.entities.resolution import resolve
>>> rows = [
...     {"name": "María Elena Torres Salas", "birth_date": "1984-04-03"},
...     {"name": "TORRES SALAS, Ma. Elena", "birth_date": "1984-04-03"},
...     {"name": "Juan Peralta Zamudio", "birth_date": "1990-12-01"},
... ]
>>> found = resolve({"file": pa.Table.from_pylist(rows)})
>>> found.clusters.members
{('file', '1'): [('file', '1'), ('file', '2')]}
"""

from convenio.entities.resolution.clusters import Clusters, Doubt, clusters
from convenio.entities.resolution.filled import judgements
from convenio.entities.resolution.judgements import Judgement
from convenio.entities.resolution.linking import linked
from convenio.entities.resolution.reasons import reasons
from convenio.entities.resolution.resolved import Resolution, resolve
from convenio.entities.resolution.standard import standard
from convenio.entities.resolution.training import Model

__all__ = [
    "Clusters",
    "Doubt",
    "Judgement",
    "Model",
    "Resolution",
    "clusters",
    "judgements",
    "linked",
    "reasons",
    "resolve",
    "standard",
]
