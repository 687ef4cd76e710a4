"""From one engine to the other: every table, row by row, as of one moment; for backups and for a node that grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select, text

import convenio.stores.tables  # noqa: F401 - declares them
from convenio.core.errors import Conflict, ConvenioError
from convenio.core.words import _
from convenio.stores.base import Table
from convenio.stores.operational import Store

BATCH = 2_000
OWN = {"alembic_version"}


def copy_tables(source: Store, target: Store) -> dict[str, int]:
    """Copy everything from one database into another that is empty: all of it, or nothing.

    Both stand at the newest version of the tables. What the source has is read as of one moment, whoever writes
    meanwhile.

    Args:
        source: where it is read.
        target: where it is written; made where it does not exist yet.

    Returns:
        Rows by table.

    Raises:
        Conflict: the target holds rows already.
        ConvenioError: the source has a table that is not known here.
    """
    _known(source.engine)
    target.migrate()
    counted: dict[str, int] = {}
    with _one_moment(source.engine) as reading, target.engine.begin() as writing:
        there = set(inspect(reading).get_table_names())
        for table in Table.metadata.sorted_tables:
            if writing.scalar(select(func.count()).select_from(table)):
                raise Conflict(
                    _("the table {name} is not empty", name=table.name),
                    where=_named(target),
                    advice=_("name a database of its own for this node"),
                    kept=_("nothing was copied"),
                )
            if table.name not in there:
                continue
            counted[table.name] = 0
            for rows in _batches(reading, table):
                writing.execute(table.insert(), rows)
                counted[table.name] += len(rows)
            _count_on(writing, table)
    return counted


def _known(engine: Engine) -> None:
    strange = set(inspect(engine).get_table_names()) - OWN - set(Table.metadata.tables)
    if strange:
        raise ConvenioError(
            _("this database has tables that are not known here: {names}", names=", ".join(sorted(strange))),
            advice=_("install the program that made them, or keep other data in a database of its own"),
            kept=_("nothing was copied"),
        )


class _one_moment:  # noqa: N801 - reads as a phrase
    """A connection that sees the database as it is now until it is closed."""

    def __init__(self, engine: Engine) -> None:
        held = engine.execution_options(reading=True)
        if engine.dialect.name == "postgresql":
            held = engine.execution_options(isolation_level="REPEATABLE READ")
        self._engine = held

    def __enter__(self) -> Connection:
        self._connection = self._engine.connect()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()


def _batches(reading: Connection, table: Any) -> Iterator[list[Mapping[str, Any]]]:
    found = reading.execution_options(yield_per=BATCH).execute(select(table))
    for part in found.mappings().partitions():
        yield [dict(each) for each in part]


def _count_on(writing: Connection, table: Any) -> None:
    """Let PostgreSQL count on from the highest number that was copied."""
    column = table.autoincrement_column
    if writing.dialect.name != "postgresql" or column is None:
        return
    sequence = writing.scalar(
        text("select pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
    )
    highest = writing.scalar(select(func.max(column)))
    if sequence and highest is not None:
        writing.execute(text("select setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _named(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=True)
