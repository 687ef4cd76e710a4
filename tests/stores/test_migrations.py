"""The migrations make what the tables declare, on both engines, forwards and back."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import convenio.stores.tables
import convenio.work.tables
from convenio.stores.base import Table
from convenio.stores.operational import Store, _alembic


def differences(store: Store) -> list:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, Table.metadata)


def to(store: Store, revision: str, act=command.upgrade) -> None:
    with store.engine.begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        act(config, revision)


def test_every_table_is_made_as_it_is_declared(store):
    found = differences(store)
    assert found == [], found[:4]


@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004", "0005"])
def test_a_database_of_any_version_comes_up_to_this_one(address, version):
    made = Store(address)
    to(made, version)
    assert differences(made) != []
    made.migrate()
    assert differences(made) == []
    made.close()


def test_a_database_whose_pages_had_made_their_tables_comes_up_too(address):
    made = Store(address)
    to(made, "0003")
    Table.metadata.create_all(made.engine, tables=[each.__table__ for each in convenio.work.tables.OURS])
    made.migrate()
    assert differences(made) == []
    made.close()


def test_they_go_back_to_nothing(store):
    to(store, "base", command.downgrade)
    assert set(inspect(store.engine).get_table_names()) == {"alembic_version"}
